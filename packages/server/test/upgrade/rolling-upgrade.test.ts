import { expect } from 'chai';
import { afterEach, before, it } from 'mocha';
import { definitions, processBuilder } from '@process-engine/core/testing';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';
import { Attempts } from '../chaos/attempts.js';
import { PLAIN_ORDER, PLAIN_ORDER_PATH } from '../chaos/chaos-models.js';
import { Load } from '../chaos/load.js';
import { verdictOf } from '../chaos/verdict.js';
import { auditStorage } from '../crash/audit-storage.js';
import { until } from '../crash/until.js';
import { describeOnEach, SERVERS, type DatabaseServer } from '../support/databases.js';
import { chosenSeed, IS_LONG, report } from '../support/fault-run.js';
import { randomFrom } from '../support/random.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { earlierBuild, hasCommit } from './earlier-build.js';
import { UpgradedServer } from './upgraded-server.js';

/** Version N: the last commit before the migration 0004-failed-jobs, which adds columns to `job`. */
const EARLIER = '28982ec';
/** Has all rights at a server that serves its own machine only. */
const IDENTITY = { userId: 'dummy_token', token: Buffer.from('dummy_token').toString('base64') };
/** Answers in each stage. */
const ANSWERS = IS_LONG ? 1_500 : 60;
const PATIENCE = IS_LONG ? 600_000 : 60_000;
const LOCK_DURATION = 3_000;

const TICK = processBuilder('tick').startEvent('due', definitions.timer('timeCycle', 'R/PT1S')).endEvent('ticked');

/** Its continuation is a job that fails until the topic is one that can be stored. */
const FAILING = processBuilder('failing')
  .startEvent('start')
  .node('serviceTask', 'work', {
    'camunda:type': 'external',
    'camunda:topic': '${topic}',
    'camunda:asyncBefore': 'true',
  })
  .endEvent('end');

describeOnEach(SERVERS, 'a rolling upgrade', function (kind) {
  this.timeout(IS_LONG ? 900_000 : 240_000);
  const ends: (() => Promise<unknown>)[] = [];
  let build: string;

  before(function () {
    if (hasCommit(EARLIER)) {
      build = earlierBuild(EARLIER);
      return;
    }
    report(`skipped: the commit ${EARLIER} is not in this copy, which has no full history`);
    this.skip();
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('loses and doubles nothing while one version after the other serves one database', async () => {
    const seed = chosenSeed(28);
    const random = randomFrom(seed);
    const { database, direct, folder } = await begin(kind);
    const attempts = new Attempts();
    const start = async (name: string, options: { build?: string; engine?: object }) => {
      const engine = { lockDuration: LOCK_DURATION, ...options.engine };
      const server = await UpgradedServer.start(folder, { ...options, name, database, engine });
      ends.push(() => server.stop());
      return server;
    };

    const earlier = await start('earlier', { build });
    const files = [PLAIN_ORDER, TICK, FAILING].map((model) => ({ name: `${model.id}.bpmn`, xml: model.toXml() }));
    await earlier.managementApi.deploy(IDENTITY, { files });
    let servers = [earlier];
    const anyServer = () => Promise.resolve(servers[Math.floor(random() * servers.length)]!);
    const load = new Load({ engine: anyServer, attempts, random, identity: IDENTITY });
    load.begin();
    const stages: number[] = [];
    const stage = async () => {
      const before = attempts.acknowledged;
      await until('more calls are acknowledged', () => reached(attempts.acknowledged >= before + ANSWERS), PATIENCE);
      stages.push(attempts.acknowledged);
    };
    let later: UpgradedServer;
    try {
      await stage();
      // Migrates while the earlier version is at work.
      later = await start('later', { engine: { pollInterval: 300, jobRetries: [200, 200] } });
      servers = [earlier, later];
      await stage();
      const failing = await writeNewColumn(later);
      servers = [later];
      const stopped = earlier.stop();
      await stage();
      expect(await stopped).to.equal(0);
      await help(later, failing);
      load.stopStarting();
      await until('all orders have ended', () => hasEnded(direct, load), PATIENCE);
    } finally {
      load.stopStarting();
      await load.stop();
    }
    expect(await later.stop()).to.equal(0);
    const { problems, orders, ticks } = await verdictOf(direct, attempts, PLAIN_ORDER_PATH);
    report(
      `rolling upgrade on ${kind.title}: seed ${seed}, ${orders} orders, ${ticks} runs of a start timer, ` +
        `acknowledged after each stage ${stages.join(', ')}, ` +
        `${attempts.all.filter(({ outcome }) => outcome === 'open').length} unanswered`,
    );
    expect([...problems, ...(await auditStorage(direct))], `seed ${seed}`).to.deep.equal([]);
    const { totalCount: audited } = await direct.findAudit({ tenantId: '' });
    expect(audited, 'entries in the table that only the later version knows').to.be.greaterThan(ANSWERS);
  });

  async function begin(server: DatabaseServer) {
    const folder = new TemporaryFolder();
    ends.push(() => Promise.resolve(folder.remove()));
    const database = await server.create();
    ends.push(() => database.drop());
    const direct = createStorage(database.config);
    // Opened where it is read: it would migrate.
    ends.push(() => direct.close());
    return { database: database.config, direct, folder };
  }
});

/** The later version notes in the job's row why it failed. From then on the earlier one may try it, too. */
async function writeNewColumn({ consumerApi, managementApi }: UpgradedServer): Promise<string> {
  const topic = Array.from({ length: 2_000 }, (_, at) => (at * 2_654_435_761).toString(36)).join('');
  const { processInstanceId } = await consumerApi.startProcessInstance(IDENTITY, 'failing', { inputValues: { topic } });
  const noted = async () => (await managementApi.getJobs(IDENTITY, { processInstanceId })).jobs[0]?.error;
  expect(await until('it is noted why the job failed', noted, PATIENCE))
    .to.have.property('message')
    .that.is.not.equal('');
  return processInstanceId;
}

/** In the end it is an incident, which an operator mends. */
async function help({ externalTaskApi, managementApi }: UpgradedServer, processInstanceId: string): Promise<void> {
  const incidents = async () => (await managementApi.getIncidents(IDENTITY, { processInstanceId })).incidents[0];
  const { id } = await until('the job is an incident', incidents, PATIENCE);
  await managementApi.retryIncident(IDENTITY, id, { variables: { topic: 'special' } });
  const work = async () => (await externalTaskApi.fetchAndLockExternalTasks(IDENTITY, 'w', 'special', 1, 0, 60_000))[0];
  const task = await until('its work can be fetched', work, PATIENCE);
  await externalTaskApi.finishExternalTask(IDENTITY, 'w', task.id, {});
}

async function hasEnded(storage: SequelizeStorage, load: Load): Promise<true | undefined> {
  await storage.open();
  const { totalCount } = await storage.findProcessInstances({ tenantId: '', states: ['running'] });
  return reached(totalCount === 0 && load.isPaid);
}

function reached(condition: boolean): Promise<true | undefined> {
  return Promise.resolve(condition ? true : undefined);
}
