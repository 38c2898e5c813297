import { join } from 'node:path';

import { afterEach, beforeEach, describe, it } from 'mocha';
import { storageSuite } from '@process-engine/core/testing';
import { createStorage } from '@process-engine/repository';

import { temporaryFolder } from '../support/temporary-folder.js';

const runner = { describe, it, beforeEach, afterEach };
let files = 0;

describe('SQLite', () => {
  const folder = temporaryFolder();

  storageSuite(
    'a database in memory',
    () => Promise.resolve(createStorage({ dialect: 'sqlite', storage: ':memory:' })),
    runner,
  );

  storageSuite(
    'a database file',
    () => {
      files += 1;
      return Promise.resolve(createStorage({ dialect: 'sqlite', storage: join(folder, `${files}.sqlite`) }));
    },
    runner,
  );
});
