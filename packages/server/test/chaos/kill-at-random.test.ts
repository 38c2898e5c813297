import { expect } from 'chai';
import { afterEach, it } from 'mocha';
import type { Storage } from '@process-engine/contracts/storage';
import type { ChildEngine } from '../crash/child-engine.js';
import { until } from '../crash/until.js';
import { Cluster } from '../support/cluster.js';
import { DATABASES, describeOnEach } from '../support/databases.js';
import { chosenSeed, IS_LONG, report } from '../support/fault-run.js';
import { randomFrom } from '../support/random.js';
import { Attempts } from './attempts.js';
import { ORDER, SHIPPING, TICK } from './chaos-models.js';
import { Load } from './load.js';
import { verdictOf } from './verdict.js';

const KILLS = IS_LONG ? 100 : 5;
/** Answers between a start of the engine and its next death. */
const LEAST_ANSWERS = 10;
const MOST_ANSWERS = IS_LONG ? 40 : 60;
/** ms in which an engine that is up must answer so many, on a machine that is busy otherwise. */
const PATIENCE = 60_000;
const ENGINE = { lockDuration: 1_500, pollInterval: 300 };

describeOnEach(DATABASES, 'an engine process that is killed again and again under load', function (kind) {
  this.timeout(IS_LONG ? 3_600_000 : 120_000);
  let cluster: Cluster | undefined;

  afterEach(() => cluster?.end());

  it('has done once what it acknowledged, and the rest once or never', async () => {
    const seed = chosenSeed(11);
    const random = randomFrom(seed);
    const chaos = (cluster = await Cluster.on(kind));
    const attempts = new Attempts();
    let engine: ChildEngine | undefined = await chaos.add('a', { engine: ENGINE });
    await chaos.deploy(ORDER, SHIPPING, TICK);
    const load = new Load({
      engine: () => until('an engine lives', () => Promise.resolve(engine), PATIENCE),
      attempts,
      random,
    });
    load.begin();
    try {
      for (let kill = 1; kill <= KILLS; kill += 1) {
        await answers(attempts, LEAST_ANSWERS + Math.floor(random() * (MOST_ANSWERS - LEAST_ANSWERS)));
        engine = undefined;
        await chaos.killAll();
        await expectSound(chaos);
        // Half of the deaths are another node's to make up for: it has to wait until their locks have ended.
        engine = await chaos.add(random() < 0.5 ? 'a' : 'b', { engine: ENGINE });
      }
      load.stopStarting();
      const living = engine;
      await until('all orders have ended', () => hasEnded(living, load), PATIENCE);
    } finally {
      load.stopStarting();
      await load.stop();
    }
    expect(await engine.control.errors()).to.deep.equal([]);
    await chaos.killAll();
    await expectSound(chaos);
    const { problems, orders, ticks } = await chaos.reading((storage) => verdictOf(storage, attempts));
    report(
      `chaos on ${kind.title}: seed ${seed}, ${KILLS} kills, ${orders} orders, ${ticks} runs of a start timer, ` +
        `${attempts.acknowledged} acknowledged, ${attempts.all.filter(({ outcome }) => outcome === 'open').length} unanswered`,
    );
    expect(problems, `seed ${seed}`).to.deep.equal([]);
  });
});

/** Waits until so many more calls were acknowledged. */
async function answers(attempts: Attempts, count: number): Promise<void> {
  const goal = attempts.acknowledged + count;
  const enough = (): Promise<true | undefined> => Promise.resolve(attempts.acknowledged >= goal ? true : undefined);
  await until(`${count} calls are acknowledged`, enough, PATIENCE);
}

/** A database server may still be ending the transactions of the process that was killed. */
async function expectSound(cluster: Cluster): Promise<void> {
  let problems: readonly string[] = [];
  const sound = async (): Promise<true | undefined> => {
    problems = await cluster.audit();
    return problems.length === 0 ? true : undefined;
  };
  await until('the tables are sound', sound, 5_000).catch(() => expect(problems).to.deep.equal([]));
}

async function hasEnded({ storage }: ChildEngine, load: Load): Promise<true | undefined> {
  const running: Parameters<Storage['findProcessInstances']>[0] = { tenantId: '', states: ['running'] };
  const { totalCount } = await storage.findProcessInstances(running);
  return totalCount === 0 && load.isPaid ? true : undefined;
}
