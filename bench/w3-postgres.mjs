/**
 * W3 on PostgreSQL: start, user task, complete, end, each step durable before it is answered, history on. CPU time of
 * this process and of the database's.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createStorage } from '../packages/repository/dist/index.js';
import { defineBench } from './lib/bench.mjs';
import { node, straightModel } from './lib/models.mjs';
import { runWithUserTask, startEngine } from './lib/our-engine.mjs';
import { compileForPeer, completePeer, startPeer } from './lib/peer.mjs';
import { withDatabase } from './lib/postgres.mjs';

const MODEL = straightModel('approval', [node('userTask', 'approve')]);
const MANY = 16;
const FIELDS = { approved: true, comment: 'fine' };

function ours(underWay) {
  return withDatabase(async ({ config, measure }) => {
    const storage = createStorage(config);
    const engine = await startEngine(MODEL, { storage });
    const size = { warmUp: 2_000, count: 6_000, underWay };
    const before = storage.statistics;
    const figures = await measure(() => runWithUserTask(engine, 'approval', FIELDS), size);
    const after = storage.statistics;
    await engine.stop();
    const perInstance = (counter) => (after[counter] - before[counter]) / (size.warmUp + size.count);
    return {
      ...figures,
      transactions: perInstance('transactions'),
      statements: perInstance('statements'),
      rows: perInstance('rows'),
    };
  });
}

/** bpmn-engine has no storage: its state is saved where it waits, and recovered to go on. */
function peer(underWay) {
  return withPool(
    'create table instance (id text primary key, ended integer, state text)',
    async ({ pool, measure }) => {
      const sourceContext = await compileForPeer(MODEL);
      const run = async () => {
        const id = randomUUID();
        await pool.query(statement('insert into instance (id, ended, state) values ($1, 0, $2)'), [
          id,
          await startPeer(id, sourceContext),
        ]);
        const { rows } = await pool.query(statement('select state from instance where id = $1 and ended = 0'), [id]);
        const ended = await completePeer(JSON.parse(rows[0].state), sourceContext, FIELDS);
        await pool.query(statement('update instance set ended = 1, state = $1 where id = $2'), [ended, id]);
      };
      return measure(run, { warmUp: 50, count: 200, underWay });
    },
  );
}

const RAW_SCHEMA = `
  create table instance (id text primary key, state text, ended_at bigint);
  create table node (instance_id text, id text, node_id text, state text, result text, primary key (instance_id, id));
  create table task (instance_id text, id text, node_id text, primary key (instance_id, id))`;

const RAW_START = `
  with i as (insert into instance values ($1, 'running', null)),
       n as (insert into node values ($1, 'a', 'start', 'finished', '{}'), ($1, 'b', 'approve', 'waiting', null))
  insert into task values ($1, 'b', 'approve')`;
const RAW_FIND = 'select id from task where instance_id = $1';
const RAW_COMPLETE = `
  with t as (delete from task where instance_id = $1 and id = $2),
       u as (update node set state = 'finished', result = $3 where instance_id = $1 and id = $2),
       n as (insert into node values ($1, 'c', 'end', 'finished', $3))
  update instance set state = 'finished', ended_at = $4 where id = $1`;

/** The driver alone, writing the least that tells the same story: one prepared statement for each call. */
function raw(underWay) {
  return withPool(RAW_SCHEMA, ({ pool, measure }) => {
    const run = async () => {
      const id = randomUUID();
      await pool.query(statement(RAW_START), [id]);
      const { rows } = await pool.query(statement(RAW_FIND), [id]);
      await pool.query(statement(RAW_COMPLETE), [id, rows[0].id, JSON.stringify({ form_fields: FIELDS }), Date.now()]);
    };
    return measure(run, { warmUp: 1_000, count: 6_000, underWay });
  });
}

function withPool(schema, work) {
  return withDatabase(async ({ url, measure }) => {
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    // The database is dropped while its last connections close.
    pool.on('error', () => undefined);
    try {
      await pool.query(schema);
      return await work({ pool, measure });
    } finally {
      await pool.end();
    }
  });
}

const names = new Map();

/** Prepared once for each connection. */
function statement(text) {
  const name = names.get(text) ?? `s${names.size}`;
  names.set(text, name);
  return { name, text };
}

export default defineBench(import.meta.url, {
  title: 'W3: start, user task, complete, end; PostgreSQL, history on; per instance, with the database',
  baseline: 'bpmn-engine, one at a time',
  columns: ['cpu', 'client', 'database', 'wall', 'perSecond', 'transactions', 'statements', 'rows'],
  contestants: {
    'ours, one at a time': () => ours(1),
    'bpmn-engine, one at a time': () => peer(1),
    'raw driver, one at a time': () => raw(1),
    [`ours, ${MANY} under way`]: () => ours(MANY),
    [`bpmn-engine, ${MANY} under way`]: () => peer(MANY),
    [`raw driver, ${MANY} under way`]: () => raw(MANY),
  },
});
