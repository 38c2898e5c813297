import type { Parameter } from '../server/sessions.js';

/** The part of a connection of the `mysql2` package that is used. */
export interface MysqlConnection {
  /** Prepares the statement, once per connection. */
  execute(statement: MysqlStatement, done: MysqlCallback): void;
  /** Runs it as it is. */
  query(statement: MysqlStatement, done: MysqlCallback): void;
  destroy(): void;
  /** Says farewell to the server. */
  end(done: () => void): void;
  readonly stream?: { destroy(): void };
}

export interface MysqlStatement {
  readonly sql: string;
  readonly values?: readonly Parameter[];
  readonly rowsAsArray: true;
  /** Ms after which the answer is given up. */
  readonly timeout: number;
}

export type MysqlCallback = (error: Error | null, result: unknown) => void;

/** What the server answers to a statement that changes rows. */
export interface MysqlResult {
  readonly affectedRows: number;
  /** Flags; the lowest one: a transaction is under way. */
  readonly serverStatus?: number;
  /** For example `Rows matched: 1  Changed: 0  Warnings: 0`. */
  readonly info?: string;
}

/** Longer than any lock is waited for. */
const TIMEOUT = 60_000;

export function prepared(connection: MysqlConnection, sql: string, values: readonly Parameter[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const statement = { sql, values, rowsAsArray: true, timeout: TIMEOUT } as const;
    connection.execute(statement, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}

/** A statement without parameters that is not worth preparing. */
export function plain(connection: MysqlConnection, sql: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const statement = { sql, rowsAsArray: true, timeout: TIMEOUT } as const;
    connection.query(statement, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}

/** Rows inserted or deleted; of an update the rows it found, also those that had the new values already. */
export function rowsHit({ affectedRows, info = '' }: MysqlResult): number {
  const matched = /^Rows matched: (\d+)/.exec(info.trim())?.[1];
  return matched === undefined ? affectedRows : Number(matched);
}

/**
 * Ends a connection nothing is known about: from now on its pool takes it for invalid, and makes a new one. The server
 * rolls back what it has not committed. No farewell is waited for: where the network is gone there would be none.
 */
export function discard(connection: MysqlConnection): void {
  connection.destroy();
  connection.stream?.destroy();
}
