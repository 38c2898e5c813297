import type { MysqlCallback, MysqlConnection, MysqlStatement } from '../../dist/dialects/mysql/mysql-connection.js';
import type { Connections } from '../../dist/dialects/server/connections.js';

export type When = 'before' | 'after';

/** Connections of which the first one asked to commit breaks, before or after the database has done so. */
export class BreakingConnections implements Connections<MysqlConnection> {
  readonly #pool: Connections<MysqlConnection>;
  readonly #lent = new Map<MysqlConnection, MysqlConnection>();
  #when: When | undefined;

  constructor(pool: Connections<MysqlConnection>, when: When) {
    this.#pool = pool;
    this.#when = when;
  }

  async acquire(): Promise<MysqlConnection> {
    const connection = await this.#pool.acquire();
    const breaking = {
      execute: (statement: MysqlStatement, done: MysqlCallback) => connection.execute(statement, done),
      query: (statement: MysqlStatement, done: MysqlCallback) => this.#query(connection, statement, done),
      destroy: () => connection.destroy(),
      end: (done: () => void) => connection.end(done),
    };
    this.#lent.set(breaking, connection);
    return breaking;
  }

  release(connection: MysqlConnection): void {
    this.#pool.release(this.#lent.get(connection) ?? connection);
  }

  #query(connection: MysqlConnection, statement: MysqlStatement, done: MysqlCallback): void {
    const when = this.#when;
    if (statement.sql !== 'commit' || when === undefined) {
      connection.query(statement, done);
      return;
    }
    this.#when = undefined;
    const lost = (): void => done(new Error('Connection lost: The server closed the connection.'), undefined);
    if (when === 'after') connection.query(statement, lost);
    else lost();
  }
}
