import { expect } from 'chai';
import { afterEach, beforeEach, it } from 'mocha';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { createEngine, type ProcessEngine } from '@process-engine/core';
import { processBuilder } from '@process-engine/core/testing';
import type { Sequelize, Transaction } from 'sequelize';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';

const identity = { userId: 'alice', token: '' };

/** The application's part of the database. */
export interface SharedDatabase {
  readonly sequelize: Sequelize;
  close(): Promise<void>;
}

export interface WithinOptions {
  /** Others may write while a transaction of the application is under way. */
  readonly isServer: boolean;
}

/** What an engine in a transaction of the application has to show. @param open a database without rows */
export function withinCases(open: () => Promise<SharedDatabase>, { isServer }: WithinOptions): void {
  let database: SharedDatabase;
  let sequelize: Sequelize;
  let storage: SequelizeStorage;
  let engine: ProcessEngine;
  let notified: string[];

  beforeEach(async () => {
    database = await open();
    ({ sequelize } = database);
    await sequelize.query('drop table if exists invoice');
    await sequelize.query('create table invoice (number varchar(50) primary key)');
    notified = [];
    const service = async (): Promise<void> => {
      notified.push('service');
      return Promise.resolve();
    };
    storage = createStorage({ sequelize });
    engine = createEngine({
      storage,
      nodeId: 'shared',
      eventLog: 'all',
      services: { book: service },
    });
    await engine.start();
    const model = processBuilder('order')
      .startEvent('start')
      .userTask('approve')
      .serviceTask('book', 'book')
      .endEvent('done');
    await engine.managementApi.deploy(identity, { files: [{ name: 'order.bpmn', xml: model.toXml() }] });
    for (const what of ['waiting', 'finished']) {
      await engine.notificationApi.subscribe(identity, `user_task_${what}`, () => {
        notified.push(what);
      });
    }
  });

  afterEach(async () => {
    // A test that has failed may have left one.
    for (const transaction of begun.splice(0)) await transaction.rollback().catch(() => undefined);
    await engine.stop();
    await database.close();
  });

  const begun: Transaction[] = [];
  const begin = async (): Promise<Transaction> => {
    const transaction = await sequelize.transaction();
    begun.push(transaction);
    return transaction;
  };
  const invoice = (number: string, transaction: Transaction): Promise<unknown> =>
    sequelize.query('insert into invoice (number) values (?)', { replacements: [number], transaction });
  const invoices = async (): Promise<number> => (await sequelize.query('select number from invoice'))[0].length;
  const running = async (): Promise<number> =>
    (await engine.managementApi.getProcessInstances(identity, {})).processInstances.length;

  async function finish(api: Pick<ProcessEngine, 'consumerApi'>, processInstanceId: string): Promise<void> {
    const { userTasks } = await api.consumerApi.getUserTasksForProcessInstance(identity, processInstanceId);
    const { correlationId, flowNodeInstanceId } = userTasks[0]!;
    await api.consumerApi.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId, {
      formFields: {},
    });
  }

  it('starts and completes together with rows of the application, and notifies after the commit', async () => {
    const transaction = await begin();
    const within = engine.within(transaction);
    await invoice('1', transaction);
    const { processInstanceId } = await within.consumerApi.startProcessInstance(identity, 'order');
    await finish(within, processInstanceId);
    expect(notified).to.deep.equal([]);
    await transaction.commit();
    await engine.idle();
    expect(notified.sort()).to.deep.equal(['finished', 'service', 'waiting']);
    const { state } = await engine.managementApi.getProcessInstance(identity, processInstanceId);
    expect([state, await invoices()]).to.deep.equal(['finished', 1]);
  });

  it('leaves nothing behind after a rollback, and tells nobody', async () => {
    const { processInstanceId } = await engine.consumerApi.startProcessInstance(identity, 'order');
    await engine.idle();
    notified = [];
    const transaction = await begin();
    const within = engine.within(transaction);
    await invoice('1', transaction);
    await within.consumerApi.startProcessInstance(identity, 'order');
    await finish(within, processInstanceId);
    await transaction.rollback();
    await engine.idle();
    expect([notified, await running(), await invoices()]).to.deep.equal([[], 1, 0]);
    await finish(engine, processInstanceId);
    await engine.idle();
    const { state } = await engine.managementApi.getProcessInstance(identity, processInstanceId);
    expect(state).to.equal('finished');
  });

  it('undoes a call that fails, and the transaction goes on', async () => {
    const transaction = await begin();
    const within = engine.within(transaction);
    const payload = { idempotencyKey: 'once' };
    const first = await within.consumerApi.startProcessInstance(identity, 'order', payload);
    const again = await within.consumerApi.startProcessInstance(identity, 'order', payload);
    await invoice('1', transaction);
    await transaction.commit();
    expect([again.processInstanceId, await running(), await invoices()]).to.deep.equal([first.processInstanceId, 1, 1]);
  });

  it('goes on from what was committed in the meantime, not from memory', async () => {
    const { processInstanceId } = await engine.consumerApi.startProcessInstance(identity, 'order');
    const transaction = await begin();
    await finish(engine.within(transaction), processInstanceId);
    await transaction.commit();
    const [second] = await Promise.allSettled([finish(engine, processInstanceId)]);
    expect(second.status).to.equal('rejected');
  });

  it('answers a call without the transaction that waits for it within its limit, with the reason', async () => {
    const { processInstanceId } = await engine.consumerApi.startProcessInstance(identity, 'order');
    const transaction = await begin();
    const { userTasks } = await engine.consumerApi.getUserTasksForProcessInstance(identity, processInstanceId);
    const { correlationId, flowNodeInstanceId } = userTasks[0]!;
    await finish(engine.within(transaction), processInstanceId);
    const before = Date.now();
    const [outcome] = await Promise.allSettled([
      engine.consumerApi.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId),
    ]);
    expect(Date.now() - before).to.be.within(4_000, 12_000);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/inside a transaction that is not given this transaction waits for itself/);
    await transaction.commit();
    await engine.idle();
  });

  if (isServer) {
    it('answers the extension of a lock that waits for it within its limit, too', async () => {
      const { externalTaskApi } = engine;
      const model = processBuilder('posting').startEvent('start').externalTask('post', 'mail').endEvent('done');
      await engine.managementApi.deploy(identity, { files: [{ name: 'posting.bpmn', xml: model.toXml() }] });
      await engine.consumerApi.startProcessInstance(identity, 'posting');
      const [task] = await externalTaskApi.fetchAndLockExternalTasks(identity, 'w', 'mail', 1, 5_000, 60_000);
      const transaction = await begin();
      await engine.within(transaction).externalTaskApi.finishExternalTask(identity, 'w', task!.id, {});
      const [outcome] = await Promise.allSettled([externalTaskApi.extendLock(identity, 'w', task!.id, 60_000)]);
      expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
      await transaction.rollback();
      await externalTaskApi.extendLock(identity, 'w', task!.id, 60_000);
    });

    it('keeps readers of the event log before its events until it has ended', async () => {
      await engine.idle();
      const before = await storage.lastEvent();
      const kinds = async () => (await storage.readEvents(before, 100)).map(({ kind }) => kind);
      const transaction = await begin();
      await engine.within(transaction).consumerApi.startProcessInstance(identity, 'order');
      await engine.consumerApi.startProcessInstance(identity, 'order');
      expect(await kinds()).to.deep.equal([]);
      await transaction.commit();
      await engine.idle();
      expect((await kinds()).filter((kind) => kind === 'user_task_waiting')).to.have.length(2);
    });
  }

  it('refuses what cannot be a part of a transaction', async () => {
    const transaction = await begin();
    const { consumerApi, externalTaskApi, managementApi } = engine.within(transaction);
    const refused = await Promise.allSettled([
      consumerApi.startProcessInstance(identity, 'order', {}, 2),
      consumerApi.startProcessInstance(identity, 'order', {}, 3, undefined, 'done'),
      externalTaskApi.fetchAndLockExternalTasks(identity, 'w', 'mail', 1, 1_000, 1_000),
      managementApi.deploy(identity, { files: [{ name: 'empty.bpmn', xml: '<x/>' }] }),
    ]);
    const reasons = refused.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as Error) : undefined));
    for (const reason of reasons) expect(reason).to.include({ code: 400, reason: 'within-transaction' });
    await transaction.rollback();
    expect(() => engine.within(transaction)).to.throw(/has ended/);
    expect(() => engine.within({})).to.throw(/a transaction of Sequelize is expected/);
  });
}
