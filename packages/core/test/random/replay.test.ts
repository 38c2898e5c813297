import { expect } from 'chai';
import type { ChangeSet } from '@process-engine/contracts/storage';
import type { Command } from '../../dist/execution/commands.js';
import { runStep } from '../../dist/execution/run-step.js';
import type { StepOptions } from '../../dist/execution/environment.js';
import { modelsOf } from './block-model.js';
import { randomTree } from './block-tree.js';
import { choicesOf } from './blocks.js';
import { Prng } from './prng.js';
import { graphOf, newState, StepDriver } from './step-driver.js';

const SEEDS = Number(process.env['RANDOM_SEEDS'] ?? 200);
const FIRST_SEED = Number(process.env['RANDOM_FIRST'] ?? 1);
const MOST_STEPS = 400;

/** Rows in an order that does not depend on whether they were read or made. */
function normalised(changes: ChangeSet): unknown {
  const key = (row: unknown): string =>
    JSON.stringify([
      (row as { id?: string }).id,
      (row as { scopeId?: string }).scopeId,
      (row as { name?: string }).name,
    ]);
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return [...(value as unknown[])].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sorted(inner)]));
  };
  return sorted(changes);
}

async function play(seed: number, options: Partial<StepOptions>) {
  const tree = randomTree(new Prng(seed), { calls: false });
  const graph = await graphOf(modelsOf(tree)[0]!.toXml());
  const driver = new StepDriver(graph, options);
  const prng = new Prng(seed ^ 0x5eed);
  const payload = { choices: choicesOf(tree) };
  const warm = newState(graph, payload);
  let command: Command | undefined = { type: 'start', startEventId: undefined, payload };
  while (command !== undefined && driver.steps.length < MOST_STEPS) {
    const fresh = driver.steps.length === 0 ? undefined : (await driver.load()).state;
    const env = driver.environment();
    const step = await driver.run(warm, command);
    const cold = fresh && runStep(fresh, command, env);
    if (fresh !== undefined)
      expect(normalised(cold!.changes), `seed ${seed}, step ${driver.steps.length}`).to.deep.equal(
        normalised(step!.changes),
      );
    const { stored } = await driver.load();
    command = stored.instance.state === 'running' ? await driver.choose(stored, prng) : undefined;
  }
  expect(driver.storage.violations).to.deep.equal([]);
  return { driver, graph, payload, warm };
}

describe('The same state, command and environment give the same change set:', function () {
  this.timeout(60_000);

  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
    const options = seed % 3 === 0 ? { maxEntries: 1 + (seed % 5), maxRows: 4 + (seed % 6) } : {};
    it(`seed ${seed}: kept in memory or read from the storage, and when all steps are replayed`, async () => {
      const { driver, graph, payload, warm } = await play(seed, options);
      if (driver.steps.length < MOST_STEPS) expect(warm.record.state).to.equal('finished');
      const replayed = newState(graph, payload);
      for (const { command, env, changes } of driver.steps)
        expect(runStep(replayed, command, env)!.changes).to.deep.equal(changes);
    });
  }
});
