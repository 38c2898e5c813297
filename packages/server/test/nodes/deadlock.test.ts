import { expect } from 'chai';
import { afterEach, beforeEach, it } from 'mocha';
import { QueryTypes, Sequelize } from 'sequelize';
import { createEngine, type ProcessEngine } from '@process-engine/core';
import { definitions, processBuilder } from '@process-engine/core/testing';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';
import { auditStorage } from '../crash/audit-storage.js';
import { IDENTITY } from '../crash/drive.js';
import { until } from '../crash/until.js';
import { describeOnEach, MARIADB, type TestDatabase } from '../support/databases.js';
import { report } from '../support/fault-run.js';

const PATIENCE = 15_000;
/** The server renews what it tells about transactions when nobody has asked for a tenth of a second. */
const PAUSE = 150;

const MODEL = processBuilder('crossing')
  .startEvent('start')
  .userTask('approve')
  .externalTask('pack', 'pack')
  .node('intermediateCatchEvent', 'rest', {}, definitions.timer('timeDuration', 'PT2S'))
  .endEvent('end');

/** The rows of one instance that somebody else locks, in the order opposite to the engine's. */
interface Crossing {
  readonly first: string;
  readonly second: string;
}

/** A commit locks what its guards delete (external tasks, jobs), then the process instance, then all else. */
const USER_TASK: Crossing = { first: 'user_task where process_instance_id', second: 'process_instance where id' };
const EXTERNAL_TASK: Crossing = {
  first: 'process_instance where id',
  second: 'external_task where process_instance_id',
};
const TIMER: Crossing = { first: 'process_instance where id', second: 'job where process_instance_id' };

describeOnEach([MARIADB], 'a deadlock of a commit of the engine with somebody else', function (kind) {
  this.timeout(60_000);
  let database: TestDatabase;
  let somebody: Sequelize;
  let storage: SequelizeStorage;
  let engine: ProcessEngine;

  beforeEach(async () => {
    database = await kind.create();
    const { host, port, username, password, database: name } = database.config;
    somebody = new Sequelize(name!, username ?? '', password ?? '', {
      dialect: 'mysql',
      ...(host === null || host === undefined ? {} : { host }),
      ...(port === null || port === undefined ? {} : { port }),
      logging: false,
    });
    storage = createStorage(database.config);
    engine = createEngine({ storage, pollInterval: 200, lockDuration: 2_000 });
    await engine.start();
    await engine.managementApi.deploy(IDENTITY, { files: [{ name: 'crossing.bpmn', xml: MODEL.toXml() }] });
  });

  afterEach(async () => {
    await engine.stop();
    await somebody.close();
    await database.drop();
  });

  it('lets the commit give way; it is tried again and counted, and nothing is lost or done twice', async () => {
    const asked = await start();
    await deadlock(asked, USER_TASK, () => approve(asked));
    await pack();

    const packed = await start();
    await approve(packed);
    await deadlock(packed, EXTERNAL_TASK, pack);

    const rested = await start();
    await approve(rested);
    await pack();
    // By itself, as soon as it is due.
    await deadlock(rested, TIMER, () => until('the instance has ended', () => hasEnded(rested), PATIENCE));

    for (const id of [asked, packed, rested]) {
      await until('the instance has ended', () => hasEnded(id), PATIENCE);
      const { items } = await storage.findFlowNodeInstances({ tenantId: '', processInstanceId: id });
      expect(items.map(({ flowNodeId, state }) => `${flowNodeId} ${state}`)).to.deep.equal(
        ['start', 'approve', 'pack', 'rest', 'end'].map((name) => `${name} finished`),
      );
    }
    expect(await auditStorage(storage)).to.deep.equal([]);
    const { conflicts } = engine.statistics;
    report(`deadlocks on ${kind.title}: 3, ${storage.statistics.rollbacks} rolled back, ${conflicts} tried again`);
    expect(storage.statistics.rollbacks).to.be.at.least(3);
    expect(conflicts).to.be.at.least(3);
  });

  async function start(): Promise<string> {
    return (await engine.consumerApi.startProcessInstance(IDENTITY, 'crossing')).processInstanceId;
  }

  async function approve(id: string): Promise<void> {
    const { userTasks } = await engine.consumerApi.getUserTasksForProcessInstance(IDENTITY, id);
    const { correlationId, flowNodeInstanceId } = userTasks[0]!;
    await engine.consumerApi.finishUserTask(IDENTITY, id, correlationId, flowNodeInstanceId, { formFields: {} });
  }

  async function pack(): Promise<void> {
    const { externalTaskApi } = engine;
    const [task] = await externalTaskApi.fetchAndLockExternalTasks(IDENTITY, 'w', 'pack', 1, 0, 60_000);
    await externalTaskApi.finishExternalTask(IDENTITY, 'w', task!.id, {});
  }

  /**
   * Somebody else locks the first row, and the second one as soon as the engine, which holds that, waits for the first. It
   * has changed more rows, so the database lets the engine give way.
   */
  async function deadlock(id: string, { first, second }: Crossing, work: () => Promise<unknown>): Promise<void> {
    const transaction = await somebody.transaction();
    const lock = (rows: string) =>
      somebody.query(`select * from ${rows} = '${id}' for update`, { transaction, type: QueryTypes.SELECT });
    const ballast = Array.from({ length: 200 }, (_, at) => `('ballast-${at}', 1)`).join(', ');
    await somebody.query(`insert into commit_log (id, created_at) values ${ballast}`, { transaction });
    expect(await lock(first)).to.have.length(1);
    const done = work();
    done.catch(() => undefined);
    try {
      await until('the commit waits', isWaiting, PATIENCE);
      await lock(second);
    } finally {
      await transaction.rollback();
    }
    await done;
  }

  async function isWaiting(): Promise<true | undefined> {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const sql = `select 1 from information_schema.innodb_trx t
        join information_schema.processlist p on p.id = t.trx_mysql_thread_id
       where p.db = database() and t.trx_state = 'LOCK WAIT'`;
    return (await somebody.query(sql, { type: QueryTypes.SELECT })).length > 0 ? true : undefined;
  }

  async function hasEnded(id: string): Promise<true | undefined> {
    const { items } = await storage.findProcessInstances({ tenantId: '', ids: [id] });
    return items[0]?.state === 'finished' ? true : undefined;
  }
});
