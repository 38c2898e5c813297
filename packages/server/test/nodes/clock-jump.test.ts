import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { definitions, processBuilder } from '@process-engine/core/testing';
import { Attempts } from '../chaos/attempts.js';
import { ORDER, REST, SHIPPING, TICK } from '../chaos/chaos-models.js';
import { Load } from '../chaos/load.js';
import { verdictOf } from '../chaos/verdict.js';
import type { ChildEngine } from '../crash/child-engine.js';
import { IDENTITY } from '../crash/drive.js';
import { until } from '../crash/until.js';
import { Cluster } from '../support/cluster.js';
import { describeOnEach, SERVERS } from '../support/databases.js';
import { chosenSeed, IS_LONG, report } from '../support/fault-run.js';
import { randomFrom } from '../support/random.js';
import { rejection } from '../support/rejection.js';

const HOUR = 3_600_000;
const ORDERS = IS_LONG ? 500 : 15;
const PATIENCE = IS_LONG ? 600_000 : 60_000;
/** By so much do nodes differ in what they take for the database's time, ms, on a busy machine. */
const TOLERANCE = 100;
const ENGINE = { lockDuration: 60_000, pollInterval: 200 };

/** By how much the clocks of the machines are wrong at first, and by how much they are set then. */
const MACHINES = [
  { name: 'right', wrongBy: 0, jump: HOUR },
  { name: 'ahead', wrongBy: HOUR, jump: -2 * HOUR },
  { name: 'behind', wrongBy: -HOUR, jump: HOUR },
];

/** Nothing of it may happen but the beginning of the service. */
const WAITING = processBuilder('waiting')
  .startEvent('start')
  .parallelGateway('fork')
  .serviceTask('hold', 'hold')
  .endEvent('held')
  .from('fork')
  .externalTask('piece', 'piece')
  .endEvent('done')
  .from('fork')
  .node('intermediateCatchEvent', 'rest-for-long', {}, definitions.timer('timeDuration', 'PT59M'))
  .endEvent('rested');

describeOnEach(SERVERS, 'nodes whose clocks differ by an hour, and are set by an hour', function (kind) {
  this.timeout(IS_LONG ? 1_200_000 : 150_000);
  let cluster: Cluster;

  before(async () => {
    cluster = await Cluster.on(kind);
    for (const { name, wrongBy } of MACHINES) {
      await cluster.add(name, { machineWrongBy: wrongBy, engine: ENGINE });
    }
    await cluster.deploy(ORDER, SHIPPING, TICK, WAITING);
  });

  after(() => cluster?.end());

  it('go by one time: timers fire once and not early, and locks hold', async () => {
    const seed = chosenSeed(7);
    const random = randomFrom(seed);
    const { nodes } = cluster;
    const attempts = new Attempts();
    const node = () => Promise.resolve(nodes[Math.floor(random() * nodes.length)]!);
    const load = new Load({ engine: node, attempts, random });
    const began = performance.now();
    const waiting = await begin(nodes[0]!);
    load.begin();
    try {
      await until('orders are given', () => reached(load.ordered >= ORDERS), PATIENCE);
      await expectLocked(waiting.task);
      await Promise.all(nodes.map(({ control }, at) => control.jump(MACHINES[at]!.jump)));
      await until('orders are given after the jumps', () => reached(load.ordered >= 2 * ORDERS), PATIENCE);
      await expectLocked(waiting.task);
      load.stopStarting();
      await until('all orders have ended', () => hasEnded(nodes[0]!, load), PATIENCE);
    } finally {
      load.stopStarting();
      await load.stop();
    }
    const seconds = Math.ceil((performance.now() - began) / 1_000);
    expect(cluster.ledger.entries(waiting.id)).to.have.length(1);
    expect(await stateOfRest(nodes[0]!, waiting.id)).to.equal('waiting');
    const rests = await timesOfRest(nodes[0]!);
    const errors = (await Promise.all(nodes.map(({ control }) => control.errors()))).flat();
    await cluster.killAll();
    const { problems, orders, ticks } = await cluster.reading((storage) => verdictOf(storage, attempts));
    report(
      `clock jumps on ${kind.title}: seed ${seed}, ${orders} orders, timers of ${REST} ms after ` +
        `${Math.min(...rests)} to ${Math.max(...rests)} ms, ${ticks} runs of a start timer in ${seconds} s`,
    );
    expect(Math.min(...rests)).to.be.at.least(REST - TOLERANCE);
    // Not those of the hours that clocks were set on.
    expect(ticks).to.be.at.most(seconds + 1);
    expect([...problems, ...(await cluster.audit()), ...errors], `seed ${seed}`).to.deep.equal([]);
  });

  /** The instance's service is begun, and its task locked, by the first node. */
  async function begin({ consumerApi, externalTaskApi }: ChildEngine): Promise<{ id: string; task: string }> {
    const { processInstanceId: id } = await consumerApi.startProcessInstance(IDENTITY, 'waiting');
    await until('the service is begun', () => reached(cluster.ledger.entries(id).length === 1), PATIENCE);
    const [task] = await externalTaskApi.fetchAndLockExternalTasks(IDENTITY, 'owner', 'piece', 1, 0, HOUR / 2);
    return { id, task: task!.id };
  }

  /** Whichever node is asked for it. */
  async function expectLocked(task: string): Promise<void> {
    for (const { externalTaskApi } of cluster.nodes) {
      const free = await externalTaskApi.fetchAndLockExternalTasks(IDENTITY, 'thief', 'piece', 1, 0, HOUR);
      expect(free).to.deep.equal([]);
      expect(await rejection(externalTaskApi.finishExternalTask(IDENTITY, 'thief', task, {}))).to.include({
        code: 423,
      });
    }
  }
});

async function stateOfRest({ storage }: ChildEngine, processInstanceId: string): Promise<string | undefined> {
  const filter = { tenantId: '', processInstanceId, flowNodeId: 'rest-for-long' };
  return (await storage.findFlowNodeInstances(filter)).items[0]?.state;
}

/** How long each order rested, ms. */
async function timesOfRest({ storage }: ChildEngine): Promise<number[]> {
  const { items } = await storage.findFlowNodeInstances({ tenantId: '', flowNodeId: 'rest' });
  return items.map(({ enteredAt, leftAt }) => leftAt! - enteredAt);
}

async function hasEnded({ storage }: ChildEngine, load: Load): Promise<true | undefined> {
  const { totalCount } = await storage.findProcessInstances({ tenantId: '', states: ['running'] });
  // One is to go on waiting.
  return reached(totalCount === 1 && load.isPaid);
}

function reached(condition: boolean): Promise<true | undefined> {
  return Promise.resolve(condition ? true : undefined);
}
