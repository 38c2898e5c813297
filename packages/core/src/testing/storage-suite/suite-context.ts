import type { Storage } from '@process-engine/contracts/storage';

/** The functions of a test runner such as mocha that the suite needs. */
export interface TestRunner {
  describe(title: string, body: () => void): unknown;
  it(title: string, body: () => Promise<void>): unknown;
  beforeEach(body: () => Promise<void>): unknown;
  afterEach(body: () => Promise<void>): unknown;
}

/** What a group of cases works with: the runner, and the storage of the case that runs. */
export interface SuiteContext extends TestRunner {
  readonly storage: () => Storage;
}

/** The rows in another order than they were made in. */
export function shuffled<T>(rows: readonly T[]): T[] {
  const middle = Math.ceil(rows.length / 2);
  return [...rows.slice(middle).reverse(), ...rows.slice(0, middle)];
}

export async function idsOf(
  rows: Promise<readonly { readonly id: string }[] | { readonly items: readonly { readonly id: string }[] }>,
): Promise<string[]> {
  const answer = await rows;
  return ('items' in answer ? answer.items : answer).map(({ id }) => id);
}
