/**
 * The ids of commits, by which it can be found out how one ended whose answer was lost. Their times are the database's:
 * a node's clock may be wrong.
 */
import type { Sessions } from '../server/sessions.js';

/** Ms since the epoch. */
export const DATABASE_TIME = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

/**
 * Writes the id in a commit's place, so that it cannot be committed any more; waits while it is being committed. Answers
 * the number of rows: 0: it was committed.
 */
export const WRITE_INSTEAD = `
  with written as (
    insert into commit_log (id, created_at) values (?, ${DATABASE_TIME}) on conflict do nothing returning 1
  ) select set_config('lock_timeout', '5s', true), (select count(*) from written)`;

/** Nobody asks for a commit after a few seconds. */
const SWEEP = `delete from commit_log where created_at < ${DATABASE_TIME} - 3600000`;

export async function sweepCommitLog(sessions: Sessions): Promise<void> {
  await sessions.use((session) => session.run(SWEEP, []));
}
