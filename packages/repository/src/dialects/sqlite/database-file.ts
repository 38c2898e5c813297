/**
 * A SQLite database in this process. All connections to one file share it, so there is exactly one writer:
 * 1. Whoever writes holds {@link DatabaseFile.lock} from the beginning to the end of the transaction.
 * 2. Nothing is awaited between the statements of the storage's own transactions.
 * 3. The reader sees committed rows only.
 */
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { FifoLock } from './fifo-lock.js';
import { FileLock } from './file-lock.js';
import { cannotOpen, openDatabase } from './open-database.js';
import { SqliteHandle } from './sqlite-handle.js';

/** How long a transaction waits for the one before it, in ms. */
const LOCK_TIMEOUT = 5_000;

/** How long SQLite itself waits for tools that hold the file, in ms. It blocks the event loop: keep it short. */
const BUSY_TIMEOUT = 1_000;

/** Open files of this process by path. */
const OPEN_FILES = new Map<string, DatabaseFile>();

/** `full`: a commit is on the disk when it is answered. `normal`: a power cut may lose the last commits, no more. */
export type Synchronous = 'full' | 'normal';

export class DatabaseFile {
  readonly writer: SqliteHandle;
  readonly lock: FifoLock;
  readonly #path: string | undefined;
  readonly #fileLock: FileLock | undefined;
  #reader: SqliteHandle | undefined;
  #users = 1;

  /** @param path undefined: a database in memory. */
  private constructor(path: string | undefined) {
    this.#path = path;
    this.lock = new FifoLock(path === undefined ? 'the database in memory' : `the database '${path}'`, LOCK_TIMEOUT);
    this.#fileLock = path === undefined ? undefined : new FileLock(path);
    try {
      this.writer = openHandle(path, 'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
    } catch (error) {
      this.#fileLock?.release();
      throw error;
    }
  }

  /**
   * Opens the file, or takes part in it if this process has opened it already; `:memory:` is always a new database.
   * Missing folders are created.
   *
   * @throws Error when another process uses the file, or it cannot be opened.
   */
  static open(name: string): DatabaseFile {
    if (name === ':memory:') return new DatabaseFile(undefined);
    const path = canonicalPath(name);
    const open = OPEN_FILES.get(path);
    if (open !== undefined) return open.retain();
    const file = new DatabaseFile(path);
    OPEN_FILES.set(path, file);
    return file;
  }

  /** Adds a user: each one calls {@link release} when it is done. */
  retain(): this {
    this.#users += 1;
    return this;
  }

  /** The last user closes the database. */
  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    if (this.#path !== undefined) OPEN_FILES.delete(this.#path);
    this.#reader?.close();
    this.writer.close();
    this.#fileLock?.release();
  }

  /**
   * The connection to read with. While nobody has a transaction open that is the writer, whose pages are in memory;
   * else a reader of the committed rows (of a database in memory there is but one connection).
   */
  get reader(): SqliteHandle {
    if (!this.lock.isHeld || this.#path === undefined) return this.writer;
    this.#reader ??= openHandle(this.#path, 'pragma query_only = on');
    return this.#reader;
  }

  async setSynchronous(value: Synchronous): Promise<void> {
    await this.lock.acquire();
    try {
      this.writer.exec(`pragma synchronous = ${value}`);
    } finally {
      this.lock.release();
    }
  }
}

function openHandle(path: string | undefined, pragmas: string): SqliteHandle {
  const database = openDatabase(path ?? ':memory:');
  try {
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}; pragma temp_store = memory; ${pragmas}`);
  } catch (error) {
    database.close();
    throw cannotOpen(path ?? ':memory:', error);
  }
  return new SqliteHandle(database);
}

/** One path per file, whatever links lead to it. */
function canonicalPath(name: string): string {
  const path = resolve(name);
  if (existsSync(path)) return realpathSync(path);
  mkdirSync(dirname(path), { recursive: true });
  return join(realpathSync(dirname(path)), basename(path));
}
