import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { storageSuite } from '@process-engine/core/testing';
import { ConflictError, type ExternalTaskRecord, type JobRecord } from '@process-engine/contracts/storage';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';

import { MIGRATIONS } from '../../dist/migrations/migrate.js';
import { conflicting, endOf, startOf } from './change-sets.js';
import { serverDatabase, type ServerDatabase, type TestServer } from './server-database.js';

/** What every database server has to show. */
export function serverSuite(server: TestServer): void {
  describe(server.title, function () {
    this.timeout(20_000);
    const database = serverDatabase(server);
    storageSuite(server.title, () => database.createEmpty(), { describe, it, beforeEach, afterEach });
    describe('concurrent commits', () => commitCases(database));
    describe('two storages on one database', () => sharingCases(database));
  });
}

function commitCases(database: ServerDatabase): void {
  let storage: SequelizeStorage;

  beforeEach(async () => {
    storage = await database.createEmpty();
    await storage.open();
  });

  afterEach(() => storage.close());

  it('all succeed, in few transactions', async () => {
    const before = storage.statistics;
    const ids = Array.from({ length: 200 }, (_, at) => `instance-${at}`);
    await Promise.all(ids.map((id) => storage.commit(startOf(id))));
    await Promise.all(ids.map((id) => storage.commit(endOf(id))));
    const found = await storage.findProcessInstances({ tenantId: '', states: ['finished'] });
    expect(found.totalCount).to.equal(200);
    const after = storage.statistics;
    expect(after.transactions - before.transactions).to.equal(4);
    expect(after.rows - before.rows).to.equal(200 * (5 + 4));
  });

  it('answer each caller for itself when some of them conflict', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, at) => storage.commit(at % 10 === 3 ? conflicting() : startOf(`instance-${at}`))),
    );
    const rejected = outcomes.flatMap((outcome, at) => (outcome.status === 'rejected' ? [[at, outcome.reason]] : []));
    expect(rejected.map(([at]) => at)).to.deep.equal([3, 13, 23, 33, 43]);
    expect(rejected.every(([, reason]) => reason instanceof ConflictError)).to.equal(true);
    expect((await storage.findProcessInstances({ tenantId: '' })).totalCount).to.equal(45);
  });

  it('see what commits before them in the same transaction wrote', async () => {
    const outcomes = await Promise.allSettled([
      storage.commit(startOf('instance-1')),
      storage.commit(endOf('instance-1')),
      storage.commit(endOf('instance-1')),
    ]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'fulfilled', 'rejected']);
    const stored = await storage.loadInstance('instance-1');
    expect(stored?.instance.version).to.equal(2);
    expect((await storage.findUserTasks({ tenantId: '' })).totalCount).to.equal(0);
  });

  it('are finished before the storage closes', async () => {
    const commits = Array.from({ length: 150 }, (_, at) => storage.commit(startOf(`instance-${at}`)));
    await storage.close();
    await Promise.all(commits);
    await storage.open();
    expect((await storage.findProcessInstances({ tenantId: '' })).totalCount).to.equal(150);
  });

  it('show events in the order of their numbers, none turns up behind a reader', async () => {
    const seen: number[] = [];
    let isWriting = true;
    const reader = (async () => {
      let last = false;
      while (!last) {
        last = !isWriting;
        for (const { seq } of await storage.readEvents(seen.at(-1) ?? 0, 1000)) seen.push(seq);
      }
    })();
    const event = { processInstanceId: null, kind: 'tick', payload: {}, createdAt: 1 };
    for (let round = 0; round < 20; round += 1) {
      const commits = Array.from({ length: 10 }, () => storage.commit({ events: [event, event] }));
      await Promise.all(commits);
    }
    isWriting = false;
    await reader;
    expect(seen.length).to.equal(400);
    expect((await storage.readEvents(0, 1000)).map(({ seq }) => seq)).to.deep.equal(seen);
  });
}

