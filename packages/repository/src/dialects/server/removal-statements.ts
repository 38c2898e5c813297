import type { Storage } from '@process-engine/contracts/storage';

import type { SqlValue } from '../../row-codec.js';
import { EXPIRING, FINISHED, REMOVALS } from '../removals.js';
import type { Session } from './sessions.js';

/** Another node may be removing, too: each takes rows of its own. */
const OWN = ' for update skip locked';

/** Deletes ended instances, those that ended first, with everything that belongs to them. */
export async function removeFinished(
  session: Session,
  { endedBefore, limit }: Parameters<Storage['removeFinished']>[0],
): Promise<number> {
  const rows = limit > 0 ? await session.rows(FINISHED + OWN, [endedBefore, limit]) : [];
  for (const [id] of rows) {
    for (const sql of REMOVALS) await session.run(sql, [String(id)]);
  }
  return rows.length;
}

/** Deletes what has expired, of each table some rows. */
export async function removeExpired(
  session: Session,
  { limit, ...expiry }: Parameters<Storage['removeExpired']>[0],
): Promise<number> {
  let removed = 0;
  for (const { expired, remove, timeOf } of EXPIRING) {
    const time = timeOf(expiry);
    const rows = time === undefined ? [] : await session.rows(expired + OWN, [time, limit]);
    for (const key of rows) removed += await session.run(remove, key as readonly SqlValue[]);
  }
  return removed;
}
