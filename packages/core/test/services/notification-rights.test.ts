import { expect } from 'chai';
import { CLAIMS, ForbiddenError, type IIAMService, type NotificationPayload } from '@process-engine/contracts';
import { processBuilder } from '../../dist/testing/index.js';
import { StaticClaims } from '../support/claims.js';
import { errorOf, identity, scenario } from '../support/scenario.js';

const lane = (name: string, nodes: readonly string[]) =>
  `<bpmn:lane id="lane-${name}" name="${name}">${nodes.map((id) => `<bpmn:flowNodeRef>${id}</bpmn:flowNodeRef>`).join('')}</bpmn:lane>`;

/** Begins in `front`, ends in `back`. */
const MODEL = processBuilder('P')
  .xml(`<bpmn:laneSet id="set">${lane('front', ['S', 'A'])}${lane('back', ['B', 'E'])}</bpmn:laneSet>`)
  .startEvent('S')
  .userTask('A')
  .userTask('B')
  .endEvent('E');

const SUBSCRIBE = CLAIMS.subscribeToEvents;
const CLAIMS_OF_USERS = {
  tester: [CLAIMS.superAdmin],
  owner: [CLAIMS.readProcessModel, SUBSCRIBE, 'front'],
  front: [SUBSCRIBE, 'front'],
  back: [SUBSCRIBE, 'back'],
  nobody: [SUBSCRIBE],
  stranger: [],
};

async function listening(users: readonly string[], iamService: IIAMService = new StaticClaims(CLAIMS_OF_USERS)) {
  const engine = await scenario([MODEL], { iamService });
  const heard: Record<string, [string, NotificationPayload][]> = {};
  for (const user of users) {
    const mine: [string, NotificationPayload][] = (heard[user] = []);
    await engine.engine.notificationApi.subscribe(
      identity(user),
      '*',
      (payload, name) => void mine.push([name, payload]),
    );
  }
  const start = () => engine.engine.consumerApi.startProcessInstance(identity('owner'), 'P', { inputValues: { a: 1 } });
  return { engine, heard, start, names: (user: string) => heard[user]!.map(([name]) => name) };
}

/** Rights are asked for asynchronously. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('The rights of subscribers', () => {
  it('to subscribe at all are a claim', async () => {
    const { engine } = await listening([]);
    const call = engine.engine.notificationApi.subscribe(identity('stranger'), 'process_ended', () => {});
    expect(await errorOf(call)).to.be.instanceOf(ForbiddenError);
  });

  it('decide by the lane in which something happens', async () => {
    const { engine, start, names } = await listening(['tester', 'front', 'back', 'nobody']);
    await start();
    await engine.finish('A');
    await engine.finish('B');
    await settled();

    const [front, back] = [names('front'), names('back')];
    for (const name of ['process_started', 'user_task_waiting', 'user_task_finished']) expect(front).to.include(name);
    expect(front).not.to.include('process_ended');
    expect(back).to.deep.equal([
      ...['user_task_waiting', 'activity_changed', 'user_task_finished', 'activity_changed'],
      ...['end_event_reached', 'bpmn_event', 'process_ended', 'system_event'],
    ]);
    expect(names('nobody')).to.deep.equal([]);
    // The owner's names come besides, to nobody here.
    expect(names('tester').length).to.equal(front.length + back.length);
  });

  it('tell the owner of the end in any case, without the token', async () => {
    const { engine, start, heard } = await listening(['owner']);
    const { processInstanceId, correlationId } = await start();
    await engine.finish('A');
    await engine.finish('B', { secret: 1 });
    await settled();

    const ended = heard['owner']!.find(([name]) => name === 'process_ended')![1];
    expect(ended).to.deep.equal({ correlationId, processModelId: 'P', processInstanceId });
    expect(JSON.stringify(heard)).not.to.contain('secret');
  });

  it('of an end that no event brought about are those of the start event', async () => {
    const { engine, start, names } = await listening(['front', 'back']);
    const { processInstanceId } = await start();
    await engine.engine.managementApi.terminateProcessInstance(engine.identity, processInstanceId!);
    await settled();

    expect(names('front')).to.include('process_terminated');
    expect(names('back')).not.to.include('process_terminated');
  });

  it('that take their time do not change the order, and hold nobody up', async () => {
    const table = new StaticClaims(CLAIMS_OF_USERS);
    let answer: () => void = () => {};
    const first = new Promise<void>((resolve) => (answer = resolve));
    let asked = 0;
    const { engine, start, names } = await listening(['front', 'back'], {
      ensureHasClaim: async (user, claim) => {
        // The very first question about a lane is answered last.
        if (user.userId === 'front' && claim === 'front' && (asked += 1) === 1) await first;
        await table.ensureHasClaim(user, claim);
      },
    });
    await start();
    await engine.finish('A');
    await settled();
    expect(names('front')).to.deep.equal([]);
    expect(names('back')).to.include('user_task_waiting');
    answer();
    await settled();

    const kinds = names('front').filter((name) => !/event|changed|\//.test(name));
    expect(kinds).to.deep.equal(['process_started', 'user_task_waiting', 'user_task_finished']);
  });

  it('that are never answered are not waited for without bound: the subscriber is dropped', async () => {
    const table = new StaticClaims(CLAIMS_OF_USERS);
    const silent: IIAMService = {
      ensureHasClaim: (user, claim) =>
        user.userId === 'front' && claim === 'front' ? new Promise(() => {}) : table.ensureHasClaim(user, claim),
    };
    const { engine, heard } = await listening(['front', 'tester'], silent);
    const bulk = processBuilder('Bulk')
      .xml(`<bpmn:laneSet id="set">${lane('front', ['S', 'T', 'E'])}</bpmn:laneSet>`)
      .startEvent('S')
      .node(
        'manualTask',
        'T',
        {},
        '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>400</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>',
      )
      .endEvent('E');
    await engine.deploy(bulk);
    for (let round = 0; round < 26; round += 1) await engine.start('Bulk');
    await settled();

    expect(heard['front']).to.deep.equal([]);
    expect(heard['tester']!.length).to.be.greaterThan(10_000);
    expect(engine.log.some(({ message }) => /subscriber .* is dropped/.test(message))).to.equal(true);
  }).timeout(20_000);
});
