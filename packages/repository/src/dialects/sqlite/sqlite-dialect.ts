import type { Sequelize } from 'sequelize';

import type { Dialect } from '../dialect.js';
import { dialectModule } from './dialect-module.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteHotPath } from './sqlite-hot-path.js';

/** SQLite: a file, or a database in memory, of one process. */
export const sqliteDialect: Dialect = {
  // TEXT throughout: a column with another affinity would turn JSON text such as 7 into a number.
  schema: {
    types: { id: 'text', text: 'text', json: 'text', integer: 'integer', count: 'integer', flag: 'integer' },
    counter: 'integer primary key autoincrement',
    tableOptions: 'without rowid',
    partialIndexes: true,
    findColumn: 'select 1 from pragma_table_info(?) where name = ?',
  },

  sequelizeOptions({ storage, logging }) {
    if (typeof storage !== 'string' || storage === '') {
      throw new Error("database configuration: 'storage' is missing: the path of the SQLite file, or ':memory:'");
    }
    return { dialect: 'sqlite', dialectModule, storage, logging: logging ?? false };
  },

  checkShared(sequelize) {
    if (sequelizeModule(sequelize) === dialectModule) return;
    throw new Error(
      "the given Sequelize has a SQLite driver of its own; create it with the option 'dialectModule' of this package, " +
        'so that the application and the engine take turns at the file',
    );
  },

  async connect(sequelize, { synchronous }) {
    const connection = await sequelize.connectionManager.getConnection({ type: 'write' }).catch((error: unknown) => {
      // Sequelize wraps what the driver says; the reason is more useful than the wrapping.
      throw error instanceof Error && 'parent' in error ? error.parent : error;
    });
    if (!(connection instanceof SqliteDatabase)) throw new Error('Sequelize answered a connection of another driver');
    if (synchronous !== undefined) await connection.file.setSynchronous(synchronous);
    return new SqliteHotPath(connection.file.retain());
  },
};

function sequelizeModule(sequelize: Sequelize): unknown {
  return 'options' in sequelize ? (sequelize.options as { dialectModule?: unknown }).dialectModule : undefined;
}
