import { setTimeout as pause } from 'node:timers/promises';

import { QueryTypes } from 'sequelize';

import type { ServerDatabase } from '../support/server-database.js';

/** Ids of the connections to the suite's database, but for the one that asks. */
export function connectionsOf(database: ServerDatabase): Promise<number[]> {
  return idsOf(
    database,
    'select id from information_schema.processlist where db = database() and id <> connection_id()',
  );
}

/** The server renews what it tells about transactions when nobody has asked for a tenth of a second. */
const PAUSE = 150;

/** Ids of those that wait for a row lock, once there are any. */
export async function waitingOf(database: ServerDatabase): Promise<number[]> {
  const sql = `select t.trx_mysql_thread_id as id from information_schema.innodb_trx t
      join information_schema.processlist p on p.id = t.trx_mysql_thread_id
     where p.db = database() and t.trx_state = 'LOCK WAIT'`;
  const deadline = Date.now() + 4_000;
  for (;;) {
    const ids = await idsOf(database, sql);
    if (ids.length > 0) return ids;
    if (Date.now() > deadline) throw new Error('no transaction waits for a row');
    await pause(PAUSE);
  }
}

async function idsOf({ sequelize }: ServerDatabase, sql: string): Promise<number[]> {
  const rows = await sequelize.query<{ readonly id: number }>(sql, { type: QueryTypes.SELECT });
  return rows.map(({ id }) => Number(id));
}
