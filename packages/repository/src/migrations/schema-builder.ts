import type { Sequelize, Transaction } from 'sequelize';

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
  /** Whether an index can be limited to the rows that meet a condition; if not, it holds all rows. */
  readonly partialIndexes: boolean;
}

export interface IndexOptions {
  /** Without it the index is named like its table and columns. */
  readonly name?: string;
  readonly unique?: boolean;
  readonly where?: string;
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
    await this.#run(`create table if not exists ${name} (${parts.join(', ')})`);
  }

  async index(
    table: string,
    columns: readonly string[],
    { unique = false, where, name }: IndexOptions = {},
  ): Promise<void> {
    const condition = where !== undefined && this.#dialect.partialIndexes ? ` where ${where}` : '';
    const kind = unique ? 'unique index' : 'index';
    const label = name ?? `${table}_${columns.join('_')}`;
    await this.#run(`create ${kind} if not exists ${label} on ${table} (${columns.join(', ')})${condition}`);
  }

  /** Of an index that another one replaces. Nodes of an earlier version go on working, though perhaps slower. */
  async dropIndex(table: string, columns: readonly string[]): Promise<void> {
    const isNamedWithTable = ['mariadb', 'mysql'].includes(this.#sequelize.getDialect());
    const label = `${table}_${columns.join('_')}`;
    await this.#run(`drop index if exists ${label}${isNamedWithTable ? ` on ${table}` : ''}`);
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
