/**
 * W4 on PostgreSQL: external tasks created, fetched with a lock, finished, by eight workers. Ours starts an instance for
 * each task, and finishing the task ends the instance in the same transaction; pg-boss keeps jobs and nothing else. CPU
 * time of this process and of the database's.
 */
import PgBoss from 'pg-boss';
import { createStorage } from '../packages/repository/dist/index.js';
import { defineBench } from './lib/bench.mjs';
import { node, straightModel } from './lib/models.mjs';
import { identity, startEngine } from './lib/our-engine.mjs';
import { withDatabase } from './lib/postgres.mjs';

const WORKERS = 8;
const PAYLOAD = { order: 4711, customer: 'c-17' };
const MODEL = straightModel('packing', [
  node('serviceTask', 'pack', { attributes: 'camunda:type="external" camunda:topic="pack"' }),
]);
const LOCK = 60_000;

const times = (count, work) => Promise.all(Array.from({ length: count }, work));

/** Finished one by one: as a worker does that works on one task after the other. */
async function oneByOne(tasks, finish) {
  for (const task of tasks) await finish(task);
}

/** Finished at the same time. */
const atOnce = (tasks, finish) => Promise.all(tasks.map(finish));

/** A worker's round: so many tasks made, fetched and finished. The figures are of one task. */
function perTask(size, figures) {
  const { cpu, client, database, wall, perSecond } = figures;
  const [perCpu, perClient, perDatabase, perWall] = [cpu, client, database, wall].map((value) => value / size);
  return { cpu: perCpu, client: perClient, database: perDatabase, wall: perWall, perSecond: perSecond * size };
}

function rounds(size) {
  return { warmUp: 2_000 / size, count: 8_000 / size, underWay: WORKERS };
}

function ours(size, finishAll) {
  return withDatabase(async ({ config, measure }) => {
    const engine = await startEngine(MODEL, { storage: createStorage(config) });
    const { consumerApi, externalTaskApi } = engine;
    let workers = 0;
    const round = async () => {
      const worker = `worker-${(workers += 1) % WORKERS}`;
      await times(size, () => consumerApi.startProcessInstance(identity, 'packing', { inputValues: PAYLOAD }));
      const tasks = await externalTaskApi.fetchAndLockExternalTasks(identity, worker, 'pack', size, 1_000, LOCK);
      await finishAll(tasks, ({ id }) => externalTaskApi.finishExternalTask(identity, worker, id, { packed: true }));
    };
    const figures = await measure(round, rounds(size));
    await engine.stop();
    return perTask(size, figures);
  });
}

/** @param {(boss: PgBoss, payloads: object[]) => Promise<unknown>} make */
function pgBoss(size, make, finishAll) {
  return withDatabase(async ({ url, measure }) => {
    const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false });
    boss.on('error', () => undefined);
    await boss.start();
    await boss.createQueue('pack');
    const round = async () => {
      await make(boss, Array(size).fill(PAYLOAD));
      const jobs = await boss.fetch('pack', { batchSize: size });
      // Others may have taken all.
      if (jobs.length > 0) await finishAll(boss, jobs);
    };
    const figures = await measure(round, rounds(size));
    await boss.stop({ graceful: false });
    return perTask(size, figures);
  });
}

const sendSingly = (boss, payloads) => Promise.all(payloads.map((data) => boss.send('pack', data)));
const insertTogether = (boss, payloads) => boss.insert(payloads.map((data) => ({ name: 'pack', data })));
const completeSingly = (boss, jobs) => oneByOne(jobs, ({ id }) => boss.complete('pack', id, { packed: true }));
const completeTogether = (boss, jobs) =>
  boss.complete(
    'pack',
    jobs.map(({ id }) => id),
    { packed: true },
  );

export default defineBench(import.meta.url, {
  title: 'W4: external tasks made, fetched and finished by 8 workers; PostgreSQL; per task, with the database',
  baseline: 'pg-boss, fetch 10, finish one by one',
  columns: ['cpu', 'client', 'database', 'wall', 'perSecond'],
  contestants: {
    'ours, fetch 10, finish one by one': () => ours(10, oneByOne),
    'pg-boss, fetch 10, finish one by one': () => pgBoss(10, sendSingly, completeSingly),
    'ours, fetch 50, finish at once': () => ours(50, atOnce),
    'pg-boss, fetch 50, made and finished together': () => pgBoss(50, insertTogether, completeTogether),
  },
});
