import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';

import { commitAtOnce } from '../../dist/dialects/postgres/commit-at-once.js';
import { commitWaves } from '../../dist/dialects/server/commit-waves.js';
import { encodeChanges } from '../../dist/encoded-changes.js';
import { PostgresSessions } from '../../dist/dialects/postgres/postgres-sessions.js';
import type { PostgresConnection } from '../../dist/dialects/postgres/postgres-connection.js';
import { PooledConnections, type Connections } from '../../dist/dialects/server/connections.js';
import { endOf, startOf } from '../support/change-sets.js';
import { serverDatabase } from '../support/server-database.js';
import { postgresServer } from './postgres-server.js';

type When = 'before' | 'after';

/** Connections of which the first one asked to commit breaks, before or after the database has done so. */
class BreakingConnections implements Connections<PostgresConnection> {
  readonly #pool: Connections<PostgresConnection>;
  readonly #lent = new Map<PostgresConnection, PostgresConnection>();
  #when: When | undefined;

  constructor(pool: Connections<PostgresConnection>, when: When) {
    this.#pool = pool;
    this.#when = when;
  }

  async acquire(): Promise<PostgresConnection> {
    const connection = await this.#pool.acquire();
    const breaking = new Proxy(connection, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const call = (): unknown => Reflect.apply(value as (...all: unknown[]) => unknown, target, args);
          const when = this.#when;
          if (key !== 'query' || when === undefined || !commits(args[0])) return call();
          this.#when = undefined;
          if (when === 'after') await call();
          throw new Error('Connection terminated unexpectedly');
        };
      },
    });
    this.#lent.set(breaking, connection);
    return breaking;
  }

  release(connection: PostgresConnection): void {
    this.#pool.release(this.#lent.get(connection) ?? connection);
  }
}

function commits(statement: unknown): boolean {
  const sql = typeof statement === 'string' ? statement : (statement as { readonly text: string }).text;
  return sql === 'commit' || sql.startsWith('with c as (insert into commit_log');
}

describe('PostgreSQL, when a connection is lost', function () {
  this.timeout(20_000);
  const database = serverDatabase(postgresServer);
  let storage: SequelizeStorage;

  beforeEach(async () => {
    await database.createEmpty();
    storage = createStorage({ sequelize: database.sequelize });
    await storage.open();
  });

  afterEach(() => storage.close());

  async function commitLosing(when: When): Promise<PromiseSettledResult<unknown>> {
    const pool = new PooledConnections<PostgresConnection>(database.sequelize);
    const sessions = new PostgresSessions(new BreakingConnections(pool, when));
    const [outcome] = await Promise.allSettled([
      sessions.transaction((session) => session.run("insert into commit_log (id, created_at) values ('one', ?)", [1])),
    ]);
    return outcome;
  }

  it('a commit whose answer was lost counts as done when the database has done it', async () => {
    expect(await commitLosing('after')).to.deep.equal({ status: 'fulfilled', value: 1 });
    expect((await database.sequelize.query('select id from commit_log'))[0]).to.deep.equal([{ id: 'one' }]);
  });

  it('a commit that never arrived is told to be undone', async () => {
    const outcome = await commitLosing('before');
    expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/rolled back/);
    expect((await database.sequelize.query('select id from commit_log'))[0]).to.deep.equal([]);
  });

  async function commitAtOnceLosing(when: When): Promise<readonly [PromiseSettledResult<unknown>, string | undefined]> {
    const pool = new PooledConnections<PostgresConnection>(database.sequelize);
    const sessions = new PostgresSessions(new BreakingConnections(pool, when));
    const [wave] = commitWaves([{ weight: 0, encoded: encodeChanges(startOf('instance-1')) }]);
    const [outcome] = await Promise.allSettled([commitAtOnce(sessions, wave!)]);
    return [outcome, (await storage.loadInstance('instance-1'))?.instance.id];
  }

  it('a commit in one statement whose answer was lost counts as done when the database has done it', async () => {
    const [outcome, stored] = await commitAtOnceLosing('after');
    expect(outcome).to.deep.equal({ status: 'fulfilled', value: true });
    expect(stored).to.equal('instance-1');
  });

  it('a commit in one statement that never arrived is told to be undone, and cannot arrive later', async () => {
    const [outcome, stored] = await commitAtOnceLosing('before');
    expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/rolled back/);
    expect(stored).to.equal(undefined);
    expect((await database.sequelize.query('select id from commit_log'))[0]).to.have.length(1);
  });

  it('work under way fails with a hint to try again, and the next work has a new connection', async () => {
    await storage.commit(startOf('instance-1'));
    const blocker = await database.sequelize.transaction();
    await database.sequelize.query("select id from process_instance where id = 'instance-1' for update", {
      transaction: blocker,
    });
    const commit = Promise.allSettled([storage.commit(endOf('instance-1'))]);
    await cutWaiting();
    await blocker.rollback();
    const [outcome] = await commit;
    expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    expect(outcome).to.have.nested.property('reason.retryAfter').that.is.greaterThan(0);
    await storage.commit(endOf('instance-1'));
    expect((await storage.loadInstance('instance-1'))?.instance.version).to.equal(2);
  });

  it('idle connections that were cut are replaced', async () => {
    await storage.commit(startOf('instance-1'));
    await cutConnections('pid <> pg_backend_pid()');
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

  /** Cuts the connection that waits for the blocked row, once it does. */
  async function cutWaiting(): Promise<void> {
    const deadline = Date.now() + 4_000;
    while ((await cutConnections("wait_event_type = 'Lock'")) === 0) {
      if (Date.now() > deadline) throw new Error('no commit waits for the row');
    }
  }

  /** Cuts those of this suite's connections that meet the condition; answers their number. */
  async function cutConnections(condition: string): Promise<number> {
    const [rows] = await database.sequelize.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = '${database.config.schema ?? ''}' and ${condition}`,
    );
    return rows.length;
  }
});
