/**
 * What nodes carry: instances of W3 (start, find the user task, finish it, end) per second, 64 under way in each node; one
 * node on SQLite, one and two on PostgreSQL. Wall time, of the machine this runs on: nodes, database and nothing else
 * should be busy. Prints a table. `node bench/nodes.mjs [seconds]`, default 10.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { createStorage } from '../packages/repository/dist/index.js';
import { node, straightModel } from './lib/models.mjs';
import { runWithUserTask, startEngine } from './lib/our-engine.mjs';
import { reasonWithoutServer, withDatabase } from './lib/postgres.mjs';
import { number, table } from './lib/report.mjs';
import { withDatabaseFile } from './lib/sqlite.mjs';

const UNDER_WAY = 64;
const FIELDS = { approved: true, comment: 'fine' };
const MODEL = straightModel('approval', [node('userTask', 'approve')]);

if (process.argv[2] === 'node') await work(JSON.parse(process.argv[3]));
else await compare(Number(process.argv[2] ?? 10));

async function compare(seconds) {
  const rows = [['', 'instances/s', 'CPU ms of nodes', 'CPU busy', 'transactions', 'statements', 'rows']];
  await withDatabaseFile(async (file) => {
    rows.push(await measured('one node, SQLite', 1, { dialect: 'sqlite', storage: file }, seconds));
  });
  const reason = await reasonWithoutServer();
  if (reason !== undefined) console.log(`PostgreSQL is left out: ${reason}`);
  for (const nodes of reason === undefined ? [1, 2] : []) {
    await withDatabase(async ({ config }) => {
      rows.push(await measured(nodes === 1 ? 'one node, PostgreSQL' : 'two nodes, PostgreSQL', nodes, config, seconds));
    });
  }
  console.log(`${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})\n\n${table(rows)}`);
}

/** A row of the table. */
async function measured(title, count, config, seconds) {
  const nodes = [];
  // One after the other: the first brings the schema and the model.
  for (let at = 0; at < count; at += 1) {
    const child = fork(import.meta.filename, ['node', JSON.stringify({ config, seconds })]);
    await once(child, 'message');
    nodes.push(child);
  }
  const before = busyTime();
  let busy = 0;
  for (const child of nodes) child.send('go');
  setTimeout(() => (busy = busyTime() - before), seconds * 1_000);
  const results = await Promise.all(nodes.map(async (child) => (await once(child, 'message'))[0]));
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const per = (key) => number(sum(key) / sum('instances'));
  return [
    title,
    (sum('instances') / seconds).toFixed(0),
    per('cpu'),
    `${((100 * busy) / (seconds * 1_000 * cpus().length)).toFixed(0)} %`,
    per('transactions'),
    per('statements'),
    per('rows'),
  ];
}

/** Of all cores, ms. */
function busyTime() {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}

async function work({ config, seconds }) {
  const storage = createStorage(config);
  const engine = await startEngine(MODEL, { storage });
  await runFor(engine, 2);
  process.send('ready');
  await once(process, 'message');
  const [before, cpu] = [storage.statistics, process.cpuUsage()];
  const instances = await runFor(engine, seconds);
  const { user, system } = process.cpuUsage(cpu);
  const after = storage.statistics;
  const counted = ['transactions', 'statements', 'rows'].map((key) => [key, after[key] - before[key]]);
  await engine.stop();
  process.send({ instances, cpu: (user + system) / 1_000, ...Object.fromEntries(counted) });
  process.disconnect();
}

/** Answers how many instances ended. */
async function runFor(engine, seconds) {
  let ended = 0;
  const end = performance.now() + seconds * 1_000;
  const client = async () => {
    for (; performance.now() < end; ended += 1) await runWithUserTask(engine, 'approval', FIELDS);
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, client));
  return ended;
}
