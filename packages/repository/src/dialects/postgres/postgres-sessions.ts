import { ConflictError } from '@process-engine/contracts/storage';

import type { SqlRow } from '../../row-codec.js';
import { settleCommit, type Outcome } from '../server/ambiguous-commit.js';
import type { Connections } from '../server/connections.js';
import type { Parameter, Session, Sessions } from '../server/sessions.js';
import { WRITE_INSTEAD } from './commit-log.js';
import type { PostgresConnection, PostgresResult, PostgresStatement } from './postgres-connection.js';
import { isAnswerLost, toStorageError, wasNeverSent } from './postgres-errors.js';
import { PreparedStatements } from './prepared-statements.js';
import type { Statement } from './statements.js';

/** The transaction's id is needed where the answer to its commit is lost. One round trip. */
const BEGIN = "begin isolation level read committed; set local lock_timeout = '5s'; select txid_current() as id";

export class PostgresSessions implements Sessions {
  readonly #connections: Connections<PostgresConnection>;
  readonly #prepared = new PreparedStatements();
  transactions = 0;
  statements = 0;
  changedRows = 0;

  constructor(connections: Connections<PostgresConnection>) {
    this.#connections = connections;
  }

  close(): void {
    this.#connections.letGo?.();
  }

  async use<T>(body: (session: Session) => Promise<T>): Promise<T> {
    const connection = await this.#connections.acquire();
    try {
      return await body(this.#session(connection));
    } finally {
      this.#connections.release(connection);
    }
  }

  async transaction<T>(body: (session: Session) => Promise<T>): Promise<T> {
    const { id, result, lost } = await this.#attempt(body);
    // Only after the connection was given back: the database is asked on another one.
    if (lost !== undefined) await settleCommit(() => this.#outcomeOf(id), lost.cause);
    this.transactions += 1;
    return result;
  }

  /**
   * Runs a statement that is a transaction of its own and writes `id` to the commit log. If its answer is lost, the
   * commit log tells how it ended.
   *
   * @returns its rows, or undefined where they are lost but it was committed
   * @throws the driver's error, or StorageUnavailableError
   */
  async commitStatement({ sql, values }: Statement, id: string): Promise<readonly SqlRow[] | undefined> {
    const outcome = await this.#runOnce(this.#prepared.statement(sql, values));
    // Only after the connection was given back: the database is asked on another one.
    if ('lost' in outcome) await settleCommit(() => this.#outcomeInLog(id), outcome.lost);
    this.transactions += 1;
    return 'rows' in outcome ? outcome.rows : undefined;
  }

  async #runOnce(statement: PostgresStatement): Promise<{ rows: readonly SqlRow[] } | { lost: unknown }> {
    const connection = await this.#connections.acquire();
    this.statements += 1;
    try {
      return { rows: (await connection.query(statement)).rows };
    } catch (error) {
      if (!isAnswerLost(error)) throw error;
      discard(connection);
      if (wasNeverSent(error)) throw toStorageError(error);
      return { lost: error };
    } finally {
      this.#connections.release(connection);
    }
  }

  /** Writes the id in its place: from then on it cannot be committed any more. Waits while it is being committed. */
  async #outcomeInLog(id: string): Promise<Outcome> {
    const [row] = await this.use((session) => session.rows(WRITE_INSTEAD, [id]));
    return Number(row?.[1]) === 0 ? 'committed' : 'rolled-back';
  }

  async #attempt<T>(body: (session: Session) => Promise<T>): Promise<Attempt<T>> {
    const connection = await this.#connections.acquire();
    try {
      const id = await this.#begin(connection);
      const result = await this.#undoneOnError(connection, body);
      return { id, result, lost: await this.#commit(connection) };
    } finally {
      this.#connections.release(connection);
    }
  }

  async #begin(connection: PostgresConnection): Promise<string> {
    this.statements += 1;
    try {
      const results = [await connection.query(BEGIN)].flat() as PostgresResult<{ id: string }>[];
      return String(results.at(-1)?.rows[0]?.id);
    } catch (error) {
      discard(connection);
      throw toStorageError(error);
    }
  }

  async #undoneOnError<T>(connection: PostgresConnection, body: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await body(this.#session(connection));
    } catch (error) {
      this.statements += 1;
      // A connection that cannot roll back is not used again; closing it rolls back, too.
      await connection.query('rollback').catch(() => discard(connection));
      throw error;
    }
  }

  /** Answers what was met where it is not known how the commit ended. */
  async #commit(connection: PostgresConnection): Promise<Attempt<never>['lost']> {
    this.statements += 1;
    let result;
    try {
      result = await connection.query('commit');
    } catch (error) {
      discard(connection);
      if (isAnswerLost(error)) return { cause: error };
      throw toStorageError(error);
    }
    if ([result].flat().some(({ command }) => command === 'ROLLBACK')) {
      throw new ConflictError('the database rolled the transaction back');
    }
    return undefined;
  }

  async #outcomeOf(id: string): Promise<Outcome> {
    const [row] = await this.use((session) => session.rows('select txid_status(cast(? as bigint))', [id]));
    return OUTCOMES[String(row?.[0])] ?? 'unknown';
  }

  #session(connection: PostgresConnection): Session {
    const run = async (sql: string, values: readonly Parameter[]): Promise<PostgresResult<SqlRow>> => {
      this.statements += 1;
      try {
        return await connection.query(this.#prepared.statement(sql, values));
      } catch (error) {
        if (isAnswerLost(error)) discard(connection);
        throw toStorageError(error);
      }
    };
    return {
      rows: async (sql, values) => (await run(sql, values)).rows,
      run: async (sql, values) => {
        const { rowCount } = await run(sql, values);
        this.changedRows += rowCount ?? 0;
        return rowCount ?? 0;
      },
    };
  }
}

interface Attempt<T> {
  /** The transaction's. */
  readonly id: string;
  readonly result: T;
  readonly lost: { readonly cause: unknown } | undefined;
}

/** The answers of `txid_status`; null where the server has forgotten. */
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  committed: 'committed',
  aborted: 'rolled-back',
  'in progress': 'running',
};

/**
 * Ends a connection nothing is known about: from now on its pool takes it for invalid, and makes a new one. Its end is
 * not awaited: where the network is gone it may never be told.
 */
function discard(connection: PostgresConnection): void {
  connection.end().catch(() => undefined);
}
