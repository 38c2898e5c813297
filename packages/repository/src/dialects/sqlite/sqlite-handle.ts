import type { SqlRow, SqlValue } from '../../row-codec.js';
import type { DriverDatabase, DriverStatement, DriverValue, NamedValues } from './load-driver.js';

/** Prepared statements kept per connection. */
const CACHE_SIZE = 500;

/** One connection with its prepared statements. The least recently used ones make room for new ones. */
export class SqliteHandle {
  readonly #database: DriverDatabase;
  /** Statements that answer rows as arrays. */
  readonly #forRows = new Map<string, DriverStatement>();
  /** Statements that answer rows as objects. */
  readonly #forObjects = new Map<string, DriverStatement>();
  /** Statements run since the connection was opened. */
  statements = 0;
  /** Rows they inserted, changed and deleted. */
  changedRows = 0;

  constructor(database: DriverDatabase) {
    this.#database = database;
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Answers the number of rows inserted, changed or deleted. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    this.statements += 1;
    const changes = Number(this.#prepare(this.#forRows, sql).run(...values).changes);
    this.changedRows += changes;
    return changes;
  }

  /** Runs a statement that begins, ends or divides a transaction: it changes no rows. */
  control(sql: string): void {
    this.statements += 1;
    this.#prepare(this.#forRows, sql).run();
  }

  /** The result rows as arrays, in the order of the selected columns. */
  rows(sql: string, values: readonly SqlValue[] = []): SqlRow[] {
    this.statements += 1;
    return this.#prepare(this.#forRows, sql).all(...values) as SqlRow[];
  }

  /** The result rows as objects. */
  objects(sql: string, values: readonly DriverValue[] | NamedValues): Record<string, unknown>[] {
    const statement = this.#prepare(this.#forObjects, sql);
    return statement.all(...spread(values)) as Record<string, unknown>[];
  }

  /** Runs a statement for its effect; answers the id of the row inserted last, too. */
  runForId(sql: string, values: readonly DriverValue[] | NamedValues): { changes: number; lastId: number } {
    const { changes, lastInsertRowid } = this.#prepare(this.#forObjects, sql).run(...spread(values));
    return { changes: Number(changes), lastId: Number(lastInsertRowid) };
  }

  /** Runs statements without parameters, separated by semicolons. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  close(): void {
    this.#forRows.clear();
    this.#forObjects.clear();
    this.#database.close();
  }

  #prepare(cache: Map<string, DriverStatement>, sql: string): DriverStatement {
    let statement = cache.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      if (cache === this.#forRows) statement.setReturnArrays(true);
      if (cache.size >= CACHE_SIZE) {
        const [oldest] = cache.keys();
        if (oldest !== undefined) cache.delete(oldest);
      }
    } else {
      cache.delete(sql);
    }
    cache.set(sql, statement);
    return statement;
  }
}

function spread(values: readonly DriverValue[] | NamedValues): readonly (DriverValue | NamedValues)[] {
  return Array.isArray(values) ? (values as readonly DriverValue[]) : [values as NamedValues];
}
