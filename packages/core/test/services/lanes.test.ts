import { expect } from 'chai';
import { CLAIMS } from '@process-engine/contracts';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { StaticClaims } from '../support/claims.js';
import { errorOf, identity, scenario } from '../support/scenario.js';

const lane = (name: string, nodes: readonly string[], inner = '') =>
  `<bpmn:lane id="lane-${name}" name="${name}">${nodes.map((id) => `<bpmn:flowNodeRef>${id}</bpmn:flowNodeRef>`).join('')}${inner}</bpmn:lane>`;

/** `front` starts it and has a task, `back` has one too; `boss` (inside `back`) has another way in and out. */
const MODEL = processBuilder('P')
  .root('message', 'M')
  .xml(
    `<bpmn:laneSet id="set">${lane('front', ['S', 'A', 'E'])}${lane(
      'back',
      [],
      `<bpmn:childLaneSet id="inner">${lane('desk', ['B', 'C'])}${lane('boss', ['S2', 'E2'])}</bpmn:childLaneSet>`,
    )}</bpmn:laneSet>`,
  )
  .startEvent('S')
  .userTask('A')
  .userTask('B')
  .node('intermediateCatchEvent', 'C', {}, definitions.message('M'))
  .endEvent('E')
  .startEvent('S2')
  .endEvent('E2');

const READ = CLAIMS.readProcessModel;
const iamService = () =>
  new StaticClaims({
    tester: [CLAIMS.superAdmin],
    front: [READ, 'front'],
    desk: [READ, 'back', 'desk'],
    onlyDesk: [READ, 'desk'],
    boss: [READ, 'back', 'boss'],
    reader: [READ],
    all: [READ, 'front', 'back', 'desk', 'boss'],
  });

async function running() {
  const engine = await scenario([MODEL], { iamService: iamService() });
  const { consumerApi } = engine.engine;
  const { processInstanceId, correlationId } = await consumerApi.startProcessInstance(identity('front'), 'P', {
    correlationId: 'c',
  });
  await engine.engine.idle();
  return { engine, consumerApi, processInstanceId: processInstanceId!, correlationId };
}

