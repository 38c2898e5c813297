/**
 * What an instance of small processes costs the database: transactions, statements (with those that begin and end
 * transactions) and rows written. The counts are exact and the same on every machine, so a change of them is a change
 * of the engine.
 */
import { createStorage } from '../packages/repository/dist/index.js';
import { service } from '../packages/core/dist/index.js';
import {
  gatewayModel,
  model,
  node,
  scriptTask,
  serviceTask,
  serviceTasks,
  straightModel,
  subProcess,
} from './lib/models.mjs';
import { identity, runToTheEnd, runWithUserTask, startEngine } from './lib/our-engine.mjs';
import { isMain } from './lib/is-main.mjs';
import { number, table } from './lib/report.mjs';

const INLINE = service(() => undefined, { inline: true });
const ASYNCHRONOUS = async () => undefined;
const INSTANCES = 10;
const AN_HOUR = 60 * 60 * 1000;

/** @typedef {{ models: string | string[], services?: object, run: (engine: object) => Promise<unknown> }} Case */

/** @type {Record<string, Case>} */
const CASES = {
  'start, end': { models: straightModel('empty', []), run: (engine) => runToTheEnd(engine, 'empty') },
  '10 service tasks, inline handlers': {
    models: straightModel('services', serviceTasks(10)),
    services: { noop: INLINE },
    run: (engine) => runToTheEnd(engine, 'services'),
  },
  '10 service tasks, asynchronous handlers': {
    models: straightModel('services', serviceTasks(10)),
    services: { noop: ASYNCHRONOUS },
    run: (engine) => runToTheEnd(engine, 'services'),
  },
  'script task': {
    models: straightModel('script', [scriptTask('calculate', 'return { sum: 1 + 2 };')]),
    run: (engine) => runToTheEnd(engine, 'script'),
  },
  'user task': {
    models: straightModel('approval', [node('userTask', 'approve')]),
    run: (engine) => runWithUserTask(engine, 'approval', { approved: true }),
  },
  'external task': {
    models: straightModel('external', [externalTask('work', 'topic')]),
    run: (engine) => runWithWorker(engine, 'external', 'topic'),
  },
  'message received': {
    models: model(
      'message',
      [node('receiveTask', 'receive', { attributes: 'messageRef="news"' })],
      [
        { from: 'start', to: 'receive' },
        { from: 'receive', to: 'end' },
      ],
      { roots: '<bpmn:message id="news" name="news" />' },
    ),
    run: (engine) => runWithMessage(engine, 'message', 'news'),
  },
  'gateways of W2, inline handlers': {
    models: gatewayModel({ big: 'true', small: 'false', first: 'true', second: 'true', third: 'false' }),
    services: { noop: INLINE },
    run: (engine) => runToTheEnd(engine, 'gateways'),
  },
  'sub-process of 3 service tasks, inline handlers': {
    models: straightModel('nested', [subProcess('inner', serviceTasks(3))]),
    services: { noop: INLINE },
    run: (engine) => runToTheEnd(engine, 'nested'),
  },
  '5 iterations of a service task, inline handler': {
    models: straightModel('loop', [serviceTask('repeat', iterations(5))]),
    services: { noop: INLINE },
    run: (engine) => runToTheEnd(engine, 'loop'),
  },
  'call activity': {
    models: [
      straightModel('caller', [node('callActivity', 'call', { attributes: 'calledElement="empty"' })]),
      straightModel('empty', []),
    ],
    run: (engine) => runToTheEnd(engine, 'caller'),
  },
};

function externalTask(id, topic) {
  return node('serviceTask', id, { attributes: `camunda:type="external" camunda:topic="${topic}"` });
}

function iterations(count) {
  return `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>${count}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>`;
}

async function runWithWorker({ consumerApi, externalTaskApi }, processModelId, topic) {
  await consumerApi.startProcessInstance(identity, processModelId);
  const [task] = await externalTaskApi.fetchAndLockExternalTasks(identity, 'worker', topic, 1, 0, AN_HOUR);
  await externalTaskApi.finishExternalTask(identity, 'worker', task.id, { done: true });
}

async function runWithMessage({ consumerApi }, processModelId, message) {
  await consumerApi.startProcessInstance(identity, processModelId);
  await consumerApi.triggerMessageEvent(identity, message, { text: 'hello' });
}

/** @returns {Promise<Record<string, Record<string, number>>>} counts per instance by case */
export async function countAll() {
  const counts = {};
  for (const [name, definition] of Object.entries(CASES)) counts[name] = await count(definition);
  return counts;
}

async function count({ models, services = {}, run }) {
  const storage = createStorage({ dialect: 'sqlite', storage: ':memory:' });
  // A look for due work would be counted to whatever instance it came upon.
  const engine = await startEngine(models, { storage, services, pollInterval: AN_HOUR });
  await run(engine);
  await engine.idle();
  const before = storage.statistics;
  for (let at = 0; at < INSTANCES; at += 1) {
    await run(engine);
    await engine.idle();
  }
  const after = storage.statistics;
  await engine.stop();
  return Object.fromEntries(
    Object.keys(after).map((counter) => [counter, (after[counter] - before[counter]) / INSTANCES]),
  );
}

export function countsTable(counts) {
  const columns = ['transactions', 'statements', 'rows'];
  const rows = Object.entries(counts).map(([name, row]) => [name, ...columns.map((column) => number(row[column]))]);
  return `Counts per instance; SQLite\n\n${table([['', ...columns], ...rows])}\n`;
}

if (isMain(import.meta.url)) console.log(countsTable(await countAll()));
