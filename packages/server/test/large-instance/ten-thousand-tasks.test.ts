import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import type { Storage } from '@process-engine/contracts/storage';
import { createEngine, MemoryStorage, type ProcessEngine } from '@process-engine/core';
import { processBuilder } from '@process-engine/core/testing';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';
import { auditStorage } from '../crash/audit-storage.js';
import { IDENTITY } from '../crash/drive.js';
import { DATABASES, describeOnEach, type TestDatabase } from '../support/databases.js';
import { IS_LONG, report } from '../support/fault-run.js';

const TASKS = 10_000;
/** Completed on a database server in the short form: each is a commit of its own there. */
const ON_SERVER = IS_LONG ? TASKS : 300;
const BATCH = 100;
const LOCK_DURATION = 600_000;

const MODEL = processBuilder('wide')
  .startEvent('start')
  .externalTask(
    'piece',
    'piece',
    `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>${TASKS}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>`,
  )
  .endEvent('end');

describe(`${TASKS} parallel tasks of one instance in memory`, function () {
  this.timeout(60_000);

  it('are started and completed', async () => {
    await complete('memory', new MemoryStorage(), TASKS);
  });
});

describeOnEach(DATABASES, `${TASKS} parallel tasks of one instance`, function (kind) {
  this.timeout(IS_LONG ? 1_200_000 : 120_000);
  let database: TestDatabase | undefined;

  afterEach(async () => database?.drop());

  it('are started, and completed by as many statements and rows each as the tasks of a small one', async () => {
    database = await kind.create();
    // Ten thousand commits one after the other: a SQLite file need not survive a power cut here.
    const storage = createStorage({ ...database.config, ...(kind.isShared ? {} : { synchronous: 'normal' as const }) });
    const batches: { statements: number; rows: number }[] = [];
    const count = counting(storage, batches);
    await complete(kind.title, storage, kind.isShared ? ON_SERVER : TASKS, count);
    const [first, ...later] = batches;
    for (const { statements, rows } of later) {
      expect(statements).to.be.at.most(2 * first!.statements);
      expect(rows).to.be.at.most(2 * first!.rows);
    }
    // A task is fetched and completed: few rows, however many others there are.
    expect(first!.rows / BATCH).to.be.at.most(12);
  });
});

/** Starts the instance and completes so many of its tasks; all: it ends. */
async function complete(title: string, storage: Storage, goal: number, batchDone = (): void => undefined) {
  const engine = createEngine({ storage, nodeId: 'wide' });
  await engine.start();
  try {
    const began = performance.now();
    const processInstanceId = await start(engine);
    const started = performance.now();
    batchDone();
    for (let completed = 0; completed < goal; completed += BATCH) {
      await completeBatch(engine);
      batchDone();
    }
    report(
      `wide instance on ${title}: ${TASKS} tasks, started in ${seconds(began, started)} s, ` +
        `${goal} completed in ${seconds(started, performance.now())} s`,
    );
    const filter = { tenantId: '', processInstanceId, flowNodeId: 'piece', states: ['finished'] as const };
    const { totalCount } = await storage.findFlowNodeInstances(filter, { limit: 1, offset: 0 });
    // The loop itself has ended, too, when all are completed.
    expect(totalCount).to.equal(goal === TASKS ? TASKS + 1 : goal);
    const { items } = await storage.findProcessInstances({ tenantId: '', ids: [processInstanceId] });
    expect(items[0]?.state).to.equal(goal === TASKS ? 'finished' : 'running');
    expect(await auditStorage(storage)).to.deep.equal([]);
  } finally {
    await engine.stop();
  }
}

async function start(engine: ProcessEngine): Promise<string> {
  await engine.managementApi.deploy(IDENTITY, { files: [{ name: 'wide.bpmn', xml: MODEL.toXml() }] });
  const { processInstanceId } = await engine.consumerApi.startProcessInstance(IDENTITY, 'wide');
  // It is written in parts.
  await engine.idle();
  return processInstanceId;
}

async function completeBatch({ externalTaskApi }: ProcessEngine): Promise<void> {
  const tasks = await externalTaskApi.fetchAndLockExternalTasks(IDENTITY, 'w', 'piece', BATCH, 0, LOCK_DURATION);
  expect(tasks).to.have.length(BATCH);
  await Promise.all(tasks.map(({ id }) => externalTaskApi.finishExternalTask(IDENTITY, 'w', id, { done: true })));
}

/** At each call: notes what was done since the last one. */
function counting(storage: SequelizeStorage, batches: { statements: number; rows: number }[]): () => void {
  let last: SequelizeStorage['statistics'] | undefined;
  return () => {
    const now = storage.statistics;
    if (last !== undefined) batches.push({ statements: now.statements - last.statements, rows: now.rows - last.rows });
    last = now;
  };
}

function seconds(from: number, to: number): string {
  return ((to - from) / 1_000).toFixed(1);
}
