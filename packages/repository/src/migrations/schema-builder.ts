import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';

/**
 * `id`: an id or key of up to 255 characters, compared by code point · `text`: text of any length · `json`: JSON text of
 * any length, kept as it is · `integer`: 64 bit · `count`: 32 bit · `flag`: 0 or 1. With `?` the column may be null.
 */
export type ColumnType = 'id' | 'text' | 'json' | 'integer' | 'count' | 'flag';

export type Columns = Readonly<Record<string, ColumnType | `${ColumnType}?`>>;

/** How a dialect spells what migrations describe. */
export interface SchemaDialect {
  readonly types: Readonly<Record<ColumnType, string>>;
  /** A primary key that counts up and never gives a number twice. */
  readonly counter: string;
  /** What follows the columns of a table that is stored in the order of its primary key. */
  readonly tableOptions: string;
  /** What follows the columns of a table whose key counts up. */
  readonly logOptions?: string;
  /** Whether an index can be limited to the rows that meet a condition; if not, it holds all rows. */
  readonly partialIndexes: boolean;
  /** Whether the length of keys is limited, so that an index holds the beginning of a long text only. */
  readonly keyPrefixes?: boolean;
  /**
   * A query that answers a row if the table (first parameter) has the index (second one): where statements cannot say
   * `if exists`. There indexes are named within their table.
   */
  readonly indexesByName?: string;
  /** A query that answers a row where the table has a column of this name; parameters: table, column. */
  readonly findColumn: string;
}

export interface IndexOptions {
  /** Without it the index is named like its table and columns. */
  readonly name?: string;
  readonly unique?: boolean;
  readonly where?: string;
  /** Columns of which the first so many characters tell most rows apart, where the length of keys is limited. */
  readonly prefixes?: Readonly<Record<string, number>>;
}

/** Makes tables and indexes. What is there already is left alone, so a migration that was cut off can run again. */
export class SchemaBuilder {
  readonly #sequelize: Sequelize;
  readonly #dialect: SchemaDialect;
  readonly #transaction: Transaction;

  constructor(sequelize: Sequelize, dialect: SchemaDialect, transaction: Transaction) {
    this.#sequelize = sequelize;
    this.#dialect = dialect;
    this.#transaction = transaction;
  }

  async table(name: string, columns: Columns, primaryKey: readonly string[]): Promise<void> {
    const parts = [...this.#columns(columns), `primary key (${primaryKey.join(', ')})`];
    await this.#run(`create table if not exists ${name} (${parts.join(', ')}) ${this.#dialect.tableOptions}`);
  }

  /** A table whose key `seq` counts up. */
  async log(name: string, columns: Columns): Promise<void> {
    const parts = [`seq ${this.#dialect.counter}`, ...this.#columns(columns)];
    await this.#run(`create table if not exists ${name} (${parts.join(', ')}) ${this.#dialect.logOptions ?? ''}`);
  }

  /** Adds a column. It may be null: an earlier version of the engine, still at work, does not write it. */
  async column(table: string, name: string, type: `${ColumnType}?`): Promise<void> {
    const [found] = await this.#sequelize.query(this.#dialect.findColumn, {
      replacements: [table, name],
      transaction: this.#transaction,
      raw: true,
    });
    if (found.length > 0) return;
    const [definition = ''] = this.#columns({ [name]: type });
    await this.#run(`alter table ${table} add column ${definition}`);
  }

  async index(
    table: string,
    columns: readonly string[],
    { unique = false, where, name, prefixes = {} }: IndexOptions = {},
  ): Promise<void> {
    const condition = where !== undefined && this.#dialect.partialIndexes ? ` where ${where}` : '';
    const kind = unique ? 'unique index' : 'index';
    const label = name ?? `${table}_${columns.join('_')}`;
    const { keyPrefixes = false, indexesByName } = this.#dialect;
    const parts = columns.map((column) => {
      const length = keyPrefixes ? prefixes[column] : undefined;
      return length === undefined ? column : `${column}(${length})`;
    });
    if (indexesByName !== undefined && (await this.#hasIndex(indexesByName, table, label))) return;
    const only = indexesByName === undefined ? ' if not exists' : '';
    await this.#run(`create ${kind}${only} ${label} on ${table} (${parts.join(', ')})${condition}`);
  }

  /** Of an index that another one replaces. Nodes of an earlier version go on working, though perhaps slower. */
  async dropIndex(table: string, columns: readonly string[]): Promise<void> {
    const label = `${table}_${columns.join('_')}`;
    const { indexesByName } = this.#dialect;
    if (indexesByName === undefined) await this.#run(`drop index if exists ${label}`);
    else if (await this.#hasIndex(indexesByName, table, label)) await this.#run(`drop index ${label} on ${table}`);
  }

  async #hasIndex(query: string, table: string, label: string): Promise<boolean> {
    const rows = await this.#sequelize.query(query, {
      replacements: [table, label],
      transaction: this.#transaction,
      type: QueryTypes.SELECT,
    });
    return rows.length > 0;
  }

  #columns(columns: Columns): string[] {
    return Object.entries(columns).map(([name, type]) => {
      const [base = '', optional] = type.split(/(\?)/);
      return `${name} ${this.#dialect.types[base as ColumnType]}${optional === undefined ? ' not null' : ''}`;
    });
  }

  async #run(sql: string): Promise<void> {
    await this.#sequelize.query(sql, { transaction: this.#transaction, raw: true });
  }
}
