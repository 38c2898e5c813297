import type { Sequelize } from 'sequelize';

import type { SqlRow } from '../../row-codec.js';
import type { Dialect } from '../dialect.js';
import type { Wave } from '../server/commit-waves.js';
import { ownConnection, PooledConnections } from '../server/connections.js';
import { DatabaseClock } from '../server/database-clock.js';
import { checkPool, serverOptions } from '../server/server-options.js';
import { ServerHotPath, type InTransaction } from '../server/server-hot-path.js';
import type { ServerStatements } from '../server/server-statements.js';
import type { Sessions } from '../server/sessions.js';
import { onlyConnection, TransactionSessions, type SavepointStatements } from '../server/transaction-sessions.js';
import * as bulk from './bulk-statements.js';
import * as claims from './claim-statements.js';
import { DATABASE_TIME, sweepCommitLog } from './commit-log.js';
import { commitAtOnce } from './commit-at-once.js';
import { preferIndexes } from './plan-settings.js';
import type { ListeningConnection, PostgresConnection } from './postgres-connection.js';
import { toStorageError } from './postgres-errors.js';
import { PostgresSessions } from './postgres-sessions.js';
import { PostgresWakeUps } from './postgres-wake-ups.js';
import { askTogether } from './question-statements.js';
import { SettledEvents } from './settled-events.js';

/** PostgreSQL, version 12 or later. */
export const postgresDialect: Dialect = {
  // Texts are compared by code point, whatever the language of the database.
  schema: {
    types: {
      id: 'text collate "C"',
      text: 'text collate "C"',
      json: 'text',
      integer: 'bigint',
      count: 'integer',
      flag: 'smallint',
    },
    counter: 'bigint generated always as identity primary key',
    tableOptions: '',
    partialIndexes: true,
    findColumn:
      'select 1 from information_schema.columns where table_schema = current_schema() and table_name = ? and column_name = ?',
  },

  sequelizeOptions(config) {
    const { schema, ssl } = config;
    return {
      ...serverOptions(config),
      dialect: 'postgres',
      dialectOptions: {
        application_name: 'process-engine',
        keepAlive: true,
        connectionTimeoutMillis: 10_000,
        query_timeout: 60_000,
        ...(ssl === true ? { ssl: true } : {}),
        ...(typeof schema === 'string' ? { options: `-c search_path=${schema}` } : {}),
      },
      hooks: { afterConnect: preferIndexes },
    };
  },

  checkShared: checkPool,

  async connect(sequelize: Sequelize, { schema }) {
    const sessions = new PostgresSessions(new PooledConnections<PostgresConnection>(sequelize));
    await sessions.use((session) => session.rows('select 1', []));
    const clock = new DatabaseClock();
    for (let sample = 0; sample < CLOCK_SAMPLES; sample += 1) await clock.measure(() => timeOf(sessions));
    const wakeUps = new PostgresWakeUps(() => ownConnection<ListeningConnection>(sequelize), clock);
    const own = statements(sessions, schema ?? undefined);
    const alone = {
      ...own,
      sweepCommitLog: () => sweepCommitLog(sessions),
      commitAtOnce: (wave: Wave) => commitAtOnce(sessions, wave),
    };
    return new ServerHotPath(sessions, alone, {
      clock,
      wakeUps,
      within: ({ connection }) => within(connection as PostgresConnection, own),
    });
  },
};

function statements(sessions: PostgresSessions, schema: string | undefined): ServerStatements {
  const settled = new SettledEvents();
  return {
    jsonArray: 'json_build_array',
    toStorageError,
    ...bulk,
    ...claims,
    askTogether,
    settledEvents: () => settled.upTo(sessions),
    exclusively: (_, body) => exclusively(sessions, schema, body),
  };
}

function within(connection: PostgresConnection, statements: ServerStatements): InTransaction {
  const sessions = new TransactionSessions(new PostgresSessions(onlyConnection(connection)), savepointStatements());
  return { sessions, statements };
}

/** Inside, locks are waited for as long as outside; the application's own setting comes back. */
function savepointStatements(): SavepointStatements {
  let before: SqlRow | undefined;
  return {
    begin: async (session) => {
      [before] = await session.rows("select current_setting('lock_timeout')", []);
      await session.run('savepoint process_engine', []);
      await session.run("set local lock_timeout = '5s'", []);
      return session;
    },
    end: async (session) => {
      await session.run('release savepoint process_engine', []);
      await session.rows("select set_config('lock_timeout', ?, true)", [String(before?.[0])]);
    },
    undo: async (session) => void (await session.run('rollback to savepoint process_engine', [])),
  };
}

/** Of a few questions in a row one comes back without delay. */
const CLOCK_SAMPLES = 4;

async function timeOf(sessions: Sessions): Promise<number> {
  const [row] = await sessions.use((session) => session.rows(`select ${DATABASE_TIME}`, []));
  return Number(row?.[0]);
}

/** Nodes that start at the same time migrate one after the other. */
function exclusively(sessions: Sessions, schema: string | undefined, body: () => Promise<void>): Promise<void> {
  return sessions.transaction(async (session) => {
    await session.run("set local lock_timeout = '60s'", []);
    await session.rows("select pg_advisory_xact_lock(hashtext('process-engine'), hashtext('migration'))", []);
    // On another connection, because migrations run on others, which see what is committed.
    if (schema !== undefined) await sessions.use((other) => other.run(`create schema if not exists ${schema}`, []));
    // Back to the pool, from which the migrations take theirs.
    sessions.close?.();
    await body();
  });
}
