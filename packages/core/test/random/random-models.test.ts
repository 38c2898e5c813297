import { appendFileSync } from 'node:fs';
import { createStorage } from '@process-engine/repository';
import { expect } from 'chai';
import { BpmnError } from '../../dist/execution/bpmn-error.js';
import { service } from '../../dist/runtime/services.js';
import { scenario, type Scenario } from '../support/scenario.js';
import { LABELS, labelsOf } from './block-labels.js';
import { modelsOf } from './block-model.js';
import { BlockRun, type Waiting } from './block-run.js';
import { randomTree } from './block-tree.js';
import { choicesOf, type Block } from './blocks.js';
import { Prng } from './prng.js';

const SEEDS = Number(process.env['RANDOM_SEEDS'] ?? 200);
const FIRST_SEED = Number(process.env['RANDOM_FIRST'] ?? 1);

const services = {
  set: service({ set: (name: string, value: unknown) => ({ [name]: value }) }, { inline: true }),
  throw: service(
    {
      throw: (code: string) => {
        throw new BpmnError(code, 'on purpose');
      },
    },
    { inline: true },
  ),
};

/** Ids of all that waits, as the engine's API and storage tell. */
async function waitingIn(engine: Scenario): Promise<string[]> {
  const tasks = (await engine.tasks()).map(({ id }) => id);
  const external = (await engine.storage.findExternalTasks({ tenantId: '' })).items.map(({ flowNodeId }) => flowNodeId);
  const events = (await engine.subscriptions()).map(({ flowNodeId }) => flowNodeId);
  return [...tasks, ...external, ...events].sort();
}

/** Does what the evaluation chose, in the engine. */
async function act(engine: Scenario, { id, does, due }: Waiting, n: number): Promise<void> {
  switch (does) {
    case 'activate':
      return activate(engine, id, n);
    case 'external':
    case 'rule':
      return engine.work(id, { [`v${id}`]: n });
    case 'message':
    case 'receive':
      return engine.message(`message-${id}`, { [`v${id}`]: n });
    case 'signal':
      return engine.signal(`signal-${id}`, { [`v${id}`]: n });
    case 'timer':
      return engine.advanceTo(due);
    case 'user':
      return engine.finish(id, { [`v${id}`]: n });
    default:
      return engine.finish(id);
  }
}

/** Starts one of the activities an ad-hoc sub-process offers, in whichever instance it is. */
async function activate(engine: Scenario, id: string, n: number): Promise<void> {
  const { managementApi } = engine.engine;
  const { processInstances } = await managementApi.getProcessInstances(engine.identity, { state: 'running' });
  for (const { processInstanceId, definitionId } of processInstances) {
    const open = (await engine.history(processInstanceId)).find(
      ({ flowNodeId, state }) => flowNodeId === id && state === 'active',
    );
    if (open === undefined) continue;
    const { xml } = (await engine.storage.loadDefinition(definitionId))!;
    const inside = new RegExp(`<bpmn:adHocSubProcess id="${id}"[^>]*>(.*?)</bpmn:adHocSubProcess>`).exec(xml)![1]!;
    const offered = [...inside.matchAll(/<bpmn:userTask id="(\w+)"/g)].map(([, task]) => task!);
    const flowNodeId = offered[n % offered.length]!;
    await managementApi.activateAdHocActivity(engine.identity, processInstanceId, { flowNodeId });
    return engine.engine.idle();
  }
  throw new Error(`no ad-hoc sub-process '${id}' is open`);
}

/** What may happen next: any work or message (none for ever), or the timer that is due first. */
function candidates(waiting: readonly Waiting[]): Waiting[] {
  const [timer] = waiting.filter(({ does }) => does === 'timer').sort((a, b) => a.due - b.due);
  return [
    ...waiting.filter(({ does, times }) => does !== 'timer' && times < 3),
    ...(timer === undefined ? [] : [timer]),
  ];
}

/** A signal reaches all that wait for it; timers of one moment are due together. */
function together(next: Waiting, waiting: readonly Waiting[]): readonly Waiting[] {
  if (next.does === 'timer') return waiting.filter(({ does, due }) => does === 'timer' && due === next.due);
  return next.does === 'signal' ? waiting.filter(({ does, id }) => does === 'signal' && id === next.id) : [next];
}

