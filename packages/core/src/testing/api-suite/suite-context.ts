import { ApiUser } from './api-user.js';
import type { ApiSuiteSubject } from './subject.js';

interface SkippableCase {
  skip(): void;
}

/** The functions of a test runner such as mocha that the suite needs. */
export interface TestRunner {
  describe(title: string, body: () => void): unknown;
  it(title: string, body: (this: SkippableCase) => Promise<void>): unknown;
  before(body: () => Promise<void>): unknown;
  after(body: () => Promise<void>): unknown;
}

/** What a group of cases works with. */
export interface SuiteContext {
  readonly describe: (title: string, body: () => void) => void;
  readonly it: (title: string, body: (user: ApiUser) => Promise<void>) => void;
  /** A case that needs time to pass. */
  readonly itInTime: (title: string, body: (user: ApiUser) => Promise<void>) => void;
}

/** One subject for the whole group: the cases keep apart by ids of their own. */
export function suiteContext(runner: TestRunner, create: () => Promise<ApiSuiteSubject>): SuiteContext {
  let subject: ApiSuiteSubject | undefined;
  runner.before(async () => {
    subject = await create();
  });
  runner.after(async () => {
    await subject?.dispose();
    subject = undefined;
  });
  const user = (): ApiUser => {
    if (subject === undefined) throw new Error('a subject is there only while a case runs');
    return new ApiUser(subject);
  };
  return {
    describe: (title, body) => void runner.describe(title, body),
    it: (title, body) => void runner.it(title, () => body(user())),
    itInTime: (title, body) =>
      void runner.it(title, async function () {
        if (subject?.clock === undefined) return this.skip();
        await body(user());
      }),
  };
}
