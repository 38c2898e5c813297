import { SqliteDatabase } from './sqlite-database.js';

/**
 * The module for Sequelize's option `dialectModule` (dialect `sqlite`). An application whose Sequelize is built with it
 * shares files with the engine's storage: one writer, transactions that queue, no SQLITE_BUSY.
 */
export const dialectModule = {
  Database: SqliteDatabase,
  OPEN_READONLY: 1,
  OPEN_READWRITE: 2,
  OPEN_CREATE: 4,
} as const;
