/** W5: instances that wait at a user task: memory each one keeps, and what a new one costs beside many others. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Engine } from 'bpmn-engine';
import { createStorage } from '../packages/repository/dist/index.js';
import { defineBench } from './lib/bench.mjs';
import { measure } from './lib/measure.mjs';
import { node, straightModel } from './lib/models.mjs';
import { identity, startEngine } from './lib/our-engine.mjs';
import { compileForPeer } from './lib/peer.mjs';
import { withDatabaseFile } from './lib/sqlite.mjs';

const MODEL = straightModel('approval', [node('userTask', 'approve')]);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** @returns {number} bytes in use */
function heapInUse() {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/**
 * Starts `few` instances, then more up to `many`.
 *
 * @param {() => Promise<unknown>} start leaves an instance waiting
 */
async function fill(start, { few, many, warmUp }) {
  await measure(start, { warmUp: 0, count: warmUp });
  const before = heapInUse();
  const early = await measure(start, { warmUp: 0, count: few });
  await measure(start, { warmUp: 0, count: many - 2 * few });
  const late = await measure(start, { warmUp: 0, count: few });
  return { cpu: late.cpu, growth: late.cpu / early.cpu, kilobytes: (heapInUse() - before) / 1000 / many };
}

async function ours(storage, size) {
  const engine = await startEngine(MODEL, storage === undefined ? {} : { storage });
  const figures = await fill(() => engine.consumerApi.startProcessInstance(identity, 'approval'), size);
  await engine.stop();
  return figures;
}

async function peer() {
  const sourceContext = await compileForPeer(MODEL);
  const engines = [];
  const start = async () => {
    const engine = new Engine({ name: 'approval', sourceContext });
    engines.push(engine);
    await engine.execute();
  };
  const figures = await fill(start, { few: 100, many: 1_000, warmUp: 50 });
  await Promise.all(engines.map((engine) => engine.stop()));
  return figures;
}

export default defineBench(import.meta.url, {
  title: 'W5: instances waiting at a user task; `growth`: CPU of the last starts as a multiple of the first ones',
  columns: ['cpu', 'growth', 'kilobytes'],
  contestants: {
    'ours in memory, 100,000 waiting': () => ours(undefined, { few: 5_000, many: 100_000, warmUp: 20_000 }),
    'ours on SQLite, 20,000 waiting': () =>
      withDatabaseFile((storage) =>
        ours(createStorage({ dialect: 'sqlite', storage }), { few: 1_000, many: 20_000, warmUp: 3_000 }),
      ),
    'bpmn-engine, 1,000 waiting': peer,
  },
});
