import type { Storage } from '@process-engine/contracts/storage';

import type { SqlValue } from '../../row-codec.js';
import { EXPIRING, FINISHED, REMOVALS } from '../removals.js';
import type { SqliteHandle } from './sqlite-handle.js';

/** Deletes ended instances, those that ended first, with everything that belongs to them. */
export function removeFinished(
  handle: SqliteHandle,
  { endedBefore, limit }: Parameters<Storage['removeFinished']>[0],
): number {
  const ids = handle.rows(FINISHED, [endedBefore, Math.max(limit, 0)]).map(([id]) => String(id));
  for (const id of ids) {
    for (const sql of REMOVALS) handle.run(sql, [id]);
  }
  return ids.length;
}

/** Deletes what has expired, of each table some rows. */
export function removeExpired(
  handle: SqliteHandle,
  { limit, ...expiry }: Parameters<Storage['removeExpired']>[0],
): number {
  let removed = 0;
  for (const { expired, remove, timeOf } of EXPIRING) {
    const time = timeOf(expiry);
    const rows = time === undefined ? [] : handle.rows(expired, [time, limit]);
    for (const key of rows) removed += handle.run(remove, key as readonly SqlValue[]);
  }
  return removed;
}
