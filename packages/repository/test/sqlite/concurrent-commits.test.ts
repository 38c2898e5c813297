import { join } from 'node:path';

import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ConflictError } from '@process-engine/contracts/storage';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';

import { conflicting, endOf, startOf } from '../support/change-sets.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('concurrent commits to a SQLite file', () => {
  const folder = temporaryFolder();
  let storage: SequelizeStorage;
  let files = 0;

  beforeEach(async () => {
    files += 1;
    storage = createStorage({ dialect: 'sqlite', storage: join(folder, `${files}.sqlite`) });
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
    expect((await storage.loadInstance('instance-1'))?.instance.version).to.equal(2);
  });

  it('are finished before the storage closes', async () => {
    const commits = Array.from({ length: 150 }, (_, at) => storage.commit(startOf(`instance-${at}`)));
    await storage.close();
    await Promise.all(commits);
    await storage.open();
    expect((await storage.findProcessInstances({ tenantId: '' })).totalCount).to.equal(150);
  });
});

describe('the statements of a commit', () => {
  it('are few, however many rows a table gets', async () => {
    const storage = createStorage({ dialect: 'sqlite', storage: ':memory:' });
    await storage.open();
    const first = storage.statistics;
    await storage.commit(startOf('instance-1'));
    const second = storage.statistics;
    // Begin, one insert for each table: instance, flow node instances, variable, task; commit.
    expect(second.statements - first.statements).to.equal(6);
    expect(second.rows - first.rows).to.equal(5);
    await storage.commit({
      variables: {
        upsert: Array.from({ length: 64 }, (_, at) => ({
          processInstanceId: 'instance-1',
          scopeId: 'instance-1',
          name: `v${at}`,
          value: at,
        })),
      },
    });
    expect(storage.statistics.statements - second.statements).to.equal(6);
    await storage.close();
  });
});
