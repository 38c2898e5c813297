import type { DriverDatabase } from './load-driver.js';
import { cannotOpen, openDatabase } from './open-database.js';
import { sqliteCode } from './sqlite-errors.js';

/**
 * Holds a database file for this process: an open exclusive transaction on `<file>.lock`. The operating system frees it
 * when the process ends, however it ends, so no stale lock can be left behind.
 */
export class FileLock {
  readonly #database: DriverDatabase;

  /** @throws Error when another process holds the file. */
  constructor(file: string) {
    this.#database = openDatabase(`${file}.lock`);
    try {
      this.#database.exec('pragma busy_timeout = 0; begin exclusive');
    } catch (error) {
      this.#database.close();
      if (sqliteCode(error) !== 'SQLITE_BUSY') throw cannotOpen(`${file}.lock`, error);
      throw new Error(
        `the database '${file}' is in use by another process; a SQLite file serves one process at a time`,
        {
          cause: error,
        },
      );
    }
  }

  release(): void {
    this.#database.close();
  }
}
