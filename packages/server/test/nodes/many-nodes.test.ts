import { expect } from 'chai';
import { afterEach, it } from 'mocha';
import { Attempts } from '../chaos/attempts.js';
import { ORDER, SHIPPING, TICK } from '../chaos/chaos-models.js';
import { Load } from '../chaos/load.js';
import { verdictOf } from '../chaos/verdict.js';
import { until } from '../crash/until.js';
import { Cluster } from '../support/cluster.js';
import { describeOnEach, SERVERS } from '../support/databases.js';
import { chosenSeed, IS_LONG, report } from '../support/fault-run.js';
import { randomFrom } from '../support/random.js';

const ORDERS = IS_LONG ? 2_000 : 40;
const PATIENCE = IS_LONG ? 1_200_000 : 60_000;
const ENGINE = { lockDuration: 3_000, pollInterval: 300 };

describeOnEach(SERVERS, 'several nodes', function (kind) {
  this.timeout(2 * PATIENCE);
  let cluster: Cluster | undefined;

  afterEach(async () => {
    await cluster?.end();
    cluster = undefined;
  });

  for (const names of [
    ['a', 'b'],
    ['a', 'b', 'c'],
  ]) {
    it(`do all work once, whichever of ${names.length} nodes is asked, and each timer fires once`, async () => {
      const seed = chosenSeed(names.length);
      const random = randomFrom(seed);
      const shared = (cluster = await Cluster.on(kind));
      await Promise.all(names.map((name) => shared.add(name, { engine: ENGINE })));
      await shared.deploy(ORDER, SHIPPING, TICK);
      const attempts = new Attempts();
      const node = () => shared.nodes[Math.floor(random() * names.length)]!;
      const load = new Load({ engine: () => Promise.resolve(node()), attempts, random });
      load.begin();
      try {
        await until(`${ORDERS} orders are given`, () => reached(load.ordered >= ORDERS), PATIENCE);
        load.stopStarting();
        await until('all orders have ended', () => hasEnded(shared, load), PATIENCE);
      } finally {
        load.stopStarting();
        await load.stop();
      }
      const counts = await Promise.all(shared.nodes.map(({ control }) => control.counts()));
      const errors = await Promise.all(shared.nodes.map(({ control }) => control.errors()));
      await shared.killAll();
      const { problems, orders, ticks } = await shared.reading((storage) => verdictOf(storage, attempts));
      const refused = attempts.all.filter(({ outcome }) => outcome === 'refused').length;
      report(
        `${names.length} nodes on ${kind.title}: seed ${seed}, ${orders} orders, ${ticks} runs of a start timer, ` +
          `${attempts.acknowledged} acknowledged, ${refused} came second, conflicts ${counts.map(({ conflicts }) => conflicts).join(' + ')}`,
      );
      expect(attempts.all.filter(({ outcome }) => outcome === 'open')).to.deep.equal([]);
      expect([...problems, ...(await shared.audit()), ...errors.flat()], `seed ${seed}`).to.deep.equal([]);
    });
  }
});

function reached(condition: boolean): Promise<true | undefined> {
  return Promise.resolve(condition ? true : undefined);
}

async function hasEnded({ nodes }: Cluster, load: Load): Promise<true | undefined> {
  const { totalCount } = await nodes[0]!.storage.findProcessInstances({ tenantId: '', states: ['running'] });
  return reached(totalCount === 0 && load.isPaid);
}
