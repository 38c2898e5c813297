import { join } from 'node:path';

import { describe } from 'mocha';
import { Sequelize } from 'sequelize';
import { dialectModule } from '@process-engine/repository';

import { temporaryFolder } from '../support/temporary-folder.js';
import { withinCases } from '../support/within-suite.js';

describe('SQLite, the engine in a transaction of the application', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let files = 0;
  const open = () => {
    files += 1;
    const storage = join(folder, `within-${files}.sqlite`);
    const sequelize = new Sequelize({ dialect: 'sqlite', dialectModule, storage, logging: false });
    return Promise.resolve({ sequelize, close: () => sequelize.close() });
  };
  withinCases(open, { isServer: false });
});
