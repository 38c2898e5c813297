import { QueryTypes, type Sequelize } from 'sequelize';

import * as tables from './0001-tables.js';
import * as userTasks from './0002-user-tasks.js';
import * as auditLog from './0003-audit-log.js';
import * as failedJobs from './0004-failed-jobs.js';
import * as taskPriority from './0007-task-priority.js';
import { SchemaBuilder, type SchemaDialect } from './schema-builder.js';

/** In the order in which they run. A migration that was released is never changed. */
export const MIGRATIONS = [tables, userTasks, auditLog, failedJobs, taskPriority];

const TABLE = 'process_engine_migration';

/** The migration under way in this process: two storages may open the same database at the same time. */
let underWay: Promise<void> = Promise.resolve();

/** Brings the schema up to date. What ran before is noted in the table `process_engine_migration`. */
export function migrate(sequelize: Sequelize, dialect: SchemaDialect): Promise<void> {
  const turn = underWay.then(() => runMigrations(sequelize, dialect));
  underWay = turn.catch(() => undefined);
  return turn;
}

async function runMigrations(sequelize: Sequelize, dialect: SchemaDialect): Promise<void> {
  await sequelize.query(`create table if not exists ${TABLE} (name varchar(255) not null, primary key (name))`);
  const rows = await sequelize.query<{ name: string }>(`select name from ${TABLE}`, { type: QueryTypes.SELECT });
  const done = new Set(rows.map(({ name }) => name));
  for (const { name, up } of MIGRATIONS.filter((migration) => !done.has(migration.name))) {
    await sequelize.transaction(async (transaction) => {
      await up(new SchemaBuilder(sequelize, dialect, transaction));
      await sequelize.query(`insert into ${TABLE} (name) values (?)`, { replacements: [name], transaction });
    });
  }
}