function sharingCases(database: ServerDatabase): void {
  let storages: readonly SequelizeStorage[];

  beforeEach(async () => {
    storages = [await database.createEmpty(), createStorage(database.config)];
    await Promise.all(storages.map((storage) => storage.open()));
  });

  afterEach(async () => {
    await Promise.all(storages.map((storage) => storage.close()));
  });

  it('know that they share it', () => {
    expect(storages.map(({ shared }) => shared)).to.deep.equal([true, true]);
  });

  it('claim different tasks and jobs', async () => {
    const ids = Array.from({ length: 100 }, (_, at) => `row-${String(at).padStart(3, '0')}`);
    await storages[0]?.commit({ externalTasks: { insert: ids.map(task) }, jobs: { insert: ids.map(job) } });
    const claim = { tenantId: '', topic: 'mail', now: 1000, lockUntil: 9000, maxTasks: 5 };
    const claims = Array.from({ length: 20 }, (_, at) => storages[at % 2]).map(async (storage, at) => {
      const tasks = await storage?.claimExternalTasks({ ...claim, workerId: `w${at}` });
      const jobs = await storage?.claimJobs({ owner: `node-${at}`, now: 1000, lockUntil: 9000, limit: 5 });
      return { tasks: tasks ?? [], jobs: jobs ?? [] };
    });
    const claimed = await Promise.all(claims);
    const taskIds = claimed.flatMap(({ tasks }) => tasks.map(({ id }) => id));
    const jobIds = claimed.flatMap(({ jobs }) => jobs.map(({ id }) => id));
    expect(new Set(taskIds).size).to.equal(taskIds.length);
    expect(new Set(jobIds).size).to.equal(jobIds.length);
    // Rows that another claim had locked at the moment were skipped, and are there for the next one.
    const rest = await storages[0]?.claimExternalTasks({ ...claim, workerId: 'last', maxTasks: 0 });
    expect([...taskIds, ...(rest ?? []).map(({ id }) => id)].sort()).to.deep.equal(ids);
  });

  it('commit to the same instances at the same time: each version is written once', async () => {
    const ids = Array.from({ length: 40 }, (_, at) => `instance-${at}`);
    await Promise.all(ids.map((id) => storages[0]?.commit(startOf(id))));
    const backwards = [...ids].reverse();
    const [left, right] = await Promise.all([
      Promise.allSettled(ids.map(async (id) => storages[0]?.commit(endOf(id)))),
      Promise.allSettled(backwards.map(async (id) => storages[1]?.commit(endOf(id)))),
    ]);
    const outcomes = [...left, ...right];
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(outcomes.length - reasons.length).to.equal(40);
    expect(reasons.filter((reason) => !(reason instanceof ConflictError))).to.deep.equal([]);
    const found = await storages[0]?.findProcessInstances({ tenantId: '', states: ['finished'] });
    expect(found?.totalCount).to.equal(40);
  });

  it('take turns at one instance: nobody is too late', async () => {
    await storages[0]?.commit(startOf('instance-1'));
    const change = (storage: SequelizeStorage | undefined) =>
      storage?.changeInstance('instance-1', (stored) => {
        const { id, version } = stored!.instance;
        const update = { id, expectedVersion: version, set: { version: version + 1 } };
        return Promise.resolve({ processInstances: { update: [update] } });
      });
    await Promise.all(Array.from({ length: 40 }, (_, at) => change(storages[at % 2])));
    expect((await storages[1]?.loadInstance('instance-1'))?.instance.version).to.equal(41);
  });

  it('bring the schema up to date one after the other', async () => {
    const { sequelize, config } = database;
    await sequelize.query('drop table event_log');
    await sequelize.query('drop table commit_log');
    await sequelize.query('drop table process_engine_migration');
    const others = Array.from({ length: 4 }, () => createStorage(config));
    await Promise.all(others.map((storage) => storage.open()));
    await Promise.all(others.map((storage) => storage.close()));
    const [rows] = await sequelize.query('select name from process_engine_migration');
    expect(rows).to.deep.equal(MIGRATIONS.map(({ name }) => ({ name })));
  });
}

function task(id: string): ExternalTaskRecord {
  return {
    id,
    processInstanceId: 'instance-1',
    tenantId: '',
    topic: 'mail',
    correlationId: 'correlation-1',
    processModelId: 'order',
    flowNodeId: 'task',
    ownerId: 'alice',
    payload: { amount: 1 },
    workerId: null,
    lockedUntil: 0,
    retries: null,
    priority: 0,
    createdAt: 1,
  };
}

function job(id: string): JobRecord {
  return {
    id,
    tenantId: '',
    kind: 'timer',
    processInstanceId: 'instance-1',
    definitionId: null,
    flowNodeInstanceId: null,
    flowNodeId: null,
    dueAt: 1,
    owner: null,
    lockedUntil: 0,
    attempts: 0,
    error: null,
    failedAt: null,
    payload: null,
    createdAt: 1,
  };
}
