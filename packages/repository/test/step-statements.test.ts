import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';

import { mariadbServer } from './mysql/mariadb-server.js';
import { postgresServer } from './postgres/postgres-server.js';
import { serverDatabase } from './support/server-database.js';
import { statementsPerStep, type StepStatements } from './support/step-statements.js';

/** Starting and completing take at most five statements, whatever ran in between; the event log adds one. */
const MOST = 5;

interface Row {
  /** Statements that begin and end the transaction. */
  readonly framing: number;
  readonly without: StepStatements;
  readonly withEvents: StepStatements;
}

/** What each dialect needs. A figure that changes here is a decision, not an accident. */
const TABLE = {
  // No statement is a round trip here.
  sqlite: {
    framing: 2,
    without: { start: 4, goOn: 6, complete: 5 },
    withEvents: { start: 5, goOn: 7, complete: 6 },
  },
  // The whole step is one statement, a transaction of its own.
  postgres: {
    framing: 0,
    without: { start: 1, goOn: 1, complete: 1 },
    withEvents: { start: 1, goOn: 1, complete: 1 },
  },
  // With the mark of the commit: at a start a statement of its own, else along with the process instance's update.
  mariadb: {
    framing: 2,
    without: { start: 5, goOn: 5, complete: 4 },
    withEvents: { start: 6, goOn: 6, complete: 5 },
  },
} satisfies Record<string, Row>;

describe('the statements of one step', function () {
  this.timeout(20_000);

  describe('on SQLite', () => {
    cases('sqlite', () => Promise.resolve(createStorage({ dialect: 'sqlite', storage: ':memory:' })));
  });

  describe('on PostgreSQL', () => {
    const database = serverDatabase(postgresServer);
    cases('postgres', () => database.createEmpty());
  });

  describe('on MariaDB', () => {
    const database = serverDatabase(mariadbServer);
    cases('mariadb', () => database.createEmpty());
  });
});

function cases(dialect: keyof typeof TABLE, create: () => Promise<SequelizeStorage>): void {
  const { framing, without, withEvents } = TABLE[dialect];

  it('are as many as the table says, and no more than five', async () => {
    const counted = await statementsPerStep(await create(), framing, 'none');
    expect(counted).to.deep.equal(without);
    expect(Math.max(counted.start, counted.complete)).to.be.at.most(MOST);
  });

  it('are one more with the event log', async () => {
    const counted = await statementsPerStep(await create(), framing, 'all');
    expect(counted).to.deep.equal(withEvents);
    expect(Math.max(counted.start, counted.complete)).to.be.at.most(MOST + 1);
  });
}
