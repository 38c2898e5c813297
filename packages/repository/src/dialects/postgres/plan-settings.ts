/**
 * How the server plans on a connection. Every hot statement finds its rows by an index, however many there are. While a
 * table is small the planner would rather read all of it, and keep to that when it has long been large: measured, each
 * commit read all process instances until the statement was planned anew, which doubled the CPU time of the first 10,000
 * instances. So it is told to use indexes at once. No statement is long enough to be compiled.
 *
 * Only where the storage makes the connections itself: an application's own are left as they are.
 */
import type { PostgresConnection } from './postgres-connection.js';

const SETTINGS = 'set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off';

export async function preferIndexes(connection: unknown): Promise<void> {
  await (connection as PostgresConnection).query(SETTINGS);
}
