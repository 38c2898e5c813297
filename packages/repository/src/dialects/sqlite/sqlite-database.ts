/**
 * The callback API of the `sqlite3` package, as far as Sequelize uses it, over the shared {@link DatabaseFile}.
 * Sequelize opens a connection of its own for every transaction; here these are light objects that take turns at the
 * file's single writer, so concurrent transactions queue instead of failing with SQLITE_BUSY.
 */
import { DatabaseFile } from './database-file.js';
import type { DriverValue, NamedValues } from './load-driver.js';
import { SqliteError } from './sqlite-errors.js';

/** What a callback finds in `this`; Sequelize looks at the class's name. */
class Statement {
  constructor(
    readonly sql: string,
    readonly lastID: number,
    readonly changes: number,
  ) {}
}

type Rows = Record<string, unknown>[];
type Callback = (this: Statement, error: Error | null, result?: Rows | Record<string, unknown>) => void;
type Parameters = readonly unknown[] | Readonly<Record<string, unknown>>;

interface Outcome {
  readonly rows: Rows;
  readonly lastId: number;
  readonly changes: number;
}

const TRANSACTION_END = /^\s*(commit|end|rollback(?!\s+(transaction\s+)?to))\b/i;
const ROLLBACK = /^\s*rollback\b/i;
const TRANSACTION_BEGIN = /^\s*begin\b/i;
const READ = /^\s*(select|explain|values|pragma(?![^(]*=))\b/i;
const ANSWERS_ROWS = /^\s*with\b|\breturning\b/i;
const SETTING = /^\s*pragma\b/i;

export class SqliteDatabase {
  readonly filename: string;
  readonly #file: DatabaseFile | undefined;
  /** True from BEGIN to COMMIT or ROLLBACK of this connection. */
  #holdsLock = false;
  #isClosed = false;

  constructor(filename: string, ...rest: readonly unknown[]) {
    this.filename = filename;
    const callback = rest.find((argument): argument is (error: Error | null) => void => typeof argument === 'function');
    let failure: Error | null = null;
    try {
      this.#file = DatabaseFile.open(filename);
    } catch (error) {
      this.#isClosed = true;
      failure = error instanceof Error ? error : new Error(String(error));
    }
    if (callback !== undefined) process.nextTick(callback, failure);
    else if (failure !== null) throw failure;
  }

  /** The database behind this connection. */
  get file(): DatabaseFile {
    if (this.#file === undefined || this.#isClosed) throw new Error(`the database '${this.filename}' is closed`);
    return this.#file;
  }

  run(sql: string, ...rest: readonly unknown[]): this {
    return this.#start(sql, rest, () => undefined);
  }

  all(sql: string, ...rest: readonly unknown[]): this {
    return this.#start(sql, rest, (rows) => rows);
  }

  get(sql: string, ...rest: readonly unknown[]): this {
    return this.#start(sql, rest, (rows) => rows[0]);
  }

  exec(sql: string, ...rest: readonly unknown[]): this {
    return this.#start(sql, rest, () => undefined);
  }

  serialize(body?: () => void): void {
    body?.();
  }

  parallelize(body?: () => void): void {
    body?.();
  }

  configure(): void {
    // Nothing to configure: the file sets what matters when it is opened.
  }

  close(callback?: (error: Error | null) => void): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#rollBack();
      this.#file?.release();
    }
    if (callback !== undefined) process.nextTick(callback, null);
  }

  #start(
    sql: string,
    [first, second]: readonly unknown[],
    pick: (rows: Rows) => Rows | Record<string, unknown> | undefined,
  ): this {
    const callback = (typeof first === 'function' ? first : second) as Callback | undefined;
    const parameters = typeof first === 'function' ? [] : ((first ?? []) as Parameters);
    // The callback runs in a tick of its own: what it throws is not this query's error.
    this.#execute(sql, bindable(parameters)).then(
      ({ rows, lastId, changes }) => {
        if (callback === undefined) return;
        const statement = new Statement(sql, lastId, changes);
        process.nextTick(() => callback.call(statement, null, pick(rows)));
      },
      (error: unknown) => {
        const statement = new Statement(sql, 0, 0);
        process.nextTick(() => callback?.call(statement, new SqliteError(error)));
      },
    );
    return this;
  }

  async #execute(sql: string, values: readonly DriverValue[] | NamedValues): Promise<Outcome> {
    const { lock, writer } = this.file;
    if (TRANSACTION_BEGIN.test(sql)) return this.#begin();
    if (this.#holdsLock) return this.#inTransaction(sql, values);
    if (READ.test(sql)) return outcome(this.file.reader.objects(sql, values));
    // Settings take effect at once; inside another connection's transaction SQLite ignores those that matter.
    if (SETTING.test(sql)) return outcome(writer.objects(sql, values));
    await lock.acquire();
    try {
      return this.#write(sql, values);
    } finally {
      lock.release();
    }
  }

  /** Takes the writer at once, not at the first write: that could fail where another transaction came between. */
  async #begin(): Promise<Outcome> {
    await this.file.lock.acquire();
    try {
      this.file.writer.exec('begin immediate');
    } catch (error) {
      this.file.lock.release();
      throw error;
    }
    this.#holdsLock = true;
    return outcome([]);
  }

  #inTransaction(sql: string, values: readonly DriverValue[] | NamedValues): Outcome {
    const { lock, writer } = this.file;
    if (!TRANSACTION_END.test(sql)) {
      return READ.test(sql) ? outcome(writer.objects(sql, values)) : this.#write(sql, values);
    }
    const wasRolledBack = !writer.isTransaction;
    try {
      if (!wasRolledBack) writer.exec(sql);
    } finally {
      if (!writer.isTransaction) {
        this.#holdsLock = false;
        lock.release();
      }
    }
    if (wasRolledBack && !ROLLBACK.test(sql)) throw new Error('an error before rolled this transaction back');
    return outcome([]);
  }

  #write(sql: string, values: readonly DriverValue[] | NamedValues): Outcome {
    const { writer } = this.file;
    if (ANSWERS_ROWS.test(sql)) return outcome(writer.objects(sql, values));
    const { changes, lastId } = writer.runForId(sql, values);
    return { rows: [], changes, lastId };
  }

  #rollBack(): void {
    if (!this.#holdsLock || this.#file === undefined) return;
    this.#holdsLock = false;
    try {
      if (this.#file.writer.isTransaction) this.#file.writer.exec('rollback');
    } finally {
      this.#file.lock.release();
    }
  }
}

function outcome(rows: Rows): Outcome {
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) {
      if (value instanceof Uint8Array) row[column] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  }
  return { rows, lastId: 0, changes: 0 };
}

/** The parameters with values the driver can bind. */
function bindable(parameters: Parameters): readonly DriverValue[] | NamedValues {
  if (Array.isArray(parameters)) return parameters.map(bindableValue);
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, bindableValue(value)]));
}

function bindableValue(value: unknown): DriverValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return value as DriverValue;
}
