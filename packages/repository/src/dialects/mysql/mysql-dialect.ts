import type { Options, Sequelize } from 'sequelize';

import type { Dialect } from '../dialect.js';
import { ownConnection, PooledConnections } from '../server/connections.js';
import { ServerHotPath } from '../server/server-hot-path.js';
import { checkPool, serverOptions } from '../server/server-options.js';
import type { ServerStatements } from '../server/server-statements.js';
import type { Sessions } from '../server/sessions.js';
import { bulkStatements } from './bulk-statements.js';
import { claimStatements } from './claim-statements.js';
import { BorrowedMarks } from './borrowed-marks.js';
import { STORE_MARK, sweepCommitLog, type CommitMark } from './commit-marks.js';
import { guardStatements } from './guard-statements.js';
import { EXACT } from './key-table.js';
import { MeasuredClock } from './measured-clock.js';
import { plain, prepared, type MysqlConnection } from './mysql-connection.js';
import { toStorageError } from './mysql-errors.js';
import { MysqlSessions } from './mysql-sessions.js';
import { PacketLimit } from './packet-limit.js';
import { checkVersion, OWN_SETTINGS } from './server-settings.js';
import { SettledEvents } from './settled-events.js';
import { withinTransaction } from './within-transaction.js';

const TEXT = `character set utf8mb4 ${EXACT}`;

/** MariaDB 10.6 or later and MySQL 8.0.17 or later, over the package `mysql2`. */
export const mysqlDialect: Dialect = {
  schema: {
    types: {
      id: `varchar(255) ${TEXT}`,
      text: `longtext ${TEXT}`,
      json: `longtext ${TEXT}`,
      integer: 'bigint',
      count: 'int',
      flag: 'tinyint',
    },
    counter: 'bigint not null auto_increment primary key',
    tableOptions: 'engine = InnoDB',
    logOptions: 'engine = InnoDB',
    partialIndexes: false,
    keyPrefixes: true,
    findColumn: `select 1 from information_schema.columns
      where table_schema = database() and table_name = ? and column_name = ?`,
    indexesByName: `select 1 from information_schema.statistics
      where table_schema = database() and table_name = ? and index_name = ? limit 1`,
  },

  sequelizeOptions(config) {
    if (typeof config.schema === 'string') {
      throw new Error("database configuration: 'schema' is for PostgreSQL; here 'database' says where the tables are");
    }
    return {
      ...serverOptions(config),
      dialect: 'mysql',
      dialectOptions: {
        connectTimeout: 10_000,
        maxPreparedStatements: 1_000,
        // The driver's own. Sequelize's way costs ten times as much as all else when an instance of 500 tasks is loaded.
        typeCast: true,
        ...(config.ssl === true ? { ssl: { rejectUnauthorized: true, verifyIdentity: true } } : {}),
      },
      hooks: {
        afterConnect: async (connection: unknown) => {
          for (const sql of OWN_SETTINGS) await plain(connection as MysqlConnection, sql);
        },
      },
    };
  },

  checkShared(sequelize) {
    if (sequelize.getDialect() !== 'mysql') {
      throw new Error("the given Sequelize has another driver; create it with the dialect 'mysql' (package mysql2)");
    }
    if (/(^|[^-])FOUND_ROWS/.test(flagsOf(sequelize))) {
      throw new Error(
        "the given Sequelize has the flag FOUND_ROWS in 'dialectOptions': rows that stay count as changed",
      );
    }
    checkPool(sequelize);
  },

  async connect(sequelize: Sequelize) {
    const sessions = new MysqlSessions(new PooledConnections<MysqlConnection>(sequelize));
    const limit = await sessions.use(async (session) => {
      const [row] = await session.rows('select version(), @@max_allowed_packet', []);
      checkVersion(String(row?.[0]));
      return new PacketLimit(Number(row?.[1]));
    });
    const measured = new MeasuredClock(sessions);
    await measured.begin();
    const own = statements(limit, measured);
    const marks = new BorrowedMarks((mark) => storeMark(sequelize, mark));
    return new ServerHotPath(sessions, own, {
      clock: measured.clock,
      within: (transaction) => ({ sessions: withinTransaction(transaction, marks), statements: own }),
    });
  },
};

/** On a connection of its own: transactions of the application may have taken all of the pool's. */
async function storeMark(sequelize: Sequelize, { id, time }: CommitMark): Promise<void> {
  let connection: MysqlConnection | undefined;
  try {
    connection = await ownConnection<MysqlConnection>(sequelize);
    await prepared(connection, STORE_MARK, [id, time]);
  } catch (error) {
    throw toStorageError(error);
  } finally {
    connection?.end(() => undefined);
  }
}

function flagsOf(sequelize: Sequelize): string {
  const { dialectOptions } = 'options' in sequelize ? (sequelize.options as Options) : {};
  const { flags } = (dialectOptions ?? {}) as { readonly flags?: unknown };
  return [flags].flat().join(' ');
}

function statements(limit: PacketLimit, clock: MeasuredClock): ServerStatements {
  const settled = new SettledEvents();
  const claims = claimStatements(limit);
  return {
    toStorageError,
    ...bulkStatements(limit),
    ...guardStatements(limit),
    claimExternalTasks: claims.claimExternalTasks,
    claimJobs: async (sessions, claim) => {
      await clock.keep();
      return claims.claimJobs(sessions, claim);
    },
    sweepCommitLog,
    settledEvents: (sessions) => settled.upTo(sessions),
    exclusively,
  };
}

/** Of the whole server, so it bears the database's name; names have up to 64 characters. */
const LOCK = "concat('process-engine ', md5(database()))";

/** Nodes that start at the same time migrate one after the other. The lock ends with its connection, too. */
function exclusively(sessions: Sessions, body: () => Promise<void>): Promise<void> {
  return sessions.use(async (session) => {
    const [row] = await session.rows(`select get_lock(${LOCK}, 55)`, []);
    if (Number(row?.[0]) !== 1) throw new Error('another process has been changing the tables for a minute');
    try {
      await body();
    } finally {
      await session.rows(`select release_lock(${LOCK})`, []).catch(() => undefined);
    }
  });
}
