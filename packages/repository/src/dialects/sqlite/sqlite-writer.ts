import type { DatabaseFile } from './database-file.js';
import { toStorageError } from './sqlite-errors.js';
import type { SqliteHandle } from './sqlite-handle.js';
import { GroupCommit, type BatchRunner, type GroupCommitOptions, type Member } from '../../group-commit.js';

/** Something to do inside a transaction: synchronous, to be repeated when the transaction has to be. */
interface Work extends Member {
  readonly run: (handle: SqliteHandle) => unknown;
}

/** Runs work in transactions. */
export interface Writer {
  /** Transactions committed. */
  readonly transactions: number;
  readonly rollbacks: number;
  /** So much waits that more would be refused. */
  readonly isFull: boolean;
  write<T>(weight: number, run: (handle: SqliteHandle) => T): Promise<T>;
  close(): Promise<void>;
}

/** Inside a transaction of the application: each piece of work is a savepoint. */
export function writerWithin(handle: SqliteHandle): Writer {
  return {
    transactions: 0,
    rollbacks: 0,
    isFull: false,
    write: <T>(_weight: number, run: (writer: SqliteHandle) => T): Promise<T> => {
      if (!handle.isTransaction) return Promise.reject(new Error('the transaction has ended'));
      const outcome = isolated(handle, run);
      return outcome.status === 'fulfilled'
        ? Promise.resolve(outcome.value as T)
        : Promise.reject(outcome.reason as Error);
    },
    close: () => Promise.resolve(),
  };
}

/** All of the storage's writes: they gather to common transactions on the file's single writer. */
export class SqliteWriter implements BatchRunner<Work, unknown>, Writer {
  readonly #file: DatabaseFile;
  readonly #group: GroupCommit<Work, unknown>;
  /** Transactions committed. */
  transactions = 0;
  rollbacks = 0;

  constructor(file: DatabaseFile, options: Partial<GroupCommitOptions> = {}) {
    this.#file = file;
    this.#group = new GroupCommit(this, options);
  }

  /**
   * Runs the work in a transaction and answers its result after the commit.
   *
   * @param weight roughly the number of characters it writes.
   * @throws what the work throws, in the port's terms; StorageUnavailableError.
   */
  async write<T>(weight: number, run: (handle: SqliteHandle) => T): Promise<T> {
    return (await this.#group.submit({ weight, run })) as T;
  }

  get isFull(): boolean {
    return this.#group.isFull;
  }

  close(): Promise<void> {
    return this.#group.close();
  }

  runTogether(members: readonly Work[]): Promise<readonly unknown[]> {
    return this.#transaction((handle) => members.map(({ run }) => run(handle)));
  }

  runEach(members: readonly Work[]): Promise<readonly PromiseSettledResult<unknown>[]> {
    return this.#transaction((handle) => members.map(({ run }) => isolated(handle, run)));
  }

  async #transaction<T>(body: (handle: SqliteHandle) => T): Promise<T> {
    const { lock, writer } = this.#file;
    // No turn is given away while the lock is free: readers would have to open a connection of their own.
    if (!lock.tryAcquire()) await lock.acquire();
    try {
      writer.control('begin immediate');
      const result = body(writer);
      writer.control('commit');
      this.transactions += 1;
      return result;
    } catch (error) {
      this.rollbacks += 1;
      // Grave errors (disk full, out of memory) have rolled back already.
      if (writer.isTransaction) writer.control('rollback');
      throw toStorageError(error);
    } finally {
      lock.release();
    }
  }
}

/** Runs one member so that its failure undoes only what it did itself. */
function isolated(handle: SqliteHandle, run: Work['run']): PromiseSettledResult<unknown> {
  handle.control('savepoint member');
  try {
    const value = run(handle);
    handle.control('release member');
    return { status: 'fulfilled', value };
  } catch (error) {
    // Without a transaction the members before are undone as well: the whole batch has failed.
    if (!handle.isTransaction) throw error;
    handle.control('rollback to member');
    handle.control('release member');
    return { status: 'rejected', reason: toStorageError(error) };
  }
}
