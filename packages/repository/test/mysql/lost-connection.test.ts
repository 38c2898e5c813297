import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ConflictError, StorageUnavailableError } from '@process-engine/contracts/storage';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';

import type { MysqlConnection } from '../../dist/dialects/mysql/mysql-connection.js';
import { MysqlSessions } from '../../dist/dialects/mysql/mysql-sessions.js';
import { PooledConnections } from '../../dist/dialects/server/connections.js';
import { endOf, startOf } from '../support/change-sets.js';
import { serverDatabase } from '../support/server-database.js';
import { BreakingConnections, type When } from './breaking-connections.js';
import { connectionsOf, waitingOf } from './connections-of.js';
import { mariadbServer } from './mariadb-server.js';

describe('MariaDB, when a connection is lost', function () {
  this.timeout(20_000);
  const database = serverDatabase(mariadbServer);
  let storage: SequelizeStorage;

  beforeEach(async () => {
    storage = await database.createEmpty();
    await storage.open();
  });

  afterEach(() => storage.close());

  const INSERT =
    "insert into message (id, tenant_id, name, key_hash, expires_at, created_at) values (?, '', 'm', '', 1, 1)";

  async function commitLosing(when: When): Promise<PromiseSettledResult<unknown>> {
    const pool = new PooledConnections<MysqlConnection>(database.sequelize);
    const sessions = new MysqlSessions(new BreakingConnections(pool, when));
    const [outcome] = await Promise.allSettled([sessions.transaction((session) => session.run(INSERT, ['one']))]);
    return outcome;
  }

  async function messages(): Promise<unknown> {
    return (await database.sequelize.query('select id from message'))[0];
  }

  it('a commit whose answer was lost counts as done when the database has done it', async () => {
    expect(await commitLosing('after')).to.deep.equal({ status: 'fulfilled', value: 1 });
    expect(await messages()).to.deep.equal([{ id: 'one' }]);
  });

  it('a commit that never arrived is told to be undone', async () => {
    const outcome = await commitLosing('before');
    expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/rolled back/);
    expect(await messages()).to.deep.equal([]);
  });

  it('a commit whose mark was removed meanwhile is a conflict, and the next one has a mark again', async () => {
    await storage.commit(startOf('instance-1'));
    await database.sequelize.query('delete from commit_log');
    const [outcome] = await Promise.allSettled([storage.commit(startOf('instance-2'))]);
    expect(outcome).to.have.property('reason').that.is.instanceOf(ConflictError);
    await storage.commit(startOf('instance-2'));
    expect((await storage.findProcessInstances({ tenantId: '' })).totalCount).to.equal(2);
  });

  it('work under way fails with a hint to try again, and the next work has a new connection', async () => {
    await storage.commit(startOf('instance-1'));
    const blocker = await database.sequelize.transaction();
    await database.sequelize.query("select id from process_instance where id = 'instance-1' for update", {
      transaction: blocker,
    });
    const commit = Promise.allSettled([storage.commit(endOf('instance-1'))]);
    try {
      for (const id of await waitingOf(database)) await database.sequelize.query(`kill ${id}`);
    } finally {
      await blocker.rollback();
    }
    const [outcome] = await commit;
    expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    expect(outcome).to.have.nested.property('reason.retryAfter').that.is.greaterThan(0);
    await storage.commit(endOf('instance-1'));
    expect((await storage.loadInstance('instance-1'))?.instance.version).to.equal(2);
  });

  it('idle connections that were cut are replaced', async () => {
    await storage.commit(startOf('instance-1'));
    for (const id of await connectionsOf(database)) await database.sequelize.query(`kill ${id}`);
    const outcomes: string[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const [{ status }] = await Promise.allSettled([storage.loadInstance('instance-1')]);
      outcomes.push(status);
    }
    expect(outcomes.at(-1)).to.equal('fulfilled');
  });

  it('a server that is not there is unavailable, and named', async () => {
    const away = createStorage({ ...database.config, port: 1 });
    const [outcome] = await Promise.allSettled([away.open()]);
    expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/cannot be reached/);
  });
});
