/** W3: start, user task, complete, end, each step durable before it is answered: SQLite, synchronous=FULL, history on. */
import { randomUUID } from 'node:crypto';
import { createStorage } from '../packages/repository/dist/index.js';
import { defineBench } from './lib/bench.mjs';
import { measure } from './lib/measure.mjs';
import { node, straightModel } from './lib/models.mjs';
import { runWithUserTask, startEngine } from './lib/our-engine.mjs';
import { compileForPeer, completePeer, startPeer } from './lib/peer.mjs';
import { openRaw, withDatabaseFile } from './lib/sqlite.mjs';

const MODEL = straightModel('approval', [node('userTask', 'approve')]);
const MANY = 16;
const FIELDS = { approved: true, comment: 'fine' };

function ours(underWay) {
  return withDatabaseFile(async (storageFile) => {
    const storage = createStorage({ dialect: 'sqlite', storage: storageFile });
    const engine = await startEngine(MODEL, { storage });
    const size = { warmUp: 1_000, count: 5_000, underWay };
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
  return withDatabaseFile(async (file) => {
    const database = openRaw(file, 'create table instance (id text primary key, ended integer, state text)');
    const insert = database.prepare('insert into instance (id, ended, state) values (?, 0, ?)');
    const find = database.prepare('select state from instance where id = ? and ended = 0');
    const update = database.prepare('update instance set ended = 1, state = ? where id = ?');
    const sourceContext = await compileForPeer(MODEL);
    const run = async () => {
      const id = randomUUID();
      insert.run(id, await startPeer(id, sourceContext));
      update.run(await completePeer(JSON.parse(find.get(id).state), sourceContext, FIELDS), id);
    };
    const figures = await measure(run, { warmUp: 50, count: 200, underWay });
    database.close();
    return figures;
  });
}

const RAW_SCHEMA = `
  create table instance (id text primary key, state text, ended_at integer);
  create table node (instance_id text, id text, node_id text, state text, result text, primary key (instance_id, id)) without rowid;
  create table task (instance_id text, id text, node_id text, primary key (instance_id, id)) without rowid`;

/** The driver alone, writing the least that tells the same story, in two transactions. */
function raw(membersPerTransaction) {
  return withDatabaseFile(async (file) => {
    const database = openRaw(file, RAW_SCHEMA);
    const statements = rawStatements(database);
    const run = async () => {
      const ids = Array.from({ length: membersPerTransaction }, () => randomUUID());
      inTransaction(database, () => ids.forEach((id) => startRaw(statements, id)));
      inTransaction(database, () => ids.forEach((id) => completeRaw(statements, id)));
    };
    const count = 4_000 / membersPerTransaction;
    const { cpu, wall, perSecond } = await measure(run, { warmUp: count / 4, count });
    database.close();
    return {
      cpu: cpu / membersPerTransaction,
      wall: wall / membersPerTransaction,
      perSecond: perSecond * membersPerTransaction,
    };
  });
}

function rawStatements(database) {
  return {
    insertInstance: database.prepare("insert into instance values (?, 'running', null)"),
    insertNode: database.prepare('insert into node values (?, ?, ?, ?, ?)'),
    insertTask: database.prepare("insert into task values (?, ?, 'approve')"),
    findTask: database.prepare('select id from task where instance_id = ?'),
    deleteTask: database.prepare('delete from task where instance_id = ? and id = ?'),
    updateNode: database.prepare("update node set state = 'finished', result = ? where instance_id = ? and id = ?"),
    updateInstance: database.prepare("update instance set state = 'finished', ended_at = ? where id = ?"),
  };
}

function startRaw({ insertInstance, insertNode, insertTask }, id) {
  insertInstance.run(id);
  insertNode.run(id, 'a', 'start', 'finished', '{}');
  insertNode.run(id, 'b', 'approve', 'waiting', null);
  insertTask.run(id, 'b');
}

function completeRaw({ findTask, deleteTask, updateNode, insertNode, updateInstance }, id) {
  const task = findTask.get(id);
  const result = JSON.stringify({ form_fields: FIELDS });
  deleteTask.run(id, task.id);
  updateNode.run(result, id, task.id);
  insertNode.run(id, 'c', 'end', 'finished', result);
  updateInstance.run(Date.now(), id);
}

function inTransaction(database, work) {
  database.exec('begin immediate');
  work();
  database.exec('commit');
}

export default defineBench(import.meta.url, {
  title: 'W3: start, user task, complete, end; SQLite, synchronous=FULL, history on; per instance',
  baseline: 'bpmn-engine, one at a time',
  columns: ['cpu', 'wall', 'perSecond', 'transactions', 'statements', 'rows'],
  contestants: {
    'ours, one at a time': () => ours(1),
    'bpmn-engine, one at a time': () => peer(1),
    'raw driver, one at a time': () => raw(1),
    [`ours, ${MANY} under way`]: () => ours(MANY),
    [`bpmn-engine, ${MANY} under way`]: () => peer(MANY),
    [`raw driver, ${MANY} in a transaction`]: () => raw(MANY),
  },
});
