import { expect } from 'chai';
import { MemoryStorage } from '../../dist/storage/memory-storage.js';
import { definitions, ManualClock, processBuilder } from '../../dist/testing/index.js';
import { sharedStorage } from '../support/faulty-storage.js';
import { scenario } from '../support/scenario.js';

const TIMERS = 1_000;
const BATCH = 50;
const timer = () =>
  processBuilder('P')
    .startEvent('S')
    .node('intermediateCatchEvent', 'T', {}, definitions.timer('timeDuration', 'PT1H'))
    .endEvent('E');
const other = () => processBuilder('Q').startEvent('QS').userTask('A').endEvent('QE');

describe('Many timers due at the same time', () => {
  it('fire once each, and requests are answered between two batches of them', async function () {
    this.timeout(30_000);
    const engine = await scenario([timer(), other()]);
    const { consumerApi } = engine.engine;
    for (let count = 0; count < TIMERS; count += 1) await consumerApi.startProcessInstance(engine.identity, 'P');
    engine.clock.set(engine.clock.now() + 3_600_000);
    const firedBetween: number[] = [];
    while (engine.engine.statistics.jobs < TIMERS) {
      const before = engine.engine.statistics.jobs;
      await new Promise((resolve) => setImmediate(resolve));
      await consumerApi.startProcessInstance(engine.identity, 'Q');
      firedBetween.push(engine.engine.statistics.jobs - before);
    }
    await engine.engine.idle();
    expect(firedBetween.length).to.be.at.least(TIMERS / BATCH / 3);
    expect(Math.max(...firedBetween)).to.be.at.most(3 * BATCH);
    expect(engine.engine.statistics).to.include({ jobs: TIMERS, failedJobs: 0, lostJobs: 0 });
    const { totalCount } = await engine.storage.findProcessInstances({
      tenantId: '',
      processModelId: 'P',
      states: ['finished'],
    });
    expect(totalCount).to.equal(TIMERS);
  });

  it('are shared by the nodes, each firing once', async () => {
    const storage = sharedStorage(new MemoryStorage());
    const clock = new ManualClock();
    const one = await scenario([timer()], { storage, clock, nodeId: 'one' });
    const two = await scenario([], { storage, clock, nodeId: 'two' });
    for (let count = 0; count < 500; count += 1) await one.start('P');
    clock.set(clock.now() + 3_600_000);
    await Promise.all([one.engine.idle(), two.engine.idle()]);
    const [first, second] = [one.engine.statistics.jobs, two.engine.statistics.jobs];
    expect(first + second).to.equal(500);
    expect(Math.min(first, second)).to.be.greaterThan(0);
    const { totalCount } = await storage.findProcessInstances({ tenantId: '', states: ['finished'] });
    expect(totalCount).to.equal(500);
  });
});
