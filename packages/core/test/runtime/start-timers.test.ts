import { expect } from 'chai';
import { MemoryStorage } from '../../dist/storage/memory-storage.js';
import { definitions, ManualClock, processBuilder } from '../../dist/testing/index.js';
import type { EngineOptions } from '../../dist/engine.js';
import { sharedStorage } from '../support/faulty-storage.js';
import { nextTurn, scenario, shutDown, type Scenario } from '../support/scenario.js';

const HOUR = 3_600_000;
const model = (cycle: string) =>
  processBuilder('P').startEvent('S', definitions.timer('timeCycle', cycle)).userTask('A').endEvent('E');

async function runs(engine: Scenario): Promise<number[]> {
  const { items } = await engine.storage.findCronRuns({});
  return items.map(({ dueAt }) => (dueAt - Date.UTC(2030, 0, 1)) / HOUR);
}

/** Deployed at 0:00, down from 1:30 until 5:30. */
async function afterDowntime(cycle: string, options: EngineOptions): Promise<Scenario> {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const before = await scenario([model(cycle)], { ...options, storage, clock });
  await before.advance(1.5 * HOUR);
  await shutDown(before);
  clock.set(clock.now() + 4 * HOUR);
  const after = await scenario([], { ...options, storage, clock });
  await after.engine.idle();
  return after;
}

describe('Start timers after a downtime', () => {
  for (const cycle of ['0 * * * *', 'R/PT1H']) {
    it(`run the first time that was missed and skip the others (${cycle})`, async () => {
      const engine = await afterDowntime(cycle, {});
      expect(await runs(engine)).to.deep.equal([1, 2]);
      await engine.advance(HOUR);
      expect(await runs(engine)).to.deep.equal([1, 2, 6]);
    });

    it(`run every time that was missed where they are to catch up (${cycle})`, async () => {
      const engine = await afterDowntime(cycle, { missedStarts: 'catch-up' });
      expect(await runs(engine)).to.deep.equal([1, 2, 3, 4, 5]);
      await engine.advance(HOUR);
      expect(await runs(engine)).to.deep.equal([1, 2, 3, 4, 5, 6]);
      expect(await engine.instancesOf('P')).to.have.length(6);
    });
  }

  it('count every repetition they catch up with', async () => {
    const engine = await afterDowntime('R3/PT1H', { missedStarts: 'catch-up' });
    expect(await runs(engine)).to.deep.equal([1, 2, 3]);
    await engine.advance(3 * HOUR);
    expect(await runs(engine)).to.have.length(3);
  });
});

describe('Start timers of several nodes', () => {
  for (const missedStarts of ['skip', 'catch-up'] as const) {
    it(`run once per due time in the whole cluster, also after a downtime (${missedStarts})`, async () => {
      const storage = sharedStorage(new MemoryStorage());
      const clock = new ManualClock();
      const names = ['one', 'two', 'three'];
      const start = () => Promise.all(names.map((nodeId) => scenario([], { storage, clock, nodeId, missedStarts })));
      const settle = (nodes: readonly Scenario[]) => async (): Promise<void> => {
        for (let turn = 0; turn < 4; turn += 1) {
          await Promise.all(nodes.map(({ engine }) => engine.idle()));
          await nextTurn();
        }
      };
      const first = await start();
      await first[0]!.deploy(model('0 * * * *'));
      await clock.advanceTo(clock.now() + 3.5 * HOUR, settle(first));
      expect(await runs(first[0]!)).to.deep.equal([1, 2, 3]);
      await Promise.all(first.map(shutDown));

      clock.set(clock.now() + 3 * HOUR);
      const second = await start();
      await settle(second)();
      await clock.advanceTo(clock.now() + HOUR, settle(second));
      const expected = missedStarts === 'skip' ? [1, 2, 3, 4, 7] : [1, 2, 3, 4, 5, 6, 7];
      expect(await runs(second[0]!)).to.deep.equal(expected);
      expect(await second[0]!.instancesOf('P')).to.have.length(expected.length);
    });
  }
});
