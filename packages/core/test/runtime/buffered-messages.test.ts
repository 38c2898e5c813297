import { expect } from 'chai';
import type { PublishMessageRequest } from '@process-engine/contracts';
import type { MessageRecord } from '@process-engine/contracts/storage';
import { MemoryStorage } from '../../dist/storage/memory-storage.js';
import { definitions, ManualClock, processBuilder } from '../../dist/testing/index.js';
import { sharedStorage } from '../support/faulty-storage.js';
import { scenario, type Scenario } from '../support/scenario.js';

const MODEL = processBuilder('P')
  .root('message', 'M')
  .startEvent('S')
  .node('intermediateCatchEvent', 'C', {}, definitions.message('M'))
  .userTask('A')
  .endEvent('E');

async function publish(engine: Scenario, more: Partial<PublishMessageRequest> = {}) {
  const delivery = await engine.engine.managementApi.publishMessage(engine.identity, { name: 'M', ...more });
  await engine.engine.idle();
  return delivery;
}

describe('A message with a time to live', () => {
  it('is kept for whoever waits later', async () => {
    const engine = await scenario([MODEL]);
    expect(await publish(engine, { timeToLive: 60_000, payload: { m: 1 } })).to.deep.equal({ deliveredTo: [] });
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    expect(await engine.payloadAt('A')).to.deep.equal({ m: 1 });
  });

  it('goes at once to whoever waits already, and is not kept then', async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId } = await engine.start('P');
    expect((await publish(engine, { timeToLive: 60_000 })).deliveredTo).to.deep.equal([
      { processInstanceId, flowNodeId: 'C' },
    ]);
    expect(await engine.storage.findMessages({ tenantId: '', now: engine.clock.now() })).to.deep.equal([]);
  });

  it('is for one receiver only', async () => {
    const engine = await scenario([MODEL]);
    await publish(engine, { timeToLive: 60_000 });
    const first = await engine.start('P');
    const second = await engine.start('P');
    expect(await engine.waiting(first.processInstanceId)).to.deep.equal(['A']);
    expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['C']);
  });

  it('is gone when its time is over', async () => {
    const engine = await scenario([MODEL]);
    await publish(engine, { timeToLive: 60_000 });
    await engine.advance(60_001);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
  });

  it('several are taken in the order they were published', async () => {
    const engine = await scenario([MODEL]);
    for (const m of [1, 2, 3]) await publish(engine, { timeToLive: 60_000, payload: { m } });
    for (const m of [1, 2, 3]) {
      await engine.start('P');
      expect(await engine.payloadAt('A')).to.deep.equal({ m });
      await engine.finish('A');
    }
  });

  it('of the same message id is the same message', async () => {
    const engine = await scenario([MODEL]);
    await publish(engine, { timeToLive: 60_000, messageId: 'one', payload: { m: 1 } });
    await publish(engine, { timeToLive: 60_000, messageId: 'one', payload: { m: 2 } });
    await publish(engine, { timeToLive: 60_000, messageId: 'two', payload: { m: 3 } });
    expect(await engine.storage.findMessages({ tenantId: '', now: engine.clock.now() })).to.have.length(2);
  });

  it('for one instance, or with a business key, waits for just those', async () => {
    const engine = await scenario([MODEL]);
    await publish(engine, { timeToLive: 60_000, businessKey: 'b' });
    const other = await engine.start('P');
    expect(await engine.waiting(other.processInstanceId)).to.deep.equal(['C']);
    const right = await engine.call('P', {}, { type: 1, businessKey: 'b' });
    expect(await engine.waiting(right.processInstanceId!)).to.deep.equal(['A']);
  });

  it('is taken by a boundary event, too; one that does not interrupt takes all that are kept', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .userTask('A')
      .endEvent('E')
      .boundaryEvent('B', 'A', definitions.message('M'), { cancelActivity: false })
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([model]);
    for (const m of [1, 2]) await publish(engine, { timeToLive: 60_000, payload: { m } });
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
  });

  it('starts an instance at once where a start event matches', async () => {
    const model = processBuilder('Q')
      .root('message', 'M')
      .startEvent('QS', definitions.message('M'))
      .userTask('QA')
      .endEvent('QE');
    const engine = await scenario([model]);
    await publish(engine, { timeToLive: 60_000, payload: { m: 1 } });
    expect(await engine.payloadAt('QA')).to.deep.equal({ m: 1 });
    expect(await engine.storage.findMessages({ tenantId: '', now: engine.clock.now() })).to.deep.equal([]);
  });
});

