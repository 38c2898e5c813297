import { Sequelize } from 'sequelize';

import { addressOf, type TestServer } from '../support/server-database.js';

const url = new URL(process.env['TEST_MARIADB_URL'] ?? 'mysql://root@127.0.0.1:3306/test');

/** MariaDB, or MySQL: each suite has a database of its own. */
export const mariadbServer: TestServer = {
  title: 'MariaDB',
  url,
  configFor: (database) => ({ dialect: 'mariadb', ...addressOf(url), database }),
  sequelizeFor: (database) =>
    new Sequelize(addressWith(`/${database}`), {
      dialect: 'mysql',
      logging: false,
      dialectOptions: { multipleStatements: true },
    }),
  create: (database) => `create database ${database}`,
  drop: (database) => `drop database if exists ${database}`,
  // Faster than truncate, which makes new files.
  empty: (tables) => [`begin; ${tables.map((table) => `delete from ${table}; `).join('')} commit`],
};

function addressWith(path: string): string {
  const address = new URL(url);
  address.protocol = 'mysql:';
  address.pathname = path;
  return String(address);
}
