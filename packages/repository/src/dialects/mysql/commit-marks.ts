/**
 * Marks of commits. Each connection has a row in `commit_log`, and each transaction sets the row's time, which never stays
 * the same. Two questions are answered by it:
 *
 * 1. *Was it committed?* (after the connection was lost while a commit was under way): if the row bears the
 *    transaction's mark. The connection makes no further transaction, so the mark stays.
 * 2. *Has it ended?* (for readers of the event log): if the row is not locked.
 *
 * The row is there, committed, before its transaction begins: everybody sees it.
 */
import { randomUUID } from 'node:crypto';

import type { Sessions } from '../server/sessions.js';
import type { MysqlConnection } from './mysql-connection.js';

export interface CommitMark {
  /** Of the connection's row. */
  readonly id: string;
  readonly time: number;
}

interface ConnectionRow {
  readonly id: string;
  /** Of the last mark. */
  time: number;
  isStored: boolean;
}

/** Runs a statement on the connection, outside a transaction. */
export type Run = (sql: string, values: readonly (string | number)[]) => Promise<unknown>;

export const STORE_MARK = 'insert into commit_log (id, created_at) values (?, ?)';
export const SET_MARK = 'update commit_log set created_at = ? where id = ?';

const STORE = `${STORE_MARK} on duplicate key update created_at = ?`;
/** Rows nobody has marked for so long are removed; a connection that was idle for a part of it stores its row again. */
const LIFETIME = 60 * 60 * 1000;
const STORE_AGAIN_AFTER = LIFETIME / 3;

export class CommitMarks {
  readonly #rows = new WeakMap<MysqlConnection, ConnectionRow>();

  /** The mark of the connection's next transaction. */
  async next(connection: MysqlConnection, run: Run): Promise<CommitMark> {
    const now = Date.now();
    let row = this.#rows.get(connection);
    if (row === undefined) {
      row = { id: randomUUID(), time: 0, isStored: false };
      this.#rows.set(connection, row);
    }
    const isOld = now - row.time > STORE_AGAIN_AFTER;
    row.time = Math.max(now, row.time + 1);
    if (!row.isStored || isOld) {
      await run(STORE, [row.id, row.time, row.time]);
      row.isStored = true;
      row.time += 1;
    }
    return { id: row.id, time: row.time };
  }

  /** The row may have been removed, by a node whose clock is ahead for example. */
  doubt(connection: MysqlConnection): void {
    const row = this.#rows.get(connection);
    if (row !== undefined) row.isStored = false;
  }
}

/**
 * A row that is in use is locked, or written again before the next transaction of its connection. Each is deleted by its
 * key alone: looking for them along the index of times would lock, in the wrong order, rows that are being marked.
 */
export async function sweepCommitLog(sessions: Sessions): Promise<void> {
  const before = Date.now() - LIFETIME;
  await sessions.use(async (session) => {
    const rows = await session.rows('select id from commit_log where created_at < ?', [before]);
    for (const [id] of rows) {
      await session.run('delete from commit_log where id = ? and created_at < ?', [String(id), before]);
    }
  });
}
