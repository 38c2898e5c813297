import type { SqlValue } from '../row-codec.js';

/** The conditions of a query, all of which a row must meet, with their parameters in order. */
export class Conditions {
  readonly #clauses: string[] = [];
  readonly values: SqlValue[] = [];

  /** ` where …`, or nothing when there is no condition. */
  get where(): string {
    return this.#clauses.length === 0 ? '' : ` where ${this.#clauses.join(' and ')}`;
  }

  /** ` and …` for every condition. */
  get and(): string {
    return this.#clauses.map((clause) => ` and ${clause}`).join('');
  }

  add(clause: string, ...values: readonly SqlValue[]): this {
    this.#clauses.push(clause);
    this.values.push(...values);
    return this;
  }

  /** The column has this value; undefined: whatever it has. */
  is(column: string, value: SqlValue | undefined): this {
    return value === undefined ? this : this.add(`${column} = ?`, value);
  }

  /** The column is greater than this value; undefined: whatever it has. */
  isAfter(column: string, value: SqlValue | undefined): this {
    return value === undefined ? this : this.add(`${column} > ?`, value);
  }

  /** The column has one of these values, none if the list is empty; undefined: whatever it has. */
  isOneOf(column: string, values: readonly SqlValue[] | undefined): this {
    if (values === undefined) return this;
    if (values.length === 0) return this.add('1 = 0');
    return this.add(`${column} in (${values.map(() => '?').join(', ')})`, ...values);
  }
}
