import { describe } from 'mocha';

import { serverDatabase } from '../support/server-database.js';
import { withinCases } from '../support/within-suite.js';
import { postgresServer } from './postgres-server.js';

describe('PostgreSQL, the engine in a transaction of the application', function () {
  this.timeout(30_000);
  const database = serverDatabase(postgresServer);
  const open = async () => {
    await database.createEmpty();
    return { sequelize: database.sequelize, close: () => Promise.resolve() };
  };
  withinCases(open, { isServer: true });
});
