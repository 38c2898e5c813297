/**
 * A batch of commits as one statement, which is its own transaction: one round trip instead of one for each table, for
 * the beginning and for the end.
 *
 * 1. The parts that must hit their rows, and the deletes, are counted in the order of the list; so they run in that
 *    order, before all others. A count that is wrong fails the whole statement, and nothing is kept.
 * 2. Parts do not see each other's rows. So no row may be touched by two of them: a batch that needs it becomes a transaction of
 *    several statements.
 * 3. The statement leaves its id in the commit log. Where its answer is lost, whoever wants to know how it ended tries to
 *    write the same id: waits while it runs, fails where it was committed, and keeps it from ever being so otherwise.
 */
import { randomUUID } from 'node:crypto';

import { StorageUnavailableError } from '@process-engine/contracts/storage';

import type { SqlRow } from '../../row-codec.js';
import { takenStart } from '../server/commit-statements.js';
import type { Wave } from '../server/commit-waves.js';
import type { Parameter } from '../server/sessions.js';
import { DATABASE_TIME } from './commit-log.js';
import { partsOf, StartTakenError, type CommitParts } from './commit-parts.js';
import { toStorageError } from './postgres-errors.js';
import type { PostgresSessions } from './postgres-sessions.js';
import type { Statement } from './statements.js';

/** One round trip. False where the wave does not allow it: nothing was done. */
export async function commitAtOnce(sessions: PostgresSessions, wave: Wave): Promise<boolean> {
  const parts = partsOf(wave);
  if (parts === undefined) return false;
  const id = randomUUID();
  try {
    const rows = await sessions.commitStatement(commitStatement(parts, id), id);
    sessions.changedRows += rows === undefined ? 0 : changedRows(parts, rows);
  } catch (error) {
    const missed =
      missedError(parts, error) ?? (error instanceof StorageUnavailableError ? error : toStorageError(error));
    const [start, ...others] = missed instanceof StartTakenError ? missed.starts : [];
    if (start === undefined || others.length > 0) throw missed;
    throw await sessions.use((session) => takenStart(session, start));
  }
  return true;
}

/** Stands in the error of a failed count, before the number of the part. */
const MISSED = 'process-engine-missed-';

/** @param id of the commit, for the commit log. */
function commitStatement({ first, rest }: CommitParts, id: string): Statement {
  const written = `c as (insert into commit_log (id, created_at) values (?, ${DATABASE_TIME}))`;
  const counted = first.map(({ sql, locks }, at) => `p${at} as (${sql}${locks === true ? '' : ' returning 1'})`);
  const uncounted = rest.map(({ sql }, at) => `r${at} as (${sql})`);
  const counts = first.map(({ expected }, at) => {
    const count = `(select count(*) from p${at})`;
    if (expected === undefined) return count;
    // No number: the cast fails, and with it the statement.
    return `case when ${count} = ?::bigint then ?::bigint else cast('${MISSED}${at}.' || ${count} as bigint) end`;
  });
  const parts = [...first, ...rest].flatMap(({ values }): readonly Parameter[] => values);
  const expectations = first.flatMap(({ expected }) => (expected === undefined ? [] : [expected, expected]));
  return {
    sql: `with ${[written, ...counted, ...uncounted].join(', ')}
      select ${["set_config('lock_timeout', '5s', true)", ...counts].join(', ')}`,
    values: [id, ...parts, ...expectations],
  };
}

/** The rows a commit has changed, as it answered. */
function changedRows({ first, restRows }: CommitParts, [row]: readonly SqlRow[]): number {
  const [, ...counts] = row ?? [];
  return first.reduce((sum, { locks }, at) => (locks === true ? sum : sum + Number(counts[at])), restRows);
}

const MISSED_PART = new RegExp(`${MISSED}(\\d+)\\.`);

/** Why the part that missed its rows did; undefined where the error tells of none. */
function missedError({ first }: CommitParts, error: unknown): Error | undefined {
  const [, at] = (error instanceof Error ? MISSED_PART.exec(error.message) : null) ?? [];
  return at === undefined ? undefined : first[Number(at)]?.missed?.();
}
