import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { createEngine, type ProcessEngine } from '@process-engine/core';
import { processBuilder } from '@process-engine/core/testing';
import { createStorage } from '@process-engine/repository';
import { QueryTypes, Sequelize, type Transaction } from 'sequelize';

import { serverDatabase } from '../support/server-database.js';
import { withinCases } from '../support/within-suite.js';
import { waitingOf } from './connections-of.js';
import { mariadbServer } from './mariadb-server.js';

const identity = { userId: 'alice', token: '' };

describe('MariaDB, the engine in a transaction of the application', function () {
  this.timeout(30_000);
  const database = serverDatabase(mariadbServer);
  let sequelize: Sequelize;

  before(() => {
    const { host, port, username, password, database: name } = database.config;
    sequelize = new Sequelize(name ?? '', username ?? '', password ?? '', {
      dialect: 'mysql',
      ...(host === null || host === undefined ? {} : { host }),
      ...(port === null || port === undefined ? {} : { port }),
      logging: false,
      isolationLevel: 'READ COMMITTED' as Transaction.ISOLATION_LEVELS,
    });
  });

  after(() => sequelize?.close());

  const open = async () => {
    await database.createEmpty();
    return { sequelize, close: () => Promise.resolve() };
  };

  describe('as on every database', () => withinCases(open, { isServer: true }));

  describe('whose connections are set up in its own way', () => {
    let engine: ProcessEngine;

    before(async () => {
      await open();
      engine = createEngine({ storage: createStorage({ sequelize }), nodeId: 'shared' });
      await engine.start();
      const model = processBuilder('order').startEvent('start').userTask('approve').endEvent('done');
      await engine.managementApi.deploy(identity, { files: [{ name: 'order.bpmn', xml: model.toXml() }] });
    });

    after(() => engine?.stop());

    const running = async (): Promise<number> =>
      (await engine.managementApi.getProcessInstances(identity, {})).processInstances.length;
    const lockWait = async (transaction?: Transaction): Promise<unknown> => {
      const options = transaction === undefined ? {} : { transaction };
      const sql = 'select @@session.innodb_lock_wait_timeout as seconds';
      const [row] = await sequelize.query<{ seconds: number }>(sql, { type: QueryTypes.SELECT, ...options });
      return row?.seconds;
    };

    it('gives them back as they were', async () => {
      const usual = await lockWait();
      const transaction = await sequelize.transaction();
      await engine.within(transaction).consumerApi.startProcessInstance(identity, 'order');
      expect(await lockWait(transaction)).to.equal(usual);
      await transaction.rollback();
      await engine.consumerApi.startProcessInstance(identity, 'order');
      const all = await Promise.all(Array.from({ length: 5 }, () => lockWait()));
      expect(new Set(all)).to.deep.equal(new Set([usual]));
    });

    it('refuses a transaction that would read what is outdated, and says what it needs', async () => {
      const before = await running();
      const isolationLevel = 'REPEATABLE READ' as Transaction.ISOLATION_LEVELS;
      const transaction = await sequelize.transaction({ isolationLevel });
      const [outcome] = await Promise.allSettled([
        engine.within(transaction).consumerApi.startProcessInstance(identity, 'order'),
      ]);
      await transaction.commit();
      expect(outcome)
        .to.have.nested.property('reason.message')
        .that.matches(/begin it with isolationLevel 'READ COMMITTED'/);
      expect(await running()).to.equal(before);
    });

    it('stores nothing of a transaction that a deadlock has undone, whoever goes on with it', async () => {
      await sequelize.query('create table if not exists account (id int primary key, amount int)');
      await sequelize.query('replace into account values (1, 0), (2, 0)');
      const before = await running();
      const { processInstanceId } = await engine.consumerApi.startProcessInstance(identity, 'order');
      const { userTasks } = await engine.consumerApi.getUserTasksForProcessInstance(identity, processInstanceId);
      const { correlationId, flowNodeInstanceId } = userTasks[0]!;
      const add = (id: number, transaction: Transaction) =>
        sequelize.query(`update account set amount = amount + 1 where id = ${id}`, { transaction });
      const lockInstance = (transaction: Transaction) =>
        sequelize.query(`update process_instance set owner_id = 'other' where id = '${processInstanceId}'`, {
          transaction,
        });

      const transaction = await sequelize.transaction();
      const other = await sequelize.transaction();
      // It has changed more rows, so the database lets the first transaction give way.
      const rows = Array.from({ length: 200 }, (_, at) => `('ballast-${at}', 1)`).join(', ');
      await sequelize.query(`insert into commit_log (id, created_at) values ${rows}`, { transaction: other });
      await add(1, transaction);
      await lockInstance(other);
      const finished = Promise.allSettled([
        engine
          .within(transaction)
          .consumerApi.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId),
      ]);
      await waitingOf(database);
      await add(1, other);
      const [outcome] = await finished;
      expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
      expect(outcome)
        .to.have.nested.property('reason.message')
        .that.matches(/has undone the whole transaction/);
      const rest = await Promise.allSettled([
        add(2, transaction),
        engine.within(transaction).consumerApi.startProcessInstance(identity, 'order'),
      ]);
      expect(rest.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
      const [commit] = await Promise.allSettled([transaction.commit()]);
      expect(commit.status).to.equal('rejected');
      await other.rollback();

      const [accounts] = await sequelize.query('select amount from account order by id');
      expect(accounts).to.deep.equal([{ amount: 0 }, { amount: 0 }]);
      expect(await running()).to.equal(before + 1);
      await engine.consumerApi.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId);
    });
  });
});
