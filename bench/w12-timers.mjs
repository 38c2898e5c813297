/**
 * W12: many timers due at the same time: how long they take, how long requests wait meanwhile, and whether each fired once.
 * Prints one line; ends with 1 where a timer did not fire, or fired twice. `node bench/w12-timers.mjs [timers] [sqlite |
 * postgres]`, default 100,000 on SQLite.
 */
import { createStorage } from '../packages/repository/dist/index.js';
import { clockOf } from '../packages/core/dist/runtime/clock.js';
import { straightModel, node } from './lib/models.mjs';
import { identity, startEngine } from './lib/our-engine.mjs';
import { withDatabase } from './lib/postgres.mjs';
import { withDatabaseFile } from './lib/sqlite.mjs';

const DAY = 24 * 60 * 60 * 1_000;
const timers = Number(process.argv[2] ?? 100_000);
const database = process.argv[3] ?? 'sqlite';
const AT_ONCE = 64;

const TIMER = '<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>';
const MODELS = [
  straightModel('waiting', [node('intermediateCatchEvent', 'T', { inner: TIMER })]),
  straightModel('approval', [node('userTask', 'approve')]),
];

/** @returns {number[]} milliseconds of each request, sorted */
async function requestsUntil(done, engine) {
  const times = [];
  while (!done()) {
    const before = performance.now();
    await engine.consumerApi.startProcessInstance(identity, 'approval');
    times.push(performance.now() - before);
  }
  return times.sort((left, right) => left - right);
}

function part(times, share) {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
}

if (database === 'postgres') await withDatabase(({ config }) => fireAll(config));
else await withDatabaseFile((file) => fireAll({ dialect: 'sqlite', storage: file }));

async function fireAll(config) {
  let ahead = 0;
  const clock = clockOf(() => Date.now() + ahead);
  const storage = createStorage(config);
  const engine = await startEngine(MODELS, { storage, clock, pollInterval: 1_000 });
  for (let started = 0; started < timers; started += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, timers - started) }, () =>
      engine.consumerApi.startProcessInstance(identity, 'waiting'),
    );
    await Promise.all(some);
  }
  let requests = 0;
  const unloaded = await requestsUntil(() => (requests += 1) > 200, engine);
  ahead = DAY;
  const before = performance.now();
  const loaded = await requestsUntil(() => engine.statistics.jobs >= timers, engine);
  const seconds = (performance.now() - before) / 1_000;
  const { jobs } = engine.statistics;
  const { totalCount } = await storage.findProcessInstances(
    { tenantId: '', processModelId: 'waiting', states: ['finished'] },
    { limit: 1 },
  );
  console.log(
    `W12: ${database}: ${timers} timers due at once fired in ${seconds.toFixed(1)} s, ${jobs} jobs, ${totalCount} instances ended; ` +
      `a start took ${part(unloaded, 0.5)} ms before, meanwhile ${part(loaded, 0.5)} (half), ${part(loaded, 0.99)} (99 %), ` +
      `${part(loaded, 1)} ms (longest of ${loaded.length})`,
  );
  if (jobs !== timers || totalCount !== timers) process.exitCode = 1;
  await engine.stop();
}
