import { expect } from 'chai';
import { afterEach, it } from 'mocha';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { createEngine, service, type ProcessEngine } from '@process-engine/core';
import { createStorage } from '@process-engine/repository';
import { Attempts } from '../chaos/attempts.js';
import { ORDER, SHIPPING } from '../chaos/chaos-models.js';
import { Load } from '../chaos/load.js';
import { verdictOf } from '../chaos/verdict.js';
import { auditStorage } from '../crash/audit-storage.js';
import { IDENTITY } from '../crash/drive.js';
import { until } from '../crash/until.js';
import { describeOnEach, SERVERS, type DatabaseServer } from '../support/databases.js';
import { chosenSeed, IS_LONG, report } from '../support/fault-run.js';
import { randomFrom } from '../support/random.js';
import { CuttableProxy } from './cuttable-proxy.js';

const CUTS = IS_LONG ? 100 : 4;
const PATIENCE = 60_000;
/** A request is answered within it while the database is away, ms. */
const LONGEST_ANSWER = 30_000;
const PORTS = { PostgreSQL: 5432, MariaDB: 3306, SQLite: 0 } as const;

describeOnEach(SERVERS, 'an engine whose database is taken away and given back', function (kind) {
  this.timeout(IS_LONG ? 3_600_000 : 180_000);
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('answers with a hint to come back, loses nothing, and goes on by itself', async () => {
    const seed = chosenSeed(5);
    const random = randomFrom(seed);
    const { engine, proxy, direct } = await begin(kind);
    const attempts = new Attempts();
    const load = new Load({ engine: () => Promise.resolve(engine), attempts, random });
    load.begin();
    const refusals: unknown[] = [];
    try {
      for (let cut = 0; cut < CUTS; cut += 1) {
        await answers(attempts, 10 + Math.floor(random() * 30));
        proxy.cut();
        refusals.push(await refusalOf(engine));
        proxy.restore();
      }
      load.stopStarting();
      await until('all orders have ended', () => hasEnded(direct, load), PATIENCE);
    } finally {
      load.stopStarting();
      await load.stop();
    }
    await engine.stop();
    const { problems, orders } = await verdictOf(direct, attempts);
    report(
      `database away on ${kind.title}: seed ${seed}, ${CUTS} times, ${proxy.cuts} connections cut, ${orders} orders, ` +
        `${attempts.acknowledged} acknowledged, ${attempts.all.filter(({ outcome }) => outcome === 'open').length} unanswered`,
    );
    expect([...problems, ...(await auditStorage(direct))], `seed ${seed}`).to.deep.equal([]);
    // Over HTTP: 503, and when to come back.
    for (const refusal of refusals) {
      expect(refusal).to.be.instanceOf(StorageUnavailableError).with.property('retryAfter').that.is.greaterThan(0);
    }
  });

  async function begin(server: DatabaseServer) {
    const database = await server.create();
    ends.push(() => database.drop());
    const port = server.url.port === '' ? PORTS[server.title] : Number(server.url.port);
    const proxy = await CuttableProxy.to({ host: server.url.hostname, port });
    ends.push(() => proxy.close());
    const direct = createStorage(database.config);
    await direct.open();
    ends.push(() => direct.close());
    const engine = createEngine({
      storage: createStorage({ ...database.config, host: '127.0.0.1', port: proxy.port }),
      services: { note: service(() => ({}), { inline: true }), work: () => ({ worked: true }) },
      lockDuration: 3_000,
      pollInterval: 500,
    });
    await engine.start();
    ends.push(() => engine.stop());
    const files = [ORDER, SHIPPING].map((model) => ({ name: model.id, xml: model.toXml() }));
    await engine.managementApi.deploy(IDENTITY, { files });
    return { engine, proxy, direct };
  }
});

/** What a caller is told while the database is away. */
async function refusalOf({ consumerApi }: ProcessEngine): Promise<unknown> {
  const began = performance.now();
  try {
    await consumerApi.startProcessInstance(IDENTITY, 'order', { correlationId: 'refused' });
  } catch (error) {
    expect(performance.now() - began).to.be.below(LONGEST_ANSWER);
    return error;
  }
  throw new Error('a start was acknowledged while the database was away');
}

async function answers(attempts: Attempts, count: number): Promise<void> {
  const goal = attempts.acknowledged + count;
  const enough = (): Promise<true | undefined> => Promise.resolve(attempts.acknowledged >= goal ? true : undefined);
  await until(`${count} calls are acknowledged`, enough, PATIENCE);
}

async function hasEnded(storage: ReturnType<typeof createStorage>, load: Load): Promise<true | undefined> {
  const { totalCount } = await storage.findProcessInstances({ tenantId: '', states: ['running'] });
  return totalCount === 0 && load.isPaid ? true : undefined;
}
