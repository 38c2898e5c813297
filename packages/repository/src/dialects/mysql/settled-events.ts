import { setTimeout as pause } from 'node:timers/promises';

import type { Session, Sessions } from '../server/sessions.js';

/** How often, and after how many ms, it is asked whether transactions have ended: commits take a few ms. */
const ATTEMPTS = 50;
const PAUSE = 4;

const LAST_SEEN = 'select max(seq) from event_log';
const MARKS = 'select id, created_at from commit_log';
const UNLOCKED = 'select id from commit_log force index (primary) for update skip locked';

/**
 * Numbers are given when a row is inserted, and seen when its transaction ends: a smaller one may turn up after a larger
 * one. So the largest number that can be seen is taken first, then the end of whoever was writing at that time is awaited.
 *
 * Why nothing is missed: numbers only grow, so a smaller number that cannot be seen yet was given before. Its transaction
 * had locked its connection's row in `commit_log` before that (commit-marks.ts), and holds it to its end. The row was
 * committed before the transaction began, so it is among the rows read here. It is taken for ended only if the row was
 * found unlocked later on, or bears another mark than at first: then a transaction of that connection has been committed
 * since, and a connection carries out one after the other.
 */
export class SettledEvents {
  /** The last answer that holds whatever is under way. */
  #known = 0;

  upTo(sessions: Sessions): Promise<number> {
    return sessions.use((session) => this.#ask(session));
  }

  async #ask(session: Session): Promise<number> {
    const [row] = await session.rows(LAST_SEEN, []);
    const last = Number(row?.[0] ?? 0);
    if (last <= this.#known) return this.#known;
    const atFirst = await marks(session);
    let writing = [...atFirst.keys()];
    for (let attempt = 0; writing.length > 0 && attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) await pause(PAUSE);
      const unlocked = new Set((await session.rows(UNLOCKED, [])).map(([id]) => String(id)));
      writing = writing.filter((id) => !unlocked.has(id));
      if (writing.length === 0) break;
      const now = await marks(session);
      writing = writing.filter((id) => now.get(id) === atFirst.get(id));
    }
    if (writing.length === 0) this.#known = Math.max(last, this.#known);
    return this.#known;
  }
}

async function marks(session: Session): Promise<Map<string, number>> {
  return new Map((await session.rows(MARKS, [])).map(([id, time]) => [String(id), Number(time)]));
}
