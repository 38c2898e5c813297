import type {
  ChangeSet,
  ExternalTaskClaim,
  ExternalTaskRecord,
  JobClaim,
  JobRecord,
  LockExtension,
  ModelChange,
  Storage,
  StoredInstance,
} from '@process-engine/contracts/storage';

import { encodeChanges } from '../../encoded-changes.js';
import type { SqlRow, SqlValue } from '../../row-codec.js';
import type { HotPath, StorageStatistics } from '../dialect.js';
import { claimExternalTasks, claimJobs, extendLock, releaseClaims } from './claim-statements.js';
import { commitChanges, saveModelRows } from './commit-statements.js';
import type { DatabaseFile } from './database-file.js';
import { loadInstance } from './instance-statements.js';
import { removeExpired, removeFinished } from './removal-statements.js';
import { toStorageError } from './sqlite-errors.js';
import type { SqliteHandle } from './sqlite-handle.js';
import { SqliteWriter, writerWithin, type Writer } from './sqlite-writer.js';

/** The hand-written part of the storage, straight on the driver's prepared statements. */
export class SqliteHotPath implements HotPath {
  /** Other processes are refused. */
  readonly shared = false;
  readonly #file: DatabaseFile;
  readonly #writer: Writer;
  readonly #isWithin: boolean;

  /**
   * @param file a use of the database that is let go by {@link close}.
   * @param writer inside a transaction of the application: through it
   */
  constructor(file: DatabaseFile, writer?: Writer) {
    this.#file = file;
    this.#isWithin = writer !== undefined;
    this.#writer = writer ?? new SqliteWriter(file);
  }

  /** Reads what is committed; inside a transaction, what that has written, too. */
  get #reader(): SqliteHandle {
    return this.#isWithin ? this.#file.writer : this.#file.reader;
  }

  /** The connection is our adapter's: it holds the writer from the transaction's beginning to its end. */
  within(): HotPath {
    return new SqliteHotPath(this.#file, writerWithin(this.#file.writer));
  }

  get overloaded(): boolean {
    return this.#writer.isFull;
  }

  get statistics(): StorageStatistics {
    const { statements, changedRows } = this.#file.writer;
    const { transactions, rollbacks } = this.#writer;
    return { transactions, rollbacks, statements, rows: changedRows };
  }

  async commit(changes: ChangeSet): Promise<void> {
    const encoded = encodeChanges(changes);
    await this.#writer.write(encoded.weight, (handle) => commitChanges(handle, encoded));
  }

  loadInstance(processInstanceId: string): Promise<StoredInstance | undefined> {
    return this.#read(() => loadInstance(this.#reader, processInstanceId));
  }

  /** This process is the only one, and its engine runs one step of an instance at a time. */
  async changeInstance(processInstanceId: string, step: Parameters<Storage['changeInstance']>[1]): Promise<void> {
    const changes = await step(await this.loadInstance(processInstanceId));
    if (changes !== undefined) await this.commit(changes);
  }

  claimExternalTasks(claim: ExternalTaskClaim): Promise<readonly ExternalTaskRecord[]> {
    return this.#writer.write(0, (handle) => claimExternalTasks(handle, claim));
  }

  extendLock(extension: LockExtension): Promise<boolean> {
    return this.#writer.write(0, (handle) => extendLock(handle, extension));
  }

  claimJobs(claim: JobClaim): Promise<readonly JobRecord[]> {
    return this.#writer.write(0, (handle) => claimJobs(handle, claim));
  }

  releaseClaims(owner: string): Promise<void> {
    return this.#writer.write(0, (handle) => releaseClaims(handle, owner));
  }

  saveModels(change: ModelChange): Promise<void> {
    const weight = change.definitions.reduce((sum, { xml }) => sum + xml.length, 0);
    return this.#writer.write(weight, (handle) => saveModelRows(handle, change));
  }

  removeFinished(filter: Parameters<Storage['removeFinished']>[0]): Promise<number> {
    return this.#writer.write(0, (handle) => removeFinished(handle, filter));
  }

  removeExpired(filter: Parameters<Storage['removeExpired']>[0]): Promise<number> {
    return this.#writer.write(0, (handle) => removeExpired(handle, filter));
  }

  async removeAudit(before: number): Promise<void> {
    await this.#writer.write(0, (handle) => handle.run('delete from audit_log where created_at < ?', [before]));
  }

  readonly select = (sql: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> =>
    this.#read(() => this.#reader.rows(sql, values));

  toStorageError(error: unknown): Error {
    return toStorageError(error instanceof Error && error.cause !== undefined ? error.cause : error);
  }

  /** There is one writer: numbers are given in the order of commits. */
  settledEvents(): Promise<number> {
    return Promise.resolve(Number.MAX_SAFE_INTEGER);
  }

  /** No other process has the file open. */
  exclusively(body: () => Promise<void>): Promise<void> {
    return body();
  }

  async close(): Promise<void> {
    await this.#writer.close();
    this.#file.release();
  }

  #read<T>(read: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      try {
        resolve(read());
      } catch (error) {
        reject(toStorageError(error));
      }
    });
  }
}
