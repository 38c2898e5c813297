import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { scenario, type Scenario } from '../support/scenario.js';
import { testStorage } from '../support/test-storage.js';

const MODEL = processBuilder('P')
  .root('message', 'M')
  .startEvent('S')
  .node('intermediateCatchEvent', 'C', {}, definitions.message('M'))
  .userTask('A')
  .endEvent('E');

const publish = (engine: Scenario, payload: unknown, timeToLive = 60_000) =>
  engine.engine.managementApi.publishMessage(engine.identity, { name: 'M', payload, timeToLive });
const start = (engine: Scenario) => engine.engine.consumerApi.startProcessInstance(engine.identity, 'P');

/** Lets the storage take some turns longer for every call, so that commits overlap. */
async function overlapping(turns: number) {
  const storage = testStorage();
  const commit = storage.commit.bind(storage);
  storage.commit = async (changes) => {
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    await commit(changes);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  };
  return scenario([MODEL], { storage });
}

describe('Publishing while somebody begins to wait', () => {
  for (let delay = 0; delay < 24; delay += 3) {
    for (const publishFirst of [true, false]) {
      it(`loses and doubles nothing (${publishFirst ? 'the message' : 'the start'} ${delay} turns earlier)`, async () => {
        const engine = await overlapping(4);
        const first = publishFirst ? publish(engine, { m: 1 }) : start(engine);
        for (let turn = 0; turn < delay; turn += 1) await Promise.resolve();
        const second = publishFirst ? start(engine) : publish(engine, { m: 1 });
        await Promise.all([first, second]);
        await engine.engine.idle();
        const [processInstanceId] = await engine.instancesOf('P');
        expect(await engine.waiting(processInstanceId!)).to.deep.equal(['A']);
        expect(await engine.storage.findMessages({ tenantId: '', now: engine.clock.now() })).to.deep.equal([]);
      });
    }
  }

  it('many of both find each other, each exactly once', async () => {
    const engine = await overlapping(3);
    const work: Promise<unknown>[] = [];
    for (let i = 0; i < 20; i += 1) {
      work.push(publish(engine, { m: i }), start(engine));
      for (let turn = 0; turn < i % 7; turn += 1) await Promise.resolve();
    }
    await Promise.all(work);
    await engine.engine.idle();
    const payloads = (await engine.tasks()).map(({ tokenPayload }) => (tokenPayload as { m: number }).m);
    expect(payloads.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 20 }, (_, i) => i));
    expect(await engine.storage.findMessages({ tenantId: '', now: engine.clock.now() })).to.deep.equal([]);
  });

  it('many messages without time to live each reach another one who waits', async () => {
    const engine = await overlapping(2);
    for (let i = 0; i < 10; i += 1) await start(engine);
    const deliveries = await Promise.all(Array.from({ length: 12 }, (_, m) => publish(engine, { m }, 0)));
    const receivers = deliveries.flatMap(({ deliveredTo }) =>
      deliveredTo.map(({ processInstanceId }) => processInstanceId),
    );
    expect(new Set(receivers).size).to.equal(10);
    expect(receivers).to.have.length(10);
  });
});
