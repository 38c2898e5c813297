import type { Storage } from '@process-engine/contracts/storage';

import { claimCases } from './storage-suite/claim-cases.js';
import { commitCases } from './storage-suite/commit-cases.js';
import { conflictCases } from './storage-suite/conflict-cases.js';
import { instanceCases } from './storage-suite/instance-cases.js';
import { instanceQueryCases } from './storage-suite/instance-query-cases.js';
import { logCases } from './storage-suite/log-cases.js';
import { modelCases } from './storage-suite/model-cases.js';
import { openRowQueryCases } from './storage-suite/open-row-query-cases.js';
import type { SuiteContext, TestRunner } from './storage-suite/suite-context.js';
import { valueCases } from './storage-suite/value-cases.js';

export type { TestRunner } from './storage-suite/suite-context.js';

/**
 * The storage port's contract as executable cases: whatever passes them can carry the engine.
 *
 * @param name title of the group of cases.
 * @param create makes a storage without rows, not opened; asked before every case, which opens and closes it.
 * @param runner the functions of a test runner such as mocha.
 */
export function storageSuite(name: string, create: () => Promise<Storage>, runner: TestRunner): void {
  runner.describe(`${name} as a storage`, () => {
    let current: Storage | undefined;
    runner.beforeEach(async () => {
      current = await create();
      await current.open();
    });
    runner.afterEach(async () => {
      await current?.close();
      current = undefined;
    });
    const storage = (): Storage => {
      if (current === undefined) throw new Error('a storage is there only while a case runs');
      return current;
    };
    const context: SuiteContext = { ...runner, storage };
    for (const cases of CASES) cases(context);
  });
}

const CASES = [
  commitCases,
  valueCases,
  conflictCases,
  claimCases,
  instanceCases,
  instanceQueryCases,
  openRowQueryCases,
  modelCases,
  logCases,
];
