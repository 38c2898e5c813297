import { Sequelize } from 'sequelize';

import { addressOf, type TestServer } from '../support/server-database.js';

const url = new URL(process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres');

/** PostgreSQL: each suite has a schema of its own. */
export const postgresServer: TestServer = {
  title: 'PostgreSQL',
  url,
  configFor: (schema) => ({ dialect: 'postgres', database: url.pathname.slice(1), ...addressOf(url), schema }),
  sequelizeFor: (schema) =>
    new Sequelize(String(url), {
      logging: false,
      dialectOptions: { application_name: schema, options: `-c search_path=${schema}` },
    }),
  // The storage makes the schema itself.
  create: () => 'select 1',
  drop: (schema) => `drop schema if exists ${schema} cascade`,
  // Faster than truncate, which makes new files.
  empty: (tables) => [tables.map((table) => `delete from ${table}`).join('; ')],
};
