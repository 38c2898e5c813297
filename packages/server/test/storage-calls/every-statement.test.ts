import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { TestEngine } from '@process-engine/core/testing';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';
import { auditStorage } from '../crash/audit-storage.js';
import { DATABASES, describeOnEach, type TestDatabase } from '../support/databases.js';
import { report } from '../support/fault-run.js';
import { DriverFaults, type Fault } from './driver-faults.js';
import { CALLED, JOURNEY } from './journey-models.js';
import { Journey } from './journey.js';

/** Of all kinds of faults together: a database that commits in one statement has few. */
const LEAST_INDICES = 60;

describeOnEach(DATABASES, 'a fault at every statement of a journey', function (kind) {
  this.timeout(180_000);
  let database: TestDatabase | undefined;
  let faults: DriverFaults;
  let storage: SequelizeStorage;
  let test: TestEngine;
  let runs = 0;
  let faultsInAll = 0;

  before(async () => {
    faults = await DriverFaults.on(kind);
    database = await kind.create();
    storage = createStorage(database.config);
    // Few looks for work of others: a journey takes hours.
    const pollInterval = 30 * 60_000;
    test = await TestEngine.start({ storage, pollInterval, services: { work: () => ({ worked: true }) } });
    await test.deploy(JOURNEY, CALLED);
  });

  after(async () => {
    faults?.restore();
    await test?.stop();
    await database?.drop();
  });

  it('that is refused leaves nothing half-done and loses nothing', async () => {
    const statements = await undisturbed();
    const happened = await disturbEach('refused', statements.length, () => true);
    report(`refused statements on ${kind.title}: ${statements.length} indices, ${happened} faults`);
    expect(happened).to.be.at.least(statements.length - 2);
  });

  for (const fault of ['lost before', 'lost after'] as const) {
    it(`whose connection is ${fault} a commit leaves nothing half-done and loses nothing`, async () => {
      const commits = (await undisturbed()).filter(isCommit).length;
      const happened = await disturbEach(fault, commits, isCommit);
      report(`connections ${fault} a commit on ${kind.title}: ${commits} indices, ${happened} faults`);
      expect(happened).to.be.at.least(commits - 2);
    });
  }

  it('happens in many places', () => {
    expect(faultsInAll).to.be.at.least(LEAST_INDICES);
  });

  /** The statements of a journey without faults: of a second one, for which everything is prepared. */
  async function undisturbed(): Promise<readonly string[]> {
    await journeyIsSound('without faults');
    faults.watch();
    await journeyIsSound('without faults');
    return faults.statements;
  }

  /** Answers how many of the faults happened: a fault may save a journey some statements, as may chance. */
  async function disturbEach(fault: Fault, indices: number, matches: (sql: string) => boolean): Promise<number> {
    let happened = 0;
    for (let nth = 1; nth <= indices; nth += 1) {
      faults.plan({ fault, nth, matches });
      if (await journeyIsSound(`${fault} at ${nth} of ${indices}`)) happened += 1;
    }
    faultsInAll += happened;
    return happened;
  }

  /** Answers whether a planned fault has happened. */
  async function journeyIsSound(what: string): Promise<boolean> {
    runs += 1;
    const journey = new Journey(test, `journey-${runs}`);
    await journey.run(storage);
    const hasHappened = faults.pass();
    const problems = [...(await journey.problems(storage)), ...(await auditStorage(storage))];
    expect(problems, what).to.deep.equal([]);
    // Else the looks at all rows become longer with every journey.
    await storage.removeFinished({ endedBefore: test.clock.now() + 1, limit: 1_000 });
    return hasHappened;
  }
});

/** The end of a transaction, or a statement that is one and leaves its mark in the commit log. */
function isCommit(sql: string): boolean {
  return /^\s*(commit\b|with c as \(insert into commit_log\b)/i.test(sql);
}
