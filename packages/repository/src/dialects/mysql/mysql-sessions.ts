import { ConflictError } from '@process-engine/contracts/storage';

import type { SqlRow } from '../../row-codec.js';
import { settleCommit, type Outcome } from '../server/ambiguous-commit.js';
import type { Connections } from '../server/connections.js';
import type { Parameter, Session, Sessions } from '../server/sessions.js';
import { CommitMarks, SET_MARK, type CommitMark } from './commit-marks.js';
import { discard, plain, prepared, rowsHit, type MysqlConnection, type MysqlResult } from './mysql-connection.js';
import { isAnswerLost, toStorageError } from './mysql-errors.js';
import { ASK_SETTINGS, checkSettings, LIMIT_WAIT, RESTORE_WAIT } from './server-settings.js';

/** A transaction under way. Its mark is set before its first event is numbered, and before it is committed. */
export interface MysqlSession extends Session {
  /** The mark that is still to be set, for a statement that sets it along with other rows. */
  takeMark(): CommitMark | undefined;
  setMark(): Promise<void>;
}

export function isTransaction(session: Session): session is MysqlSession {
  return 'takeMark' in session;
}

export class MysqlSessions implements Sessions {
  readonly #connections: Connections<MysqlConnection>;
  /** For each connection that was used before. */
  readonly #frames = new WeakMap<MysqlConnection, Frame>();
  readonly #marks = new CommitMarks();
  transactions = 0;
  statements = 0;
  changedRows = 0;

  constructor(connections: Connections<MysqlConnection>) {
    this.#connections = connections;
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
    const { mark, result, lost } = await this.#attempt(body);
    // Only after the connection was given back: the database is asked on another one.
    if (lost !== undefined) await settleCommit(() => this.#outcomeOf(mark), lost.cause);
    this.transactions += 1;
    return result;
  }

  close(): void {
    this.#connections.letGo?.();
  }

  async #attempt<T>(body: (session: Session) => Promise<T>): Promise<Attempt<T>> {
    const connection = await this.#connections.acquire();
    try {
      const frame = this.#frames.get(connection) ?? (await this.#prepare(connection));
      const mark = await this.#marks.next(connection, (sql, values) => this.#run(connection, sql, values));
      return await this.#framed(connection, frame, async () => {
        const result = await this.#undoneOnError(connection, () => this.#marked(connection, mark, body));
        return { mark, result, lost: await this.#commit(connection) };
      });
    } finally {
      this.#connections.release(connection);
    }
  }

  /** A connection of an application's pool may be set up in another way than ours. */
  async #prepare(connection: MysqlConnection): Promise<Frame> {
    const settings = (await this.#run(connection, ASK_SETTINGS, [])) as (readonly unknown[])[];
    const { isolation, waitsBriefly } = checkSettings(settings);
    const frame = {
      before: [
        ...(waitsBriefly ? [] : [LIMIT_WAIT]),
        ...(isolation === 'READ COMMITTED' ? [] : ['set transaction isolation level read committed']),
        'start transaction',
      ],
      after: waitsBriefly ? [] : [RESTORE_WAIT],
    };
    this.#frames.set(connection, frame);
    return frame;
  }

  async #framed<T>(connection: MysqlConnection, { before, after }: Frame, body: () => Promise<T>): Promise<T> {
    try {
      for (const sql of before) await this.#control(connection, sql);
      return await body();
    } finally {
      for (const sql of after) await this.#control(connection, sql).catch(() => discard(connection));
    }
  }

  async #marked<T>(connection: MysqlConnection, mark: CommitMark, body: (session: Session) => Promise<T>): Promise<T> {
    let unset: CommitMark | undefined = mark;
    const takeMark = (): CommitMark | undefined => {
      const taken = unset;
      unset = undefined;
      return taken;
    };
    const setMark = async (): Promise<void> => {
      const taken = takeMark();
      if (taken === undefined) return;
      const result = await this.#run(connection, SET_MARK, [taken.time, taken.id]);
      if (rowsHit(result as MysqlResult) === 0) throw new ConflictError("the connection's row in commit_log is gone");
    };
    try {
      const result = await body({ ...this.#session(connection), takeMark, setMark } satisfies MysqlSession as Session);
      await setMark();
      return result;
    } catch (error) {
      if (error instanceof ConflictError) this.#marks.doubt(connection);
      throw error;
    }
  }

  async #undoneOnError<T>(connection: MysqlConnection, body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      this.statements += 1;
      // A connection that cannot roll back is not used again; closing it rolls back, too.
      await plain(connection, 'rollback').catch(() => discard(connection));
      throw error;
    }
  }

  /** Answers what was met where it is not known how the commit ended. */
  async #commit(connection: MysqlConnection): Promise<Attempt<never>['lost']> {
    this.statements += 1;
    try {
      await plain(connection, 'commit');
      return undefined;
    } catch (error) {
      discard(connection);
      if (isAnswerLost(error)) return { cause: error };
      throw toStorageError(error);
    }
  }

  /** A locked row is one whose transaction is still under way; so is a row that cannot be found. */
  async #outcomeOf({ id, time }: CommitMark): Promise<Outcome> {
    const sql = 'select created_at from commit_log where id = ? for update skip locked';
    const [row] = await this.use((session) => session.rows(sql, [id]));
    if (row === undefined) return 'running';
    return Number(row[0]) === time ? 'committed' : 'rolled-back';
  }

  #session(connection: MysqlConnection): Session {
    return {
      rows: async (sql, values) => (await this.#run(connection, sql, values)) as SqlRow[],
      run: async (sql, values) => {
        const hit = rowsHit((await this.#run(connection, sql, values)) as MysqlResult);
        this.changedRows += hit;
        return hit;
      },
    };
  }

  #run(connection: MysqlConnection, sql: string, values: readonly Parameter[]): Promise<unknown> {
    return this.#answered(connection, prepared(connection, sql, values));
  }

  #control(connection: MysqlConnection, sql: string): Promise<unknown> {
    return this.#answered(connection, plain(connection, sql));
  }

  async #answered<T>(connection: MysqlConnection, answer: Promise<T>): Promise<T> {
    this.statements += 1;
    try {
      return await answer;
    } catch (error) {
      if (isAnswerLost(error)) discard(connection);
      throw toStorageError(error);
    }
  }
}

interface Attempt<T> {
  readonly mark: CommitMark;
  readonly result: T;
  readonly lost: { readonly cause: unknown } | undefined;
}

/** The statements around the transactions of a connection. */
interface Frame {
  readonly before: readonly string[];
  readonly after: readonly string[];
}