describe('Lanes', () => {
  it('hide the start and end events of a model', async () => {
    const { consumerApi } = await running();
    const shown = async (user: string) => {
      const { startEvents, endEvents } = await consumerApi.getProcessModelById(identity(user), 'P');
      return [...startEvents, ...endEvents].map(({ id }) => id);
    };
    expect(await shown('front')).to.deep.equal(['S', 'E']);
    expect(await shown('boss')).to.deep.equal(['S2', 'E2']);
    expect(await shown('all')).to.deep.equal(['S', 'S2', 'E', 'E2']);
    expect(await shown('tester')).to.deep.equal(['S', 'S2', 'E', 'E2']);
  });

  it('that hide all start events hide the model', async () => {
    const { consumerApi, processInstanceId } = await running();
    const reader = identity('reader');
    expect((await consumerApi.getProcessModels(reader)).totalCount).to.equal(0);
    expect((await consumerApi.getProcessModels(identity('front'))).totalCount).to.equal(1);
    for (const call of [
      consumerApi.getProcessModelById(reader, 'P'),
      consumerApi.getProcessModelByProcessInstanceId(reader, processInstanceId),
      consumerApi.startProcessInstance(reader, 'P'),
    ]) {
      const error = await errorOf(call);
      expect(error.code).to.equal(403);
      expect(error.message).to.match(/access denied/i);
    }
  });

  it('hide a start or end event that is named', async () => {
    const { consumerApi } = await running();
    const start = await errorOf(consumerApi.startProcessInstance(identity('front'), 'P', {}, 1, 'S2'));
    expect(start.code).to.equal(404);
    expect(start.message).to.match(/startevent.*not found/i);
    const end = await errorOf(consumerApi.startProcessInstance(identity('front'), 'P', {}, 3, 'S', 'E2'));
    expect(end.code).to.equal(404);
    expect(end.message).to.match(/not found/i);
  });

  it('leave one start event: it need not be named', async () => {
    const { consumerApi, engine } = await running();
    const { processInstanceId } = await consumerApi.startProcessInstance(identity('boss'), 'P');
    expect(await engine.path(processInstanceId!)).to.deep.equal(['S2', 'E2']);
  });

  it('hide tasks from lists, which are empty then, and never refused', async () => {
    const { consumerApi, engine } = await running();
    await engine.engine.consumerApi.startProcessInstance(identity('front'), 'P', { correlationId: 'c' });
    const count = async (user: string) =>
      (await consumerApi.getUserTasksForCorrelation(identity(user), 'c')).totalCount;
    expect(await count('front')).to.equal(2);
    expect(await count('desk')).to.equal(0);
    expect(await count('tester')).to.equal(2);
    await engine.finish('A');
    expect(await count('front')).to.equal(1);
    expect(await count('desk')).to.equal(1);
    expect(await count('onlyDesk')).to.equal(0);
    expect(await count('all')).to.equal(2);
    expect((await consumerApi.getWaitingUserTasksByIdentity(identity('front'))).totalCount).to.equal(1);
  });

  it('keep tasks from being finished', async () => {
    const { consumerApi, engine, processInstanceId } = await running();
    const [task] = await engine.tasks();
    const finish = (user: string) =>
      consumerApi.finishUserTask(identity(user), processInstanceId, 'c', task!.flowNodeInstanceId);
    const error = await errorOf(finish('desk'));
    expect(error.code).to.equal(403);
    expect(error.message).to.match(/access.*denied/i);
    await finish('front');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('hide waiting events', async () => {
    const { consumerApi, engine } = await running();
    await engine.finish('A');
    await engine.finish('B');
    expect((await consumerApi.getEventsForProcessModel(identity('desk'), 'P')).totalCount).to.equal(1);
    expect((await consumerApi.getEventsForProcessModel(identity('front'), 'P')).events).to.deep.equal([]);
  });

  it('hide results: those of hidden end events are left out, without any start event all are refused', async () => {
    const { consumerApi } = await running();
    await consumerApi.startProcessInstance(identity('boss'), 'P', { correlationId: 'c', inputValues: { secret: 1 } });
    const results = (user: string) => consumerApi.getProcessResultForCorrelation(identity(user), 'c', 'P');
    expect(await results('boss')).to.deep.equal({
      correlationResults: [{ correlationId: 'c', endEventId: 'E2', tokenPayload: { secret: 1 } }],
      totalCount: 1,
    });
    expect(await results('front')).to.deep.equal({ correlationResults: [], totalCount: 0 });
    const error = await errorOf(results('reader'));
    expect(error.code).to.equal(403);
    expect(error.message).to.match(/access denied/i);
  });

  it('hide the result of a waiting start: the end is told, the payload is not', async () => {
    const model = processBuilder('Q')
      .xml(`<bpmn:laneSet id="qset">${lane('front', ['QS'])}${lane('back', ['QE'])}</bpmn:laneSet>`)
      .startEvent('QS')
      .endEvent('QE');
    const engine = await scenario([model], { iamService: iamService() });
    const start = (user: string) =>
      engine.engine.consumerApi.startProcessInstance(identity(user), 'Q', { inputValues: { secret: 1 } }, 2);
    const answer = await start('front');
    expect(answer.endEventId).to.equal('QE');
    expect(answer).not.to.have.property('tokenPayload');
    expect((await start('all')).tokenPayload).to.deep.equal({ secret: 1 });
  });

  it('hold for the operations of the first documents, too', async () => {
    const { engine, consumerApi } = await running();
    const finish = (user: string, id: string) => consumerApi.finishUserTaskInCorrelation(identity(user), 'P', 'c', id);
    expect((await errorOf(finish('desk', 'A'))).code).to.equal(403);
    await finish('front', 'A');
    await finish('desk', 'B');
    const trigger = (user: string) => consumerApi.triggerEvent(identity(user), 'P', 'c', 'C');
    expect((await errorOf(trigger('desk'))).code).to.equal(403);
    await trigger('tester');
    await engine.engine.idle();

    const result = (user: string) => consumerApi.getProcessResult(identity(user), 'c', 'P');
    expect(await result('front')).to.deep.equal({});
    const error = await errorOf(result('boss'));
    expect([error.code, error.message]).to.deep.equal([
      403,
      "Access denied: the results of ProcessModel 'P' in Correlation 'c' lie in lanes you have no claim for",
    ]);
  });
});
