import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { afterEach, it } from 'mocha';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { createEngine, service } from '@process-engine/core';
import { createStorage } from '@process-engine/repository';
import { Attempts } from '../chaos/attempts.js';
import { ORDER, SHIPPING } from '../chaos/chaos-models.js';
import { Load } from '../chaos/load.js';
import { verdictOf } from '../chaos/verdict.js';
import { auditStorage } from '../crash/audit-storage.js';
import { IDENTITY } from '../crash/drive.js';
import { until } from '../crash/until.js';
import { describeOnEach, POSTGRES } from '../support/databases.js';
import { chosenSeed, IS_LONG, report } from '../support/fault-run.js';
import { randomFrom } from '../support/random.js';
import { rejection } from '../support/rejection.js';

const LIMIT = 3;
const ORDERS = IS_LONG ? 1_000 : 20;
const PATIENCE = IS_LONG ? 600_000 : 60_000;
/** A request is answered within it while there is no connection, ms. */
const LONGEST_ANSWER = 30_000;

describeOnEach([POSTGRES], 'an engine whose role has fewer connections than its pool wants', function (kind) {
  this.timeout(IS_LONG ? 1_200_000 : 150_000);
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it(`works with ${LIMIT}, answers with a hint to come back while there are none, and goes on by itself`, async () => {
    const seed = chosenSeed(3);
    const { role, engine, direct } = await begin();
    const attempts = new Attempts();
    const load = new Load({ engine: () => Promise.resolve(engine), attempts, random: randomFrom(seed) });
    const most = { connections: 0 };
    load.begin();
    try {
      await until('orders are given', () => ordered(load, ORDERS, role, most), PATIENCE);
      await kind.administer(`alter role ${role} connection limit 0`);
      await kind.administer(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
      const asked = performance.now();
      const refusal = await rejection(engine.consumerApi.startProcessInstance(IDENTITY, 'order', {}));
      expect(performance.now() - asked).to.be.below(LONGEST_ANSWER);
      // Over HTTP: 503, and when to come back.
      expect(refusal).to.be.instanceOf(StorageUnavailableError).with.property('retryAfter').that.is.greaterThan(0);
      expect(refusal.message).to.match(/gives no more connections .*too many connections for role/);
      await kind.administer(`alter role ${role} connection limit ${LIMIT}`);
      await until('orders are given again', () => ordered(load, 2 * ORDERS, role, most), PATIENCE);
      load.stopStarting();
      await until('all orders have ended', () => hasEnded(), PATIENCE);
    } finally {
      load.stopStarting();
      await load.stop();
    }
    await engine.stop();
    const { problems, orders } = await verdictOf(direct, attempts);
    report(
      `few connections on ${kind.title}: seed ${seed}, ${orders} orders over ${most.connections} connections, ` +
        `${attempts.acknowledged} acknowledged, ${attempts.all.filter(({ outcome }) => outcome === 'open').length} unanswered`,
    );
    expect([...problems, ...(await auditStorage(direct))], `seed ${seed}`).to.deep.equal([]);
    expect(most.connections).to.be.within(2, LIMIT);

    async function hasEnded(): Promise<true | undefined> {
      const { totalCount } = await direct.findProcessInstances({ tenantId: '', states: ['running'] });
      return totalCount === 0 && load.isPaid ? true : undefined;
    }
  });

  async function ordered(load: Load, goal: number, role: string, most: { connections: number }) {
    const [row] = await kind.administer(`select count(*) as count from pg_stat_activity where usename = '${role}'`);
    most.connections = Math.max(most.connections, Number((row as { count: string }).count));
    return load.ordered >= goal ? (true as const) : undefined;
  }

  async function begin() {
    const database = await kind.create();
    ends.push(() => database.drop());
    const role = `process_engine_faults_${randomBytes(4).toString('hex')}`;
    await kind.administer(`create role ${role} login password '${role}' connection limit ${LIMIT}`);
    ends.push(() => kind.administer(`drop owned by ${role} cascade; drop role ${role}`));
    await kind.administer(`grant create on database "${database.config.database}" to ${role}`);
    const storage = createStorage({ ...database.config, username: role, password: role });
    const engine = createEngine({
      storage,
      services: { note: service(() => ({}), { inline: true }), work: () => ({ worked: true }) },
      lockDuration: 3_000,
      pollInterval: 500,
    });
    await engine.start();
    ends.push(() => engine.stop());
    const direct = createStorage(database.config);
    await direct.open();
    ends.push(() => direct.close());
    const files = [ORDER, SHIPPING].map((model) => ({ name: model.id, xml: model.toXml() }));
    await engine.managementApi.deploy(IDENTITY, { files });
    return { role, engine, direct };
  }
});
