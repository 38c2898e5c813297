import { setTimeout as pause } from 'node:timers/promises';

import type { Session, Sessions } from '../server/sessions.js';

/** How often, and after how many ms, it is asked whether transactions have ended: commits take a few ms. */
const ATTEMPTS = 50;
const PAUSE = 4;

const LAST_GIVEN = 'select last_value from event_log_seq_seq';

/** Transactions that have written to the event log and not ended. Held from before the number is given. */
const WRITING = `
  select virtualtransaction from pg_locks
   where locktype = 'relation' and relation = 'event_log'::regclass and mode = 'RowExclusiveLock'
     and database = (select oid from pg_database where datname = current_database())`;

/**
 * Numbers are given when a row is inserted, and seen when its transaction ends: a smaller one may turn up after a larger
 * one. So the last number given is taken first, then the end of whoever was writing at that time is awaited.
 */
export class SettledEvents {
  /** The last answer that holds whatever is under way. */
  #known = 0;

  upTo(sessions: Sessions): Promise<number> {
    return sessions.use((session) => this.#ask(session));
  }

  async #ask(session: Session): Promise<number> {
    const [row] = await session.rows(LAST_GIVEN, []);
    const last = Number(row?.[0] ?? 0);
    let writing = await writers(session);
    for (let attempt = 0; writing.size > 0 && attempt < ATTEMPTS; attempt += 1) {
      await pause(PAUSE);
      const now = await writers(session);
      writing = new Set([...writing].filter((transaction) => now.has(transaction)));
    }
    if (writing.size === 0) this.#known = Math.max(last, this.#known);
    return this.#known;
  }
}

async function writers(session: Session): Promise<Set<string>> {
  return new Set((await session.rows(WRITING, [])).map(([transaction]) => String(transaction)));
}
