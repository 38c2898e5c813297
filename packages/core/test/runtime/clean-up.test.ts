import { expect } from 'chai';
import { MemoryStorage } from '../../dist/storage/memory-storage.js';
import { ManualClock, processBuilder } from '../../dist/testing/index.js';
import type { EngineOptions } from '../../dist/engine.js';
import { sharedStorage } from '../support/faulty-storage.js';
import { nextTurn, scenario } from '../support/scenario.js';

const DAY = 24 * 3_600_000;
const model = () => processBuilder('P').startEvent('S').endEvent('E');
const waiting = () => processBuilder('W').startEvent('WS').userTask('A').endEvent('WE');

/** Looks for work every hour. */
const scenarioOf = (options: Omit<EngineOptions, 'clock'>) =>
  scenario([model(), waiting()], { pollInterval: 3_600_000, ...options });

describe('Cleaning up', () => {
  it('keeps ended instances for ever unless a time is set', async () => {
    const engine = await scenarioOf({ eventLog: 'all' });
    await engine.start('P');
    await engine.advance(100 * DAY);
    expect(await engine.instancesOf('P')).to.have.length(1);
    expect(await engine.storage.readEvents(0, 10)).not.to.be.empty;
  });

  it('removes ended instances with all that belongs to them after that time, not those that run', async () => {
    const engine = await scenarioOf({ eventLog: 'all', historyRetention: 10 * DAY });
    const running = await engine.start('W');
    await engine.start('P');
    await engine.message('nobody waits');
    await engine.advance(5 * DAY);
    const recent = await engine.start('P');
    await engine.advance(5 * DAY + 3_600_000);
    expect(await engine.instancesOf('P')).to.deep.equal([recent.processInstanceId]);
    expect(await engine.waiting(running.processInstanceId)).to.deep.equal(['A']);
    const events = await engine.storage.readEvents(0, 100);
    expect(new Set(events.map(({ processInstanceId }) => processInstanceId))).to.deep.equal(
      new Set([running.processInstanceId, recent.processInstanceId]),
    );
    expect(engine.engine.statistics.removedInstances).to.equal(1);
  });

  it('removes many in small transactions, until none is left', async () => {
    const storage = new MemoryStorage();
    const limits: number[] = [];
    const removeFinished = storage.removeFinished.bind(storage);
    storage.removeFinished = async (filter) => {
      const removed = await removeFinished(filter);
      limits.push(removed);
      return removed;
    };
    const engine = await scenarioOf({ storage, historyRetention: DAY });
    for (let count = 0; count < 130; count += 1) await engine.start('P');
    limits.length = 0;
    await engine.advance(DAY + 2 * 3_600_000);
    expect(await engine.instancesOf('P')).to.deep.equal([]);
    expect(Math.max(...limits)).to.be.at.most(20);
    expect(limits.filter((removed) => removed > 0)).to.have.length(7);
  });

  it('forgets idempotency keys after a week, and messages when they expire', async () => {
    const engine = await scenarioOf({});
    const { managementApi } = engine.engine;
    await engine.call('P', {}, { idempotencyKey: 'k', type: 1 });
    await managementApi.publishMessage(engine.identity, { name: 'M', timeToLive: 3 * DAY, messageId: 'm' });
    await managementApi.publishMessage(engine.identity, { name: 'M', timeToLive: 30 * DAY, messageId: 'n' });
    const key = (processModelId: string, name: string) =>
      engine.storage.findIdempotentStart({ tenantId: '', processModelId, key: name });

    await engine.advance(3 * DAY + 3_600_000);
    const kept = await engine.storage.findMessages({ now: 0 });
    expect(kept.map(({ messageId }) => messageId)).to.deep.equal(['n']);
    expect(await key('P', 'k')).to.be.a('string');
    await engine.advance(4 * DAY);
    expect(await key('P', 'k')).to.equal(undefined);
    expect(await key('', 'message:M:m')).to.equal(undefined);
    expect(await key('', 'message:M:n')).to.be.a('string');
    await engine.advance(24 * DAY);
    expect(await key('', 'message:M:n')).to.equal(undefined);
  });

  it('of several nodes removes each instance once', async () => {
    const storage = sharedStorage(new MemoryStorage());
    const clock = new ManualClock();
    const options = { storage, clock, historyRetention: DAY, pollInterval: 3_600_000 };
    const one = await scenario([model()], { ...options, nodeId: 'one' });
    const two = await scenario([], { ...options, nodeId: 'two' });
    for (let count = 0; count < 50; count += 1) await one.start('P');
    await clock.advanceTo(clock.now() + DAY + 2 * 3_600_000, async () => {
      await Promise.all([one.engine.idle(), two.engine.idle()]);
      await nextTurn();
    });
    const removed = one.engine.statistics.removedInstances + two.engine.statistics.removedInstances;
    expect(removed).to.equal(50);
    expect(await one.instancesOf('P')).to.deep.equal([]);
  });
});
