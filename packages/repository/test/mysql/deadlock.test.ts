import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ConflictError, StorageUnavailableError } from '@process-engine/contracts/storage';
import type { SequelizeStorage } from '@process-engine/repository';

import { endOf, startOf } from '../support/change-sets.js';
import { serverDatabase } from '../support/server-database.js';
import { waitingOf } from './connections-of.js';
import { mariadbServer } from './mariadb-server.js';

describe('MariaDB, in a deadlock', function () {
  this.timeout(20_000);
  const database = serverDatabase(mariadbServer);
  let storage: SequelizeStorage;

  beforeEach(async () => {
    storage = await database.createEmpty();
    await storage.open();
    await Promise.all(['instance-1', 'instance-2'].map((id) => storage.commit(startOf(id))));
  });

  afterEach(() => storage.close());

  /**
   * A transaction of somebody else locks the second instance, and the first one as soon as the commits, which lock them in
   * the other order, wait. It has changed more rows, so the database lets the commits give way.
   */
  async function deadlock(commits: () => Promise<void>[]): Promise<PromiseSettledResult<void>[]> {
    const { sequelize } = database;
    const transaction = await sequelize.transaction();
    const lock = (id: string): Promise<unknown> =>
      sequelize.query(`update process_instance set owner_id = 'other' where id = '${id}'`, { transaction });
    const rows = Array.from({ length: 200 }, (_, at) => `('ballast-${at}', 1)`).join(', ');
    await sequelize.query(`insert into commit_log (id, created_at) values ${rows}`, { transaction });
    await lock('instance-2');
    const outcomes = Promise.allSettled(commits());
    try {
      await waitingOf(database);
      await lock('instance-1');
      await transaction.commit();
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
    return outcomes;
  }

  it('commits of a common transaction are committed again, each for itself, and it is counted', async () => {
    const before = storage.statistics.rollbacks;
    const outcomes = await deadlock(() => ['instance-1', 'instance-2'].map((id) => storage.commit(endOf(id))));
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'fulfilled']);
    expect(storage.statistics.rollbacks - before).to.equal(1);
    for (const id of ['instance-1', 'instance-2']) {
      const instance = (await storage.loadInstance(id))?.instance;
      expect(instance).to.include({ version: 2, state: 'finished', ownerId: 'other' });
    }
  });

  it('a commit that is alone is told that another transaction came first, with nothing of it kept', async () => {
    const both = {
      processInstances: {
        update: ['instance-1', 'instance-2'].flatMap((id) => endOf(id).processInstances?.update ?? []),
      },
    };
    const [outcome] = await deadlock(() => [storage.commit(both)]);
    expect(outcome).to.have.property('reason').that.is.instanceOf(ConflictError);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/Deadlock/);
    for (const id of ['instance-1', 'instance-2']) {
      expect((await storage.loadInstance(id))?.instance).to.include({ version: 1, state: 'running' });
    }
  });

  it('a commit that waits for a row in vain gives way after some seconds', async () => {
    const transaction = await database.sequelize.transaction();
    await database.sequelize.query("select id from process_instance where id = 'instance-1' for update", {
      transaction,
    });
    const [outcome] = await Promise.allSettled([storage.commit(endOf('instance-1'))]);
    await transaction.rollback();
    expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    await storage.commit(endOf('instance-1'));
    expect((await storage.loadInstance('instance-1'))?.instance.version).to.equal(2);
  });
});
