import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import sinon from 'sinon';
import { createEngine, type ProcessEngine } from '@process-engine/core';
import { processBuilder } from '@process-engine/core/testing';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';

import { DatabaseClock } from '../../dist/dialects/server/database-clock.js';
import { serverDatabase } from '../support/server-database.js';
import { postgresServer } from './postgres-server.js';

const AN_HOUR = 60 * 60 * 1000;
const identity = { userId: 'alice', token: '' };

describe('PostgreSQL, the clock', function () {
  this.timeout(20_000);
  const database = serverDatabase(postgresServer);
  let storage: SequelizeStorage;
  let other: SequelizeStorage;

  beforeEach(async () => {
    storage = await database.createEmpty();
    other = createStorage(database.config);
    await Promise.all([storage.open(), other.open()]);
  });

  afterEach(async () => {
    sinon.restore();
    await Promise.all([storage.close(), other.close()]);
  });

  it('of a storage shows the time of the database, wherever the clock of the machine is set to', async () => {
    const actual = Date.now();
    for (const jump of [0, AN_HOUR, -AN_HOUR]) {
      sinon.restore();
      sinon.stub(Date, 'now').returns(actual + jump);
      const before = storage.now();
      const [rows] = await database.sequelize.query(
        'select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as time',
      );
      const time = Number((rows[0] as { time: string }).time);
      const after = storage.now();
      expect(time, `clock set by ${jump} ms`).to.be.within(before - 250, after + 250);
    }
  });

  it('of a node that is an hour fast locks no longer, and fires no timer before its time', async () => {
    const node: ProcessEngine = createEngine({ storage, nodeId: 'fast' });
    await node.start();
    const actual = Date.now();
    const clock = sinon.stub(Date, 'now').callsFake(() => actual + AN_HOUR);
    const model = processBuilder('order')
      .startEvent('start')
      .parallelGateway('fork')
      .externalTask('work', 'mail')
      .from('fork')
      .node(
        'intermediateCatchEvent',
        'wait',
        {},
        '<bpmn:timerEventDefinition><bpmn:timeDuration>PT10M</bpmn:timeDuration></bpmn:timerEventDefinition>',
      );
    await node.managementApi.deploy(identity, { files: [{ name: 'order.bpmn', xml: model.toXml() }] });
    await node.consumerApi.startProcessInstance(identity, 'order');
    const { externalTaskApi } = node;
    const [task] = await externalTaskApi.fetchAndLockExternalTasks(identity, 'w', 'mail', 1, 0, 60_000);
    const { items } = await other.findExternalTasks({ tenantId: '' });
    expect(items[0]?.id).to.equal(task?.id);
    expect(items[0]?.lockedUntil).to.be.within(actual, actual + 2 * 60_000);
    const jobs = await other.findJobs({ tenantId: '' });
    expect(jobs.items[0]?.dueAt).to.be.within(actual, actual + 11 * 60_000);
    await node.idle();
    expect((await other.findJobs({ tenantId: '' })).totalCount).to.equal(1);
    clock.restore();
    await node.stop();
  });
});

describe('The clock of a database', () => {
  it('trusts the shortest round trip, and follows the database where it is surely elsewhere', async () => {
    const clock = new DatabaseClock();
    const ask = (time: number, trip: number) => async (): Promise<number> => {
      const end = performance.now() + trip;
      while (performance.now() < end) await Promise.resolve();
      return time + performance.now();
    };
    await clock.measure(ask(1_000_000, 20));
    await clock.measure(ask(1_000_000, 0.1));
    const best = clock.now() - performance.now();
    await clock.measure(ask(1_000_000, 20));
    expect(clock.now() - performance.now()).to.be.closeTo(best, 1.5);
    await clock.measure(ask(4_600_000, 20));
    expect(clock.now() - performance.now()).to.be.closeTo(4_600_000, 25);
  });
});