/** Runs the tree to its end in the order the seed gives, and compares after every action. */
async function play(engine: Scenario, tree: Block, seed: number): Promise<unknown[]> {
  const prng = new Prng(seed ^ 0x5eed);
  const run = new BlockRun(tree, engine.clock.now());
  const choices = choicesOf(tree);
  const { processInstanceId } = await engine.start('P', { choices });
  for (let n = 1; !run.isFinished; n += 1) {
    expect(await waitingIn(engine), `seed ${seed}, before action ${n}`).to.deep.equal(
      run.waiting.flatMap(({ id, does }) => (does === 'activate' ? [] : [id])).sort(),
    );
    const next = prng.pick(candidates(run.waiting));
    await act(engine, next, n);
    run.now = engine.clock.now();
    for (const occurring of together(next, run.waiting)) occurring.go(n);
  }
  expect(await waitingIn(engine), `seed ${seed}, at the end`).to.deep.equal([]);
  expect(await engine.state(processInstanceId), `seed ${seed}`).to.equal('finished');
  expect((await engine.storage.findJobs({ tenantId: '' })).items, `seed ${seed}`).to.deep.equal([]);
  const running = await engine.engine.managementApi.getProcessInstances(engine.identity, { state: 'running' });
  expect(running.totalCount, `seed ${seed}`).to.equal(0);
  const variables = Object.entries(await engine.variables(processInstanceId)).filter(([name]) => name !== 'choices');
  expect(Object.fromEntries(variables), `seed ${seed}`).to.deep.equal(run.variables);
  return historyOf(engine, processInstanceId);
}

/** How often what occurred, for the table of the long run. */
const occurrences: Record<string, number> = Object.fromEntries(LABELS.map((label) => [label, 0]));

async function note(engine: Scenario, tree: Block): Promise<void> {
  const labels = labelsOf(tree);
  const { processInstances } = await engine.engine.managementApi.getProcessInstances(engine.identity, {});
  for (const { processInstanceId } of processInstances) {
    const history = await engine.history(processInstanceId);
    const nodeOf = new Map(history.map((entry) => [entry.flowNodeInstanceId, entry.flowNodeId]));
    for (const { flowNodeId, scopeId } of history) {
      // The instances of a loop are counted with it.
      if (nodeOf.get(scopeId) === flowNodeId) continue;
      for (const label of labels.get(flowNodeId) ?? []) occurrences[label] = (occurrences[label] ?? 0) + 1;
    }
  }
}

/** What happened, by flow node: jobs of independent branches may be carried out in any order. */
async function historyOf(engine: Scenario, processInstanceId: string): Promise<unknown[]> {
  const entries = (await engine.history(processInstanceId)).map(({ flowNodeId, state, result }) => ({
    flowNodeId,
    state,
    result,
  }));
  return entries.sort((a, b) => (a.flowNodeId < b.flowNodeId ? -1 : a.flowNodeId > b.flowNodeId ? 1 : 0));
}

describe('Random block-structured models', function () {
  this.timeout(60_000);

  after(() => {
    const report = process.env['RANDOM_REPORT'];
    if (report !== undefined) appendFileSync(report, `${JSON.stringify(occurrences)}\n`);
  });

  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
    it(`seed ${seed}: wait for what their tree says, end with nothing left, and have the same history in memory and read anew from SQLite`, async () => {
      const tree = randomTree(new Prng(seed), { calls: true });
      const warm = await scenario(modelsOf(tree), { services, cacheSize: 1_000 });
      const history = await play(warm, tree, seed);
      await note(warm, tree);
      const storage = createStorage({ dialect: 'sqlite', storage: ':memory:' });
      const evicting = await scenario(modelsOf(tree), { services, cacheSize: 0, storage });
      expect(await play(evicting, tree, seed)).to.deep.equal(history);
    });
  }

  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS / 4; seed += 1) {
    it(`seed ${seed}: do the same in small steps`, async () => {
      const tree = randomTree(new Prng(seed), { calls: true });
      const engine = await scenario(modelsOf(tree), {
        services,
        step: { maxEntries: 1 + (seed % 4), maxRows: 5 + (seed % 7) },
      });
      await play(engine, tree, seed);
    });
  }
});
