import { expect } from 'chai';
import type { PublishMessageRequest } from '@process-engine/contracts';
import { definitions, processBuilder } from '../../dist/testing/index.js';
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
