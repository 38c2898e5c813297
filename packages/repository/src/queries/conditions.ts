import type { SqlValue } from '../row-codec.js';

/** The conditions of a query, all of which a row must meet, with their parameters in order. */
export class Conditions {
  readonly #clauses: string[] = [];
  readonly #equal: string[] = [];
  readonly values: SqlValue[] = [];

  /** The columns that have to equal {@link values}, in their order; undefined where a condition is of another kind. */
  get equalColumns(): readonly string[] | undefined {
    return this.#equal.length === this.#clauses.length ? this.#equal : undefined;
  }

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
    if (value === undefined) return this;
    this.#equal.push(column);
    return this.add(`${column} = ?`, value);
  }

  /** The column is greater than this value; undefined: whatever it has. */
  isAfter(column: string, value: SqlValue | undefined): this {
    return value === undefined ? this : this.add(`${column} > ?`, value);
  }

  /** The column has one of these values, none if the list is empty; undefined: whatever it has. */
  isOneOf(column: string, values: readonly SqlValue[] | undefined): this {
    if (values === undefined) return this;
    if (values.length === 0) return this.add('1 = 0');
    if (values.length === 1) return this.is(column, values[0]);
    return this.add(`${column} in (${values.map(() => '?').join(', ')})`, ...values);
  }
}