describe('A message with an id', () => {
  const START = processBuilder('Q')
    .root('message', 'M')
    .startEvent('QS', definitions.message('M'))
    .userTask('QA')
    .endEvent('QE');

  it('is delivered once, kept or not, however often it is published', async () => {
    for (const timeToLive of [undefined, 60_000]) {
      const engine = await scenario([MODEL]);
      const more = { messageId: 'one', ...(timeToLive === undefined ? {} : { timeToLive }) };
      const first = await engine.start('P');
      const second = await engine.start('P');
      expect((await publish(engine, more)).deliveredTo).to.have.length(1);
      expect((await publish(engine, more)).deliveredTo).to.deep.equal([]);
      expect(await engine.waiting(first.processInstanceId)).to.deep.equal(['A']);
      expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['C']);
      expect(engine.engine.statistics.repeatedMessages).to.equal(1);
      expect((await publish(engine, { ...more, messageId: 'two' })).deliveredTo).to.have.length(1);
    }
  });

  it('is delivered once when it is published many times at the same moment', async () => {
    for (const timeToLive of [0, 60_000]) {
      const engine = await scenario([MODEL, START]);
      for (let count = 0; count < 5; count += 1) await engine.start('P');
      const deliveries = await Promise.all(
        Array.from({ length: 5 }, () => publish(engine, { messageId: 'one', timeToLive })),
      );
      expect(deliveries.flatMap(({ deliveredTo }) => deliveredTo)).to.have.length(1);
      expect((await engine.tasks()).map(({ id }) => id)).to.deep.equal(['A']);
    }
  });

  it('starts one instance, however often it is published', async () => {
    const engine = await scenario([START]);
    await Promise.all([1, 2, 3].map(() => publish(engine, { messageId: 'one' })));
    await publish(engine, { messageId: 'one' });
    expect(await engine.instancesOf('Q')).to.have.length(1);
  });

  it('that nobody took may be published again, unless it is kept', async () => {
    const engine = await scenario([MODEL]);
    await publish(engine, { messageId: 'one' });
    const { processInstanceId } = await engine.start('P');
    expect((await publish(engine, { messageId: 'one' })).deliveredTo).to.deep.equal([
      { processInstanceId, flowNodeId: 'C' },
    ]);
  });
});

describe('A kept message whose publisher, or whose receiver, died before it looked', () => {
  it('is delivered by any node that is alive, within some looks for work', async () => {
    const storage = sharedStorage(new MemoryStorage());
    const clock = new ManualClock();
    const engine = await scenario([MODEL], { storage, clock, nodeId: 'alive', pollInterval: 5_000 });
    const { processInstanceId } = await engine.start('P');
    // More than one look takes on, none of which fits.
    for (let count = 0; count < 250; count += 1)
      await storage.commit({ messages: { insert: [kept(`other-${count}`)] } });
    await storage.commit({ messages: { insert: [kept('M')] } });
    await engine.advance(15_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    expect(await storage.findMessages({ name: 'M', now: 0 })).to.deep.equal([]);
  });

  let count = 0;
  function kept(name: string): MessageRecord {
    count += 1;
    return {
      id: `0000-${String(count).padStart(6, '0')}`,
      tenantId: '',
      name,
      keyHash: '',
      correlationKeys: null,
      businessKey: null,
      processInstanceId: null,
      messageId: null,
      payload: {},
      expiresAt: Date.UTC(2040, 0, 1),
      createdAt: Date.UTC(2030, 0, 1),
    };
  }
});
