import type { SqlRow, SqlValue } from '../../row-codec.js';

/** What a statement is given: a list where the database takes arrays. */
export type Parameter = SqlValue | readonly SqlValue[];

/** A connection to a database server, as long as it is lent. Parameters are marked by `?`. Errors are the port's. */
export interface Session {
  /** The result rows as arrays, in the order of the selected columns. */
  rows(sql: string, values: readonly Parameter[]): Promise<readonly SqlRow[]>;
  /** Answers the number of rows inserted, changed (or found to be changed already) or deleted. */
  run(sql: string, values: readonly Parameter[]): Promise<number>;
}

/** The connections of a storage. */
export interface Sessions {
  /** Transactions committed. */
  readonly transactions: number;
  readonly statements: number;
  readonly changedRows: number;
  /** Lends a connection; each statement is a transaction of its own. */
  use<T>(body: (session: Session) => Promise<T>): Promise<T>;
  /**
   * One transaction, READ COMMITTED: committed when the body has ended, rolled back when it throws.
   *
   * @throws what the body throws; ConflictError (the database chose this transaction to give way);
   * StorageUnavailableError. If the answer to the commit is lost, the database is asked how it ended.
   */
  transaction<T>(body: (session: Session) => Promise<T>): Promise<T>;
  /** No more work comes: gives back what is kept for it. */
  close?(): void;
}
