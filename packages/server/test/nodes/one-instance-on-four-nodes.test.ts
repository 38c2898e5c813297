import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { processBuilder } from '@process-engine/core/testing';
import type { ChildEngine } from '../crash/child-engine.js';
import { IDENTITY } from '../crash/drive.js';
import { Cluster } from '../support/cluster.js';
import { describeOnEach, SERVERS } from '../support/databases.js';
import { IS_LONG, report } from '../support/fault-run.js';

const TASKS = IS_LONG ? 2_000 : 500;
const NODES = ['a', 'b', 'c', 'd'];
const LOCK_DURATION = 600_000;

const MODEL = processBuilder('hot')
  .startEvent('start')
  .externalTask(
    'piece',
    'piece',
    `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>${TASKS}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>`,
  )
  .endEvent('end');

describeOnEach(SERVERS, `${TASKS} tasks of one instance`, function (kind) {
  this.timeout(IS_LONG ? 1_200_000 : 150_000);
  let cluster: Cluster;

  before(async () => {
    cluster = await Cluster.on(kind);
    await Promise.all(NODES.map((name) => cluster.add(name)));
    await cluster.deploy(MODEL);
  });

  after(() => cluster?.end());

  it('are completed through four nodes at the same time, each once', async () => {
    const [first] = cluster.nodes;
    const { processInstanceId } = await first!.consumerApi.startProcessInstance(IDENTITY, 'hot');
    await first!.control.idle();
    const began = performance.now();
    const finished = await Promise.all(cluster.nodes.map((node, at) => finishAll(node, NODES[at]!)));
    const seconds = (performance.now() - began) / 1_000;
    const counts = await Promise.all(cluster.nodes.map(({ control }) => control.counts()));
    report(
      `hot instance on ${kind.title}: ${finished.join(' + ')} tasks through ${NODES.length} nodes in ${seconds.toFixed(1)} s, ` +
        `conflicts ${counts.map(({ conflicts }) => conflicts).join(' + ')}`,
    );
    expect(finished.reduce((sum, count) => sum + count, 0)).to.equal(TASKS);
    const { items } = await first!.storage.findProcessInstances({ tenantId: '', ids: [processInstanceId] });
    expect(items[0]).to.include({ state: 'finished' });
    await cluster.killAll();
    expect(await cluster.audit()).to.deep.equal([]);
  });

  /** Until there are none left; answers how many this worker finished. */
  async function finishAll({ externalTaskApi }: ChildEngine, worker: string): Promise<number> {
    for (let finished = 0; ;) {
      const tasks = await externalTaskApi.fetchAndLockExternalTasks(IDENTITY, worker, 'piece', 10, 0, LOCK_DURATION);
      if (tasks.length === 0) return finished;
      await Promise.all(
        tasks.map(({ id }) => externalTaskApi.finishExternalTask(IDENTITY, worker, id, { by: worker })),
      );
      finished += tasks.length;
    }
  }
});
