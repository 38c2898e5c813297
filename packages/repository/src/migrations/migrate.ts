import type { Sequelize } from 'sequelize';
import { SequelizeStorage as ExecutedMigrations, Umzug } from 'umzug';

import * as tables from './0001-tables.js';
import * as userTasks from './0002-user-tasks.js';
import * as taskPriority from './0007-task-priority.js';
import { SchemaBuilder, type SchemaDialect } from './schema-builder.js';

/** In the order in which they run. A migration that was released is never changed. */
export const MIGRATIONS = [tables, userTasks, taskPriority];

/** The migration under way in this process: two storages may open the same database at the same time. */
let underWay: Promise<void> = Promise.resolve();

/** Brings the schema up to date. What ran before is noted in the table `process_engine_migration`. */
export function migrate(sequelize: Sequelize, dialect: SchemaDialect): Promise<void> {
  const turn = underWay.then(() => runMigrations(sequelize, dialect));
  underWay = turn.catch(() => undefined);
  return turn;
}

async function runMigrations(sequelize: Sequelize, dialect: SchemaDialect): Promise<void> {
  const umzug = new Umzug({
    migrations: MIGRATIONS.map(({ name, up }) => ({
      name,
      up: () => sequelize.transaction((transaction) => up(new SchemaBuilder(sequelize, dialect, transaction))),
    })),
    storage: new ExecutedMigrations({
      sequelize,
      modelName: 'ProcessEngineMigration',
      tableName: 'process_engine_migration',
    }),
    logger: undefined,
  });
  await umzug.up();
}
