import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { definitions, processBuilder } from '@process-engine/core/testing';
import type { ChildEngine } from '../crash/child-engine.js';
import { IDENTITY } from '../crash/drive.js';
import { until } from '../crash/until.js';
import { Cluster } from '../support/cluster.js';
import { describeOnEach, SERVERS } from '../support/databases.js';
import { report } from '../support/fault-run.js';
import { rejection } from '../support/rejection.js';

const LOCK_DURATION = 2_000;
const PATIENCE = 45_000;
const ROUNDS = 3;
const ENGINE = { lockDuration: LOCK_DURATION, pollInterval: 300 };

/** A service that is held by its node, a task for people and workers, and a time, side by side. */
const MODEL = processBuilder('freezing')
  .startEvent('start')
  .parallelGateway('fork')
  .serviceTask('hold', 'hold')
  .parallelGateway('join')
  .from('fork')
  .userTask('approve')
  .to('join')
  .from('fork')
  .externalTask('pack', 'pack')
  .to('join')
  .from('fork')
  .node('intermediateCatchEvent', 'rest', {}, definitions.timer('timeDuration', 'PT1S'))
  .to('join')
  .from('join')
  .endEvent('end');
const PATH = 'approve end fork hold join pack rest start';

describeOnEach(SERVERS, 'a node that stands still longer than its locks hold', function (kind) {
  this.timeout(4 * PATIENCE);
  let cluster: Cluster;
  let frozen: ChildEngine;
  let other: ChildEngine;

  before(async () => {
    cluster = await Cluster.on(kind);
    frozen = await cluster.add('frozen', { engine: ENGINE });
    other = await cluster.add('other', { engine: ENGINE });
    await cluster.deploy(MODEL);
  });

  after(() => cluster?.end());

  it('is replaced by the other one, and does no harm when it continues', async () => {
    for (let round = 0; round < ROUNDS; round += 1) await freezeOnce();
    await cluster.killAll();
    expect(await cluster.audit()).to.deep.equal([]);
    report(
      `frozen node on ${kind.title}: ${ROUNDS} times, ${ROUNDS} instances, each service begun twice and taken once`,
    );
  });

  async function freezeOnce(): Promise<void> {
    const { processInstanceId: id, correlationId } = await frozen.consumerApi.startProcessInstance(
      IDENTITY,
      'freezing',
    );
    await begun(id, 1);
    const [work] = await lock(frozen, 'slow worker');
    const task = await userTask(id);
    const finish = (engine: ChildEngine) =>
      engine.consumerApi.finishUserTask(IDENTITY, id, correlationId, task, { formFields: {} });
    frozen.freeze();
    try {
      // These calls reach the frozen node's pipe, and are read when it continues.
      const late = [finish(frozen), finishWork(frozen, 'slow worker', work!)].map((call) => rejection(call));
      await finish(other);
      await until(
        'the task is free again',
        async () => ((await lock(other, 'quick worker')).length > 0 ? true : undefined),
        PATIENCE,
      );
      await finishWork(other, 'quick worker', work!);
      await begun(id, 2);
      await other.control.release();
      await until('the instance ends without the frozen node', () => hasEnded(id), PATIENCE);
      frozen.thaw();
      await frozen.control.release();
      const answers = (await Promise.all(late)) as { code?: number }[];
      expect(answers.map(({ code }) => code)).to.deep.equal([404, 410]);
    } finally {
      frozen.thaw();
    }
    await Promise.all([frozen.control.idle(), other.control.idle()]);
    expect(await pathOf(id)).to.equal(PATH);
    // The result of the frozen node's service came too late, and was dropped: nothing else went wrong.
    expect([...(await frozen.control.errors()), ...(await other.control.errors())]).to.deep.equal([]);
  }

  /** The services' handlers have begun so many times. */
  function begun(instance: string, times: number): Promise<true> {
    const look = () => Promise.resolve(cluster.ledger.entries(instance).length >= times ? (true as const) : undefined);
    return until(`the service is begun for the ${times}. time`, look, PATIENCE);
  }

  async function lock({ externalTaskApi }: ChildEngine, worker: string): Promise<string[]> {
    const tasks = await externalTaskApi.fetchAndLockExternalTasks(IDENTITY, worker, 'pack', 1, 0, LOCK_DURATION);
    return tasks.map(({ id }) => id);
  }

  function finishWork({ externalTaskApi }: ChildEngine, worker: string, id: string): Promise<void> {
    return externalTaskApi.finishExternalTask(IDENTITY, worker, id, {});
  }

  async function userTask(processInstanceId: string): Promise<string> {
    const { userTasks } = await other.consumerApi.getUserTasksForProcessModel(IDENTITY, 'freezing');
    return userTasks.find((task) => task.processInstanceId === processInstanceId)!.flowNodeInstanceId;
  }

  async function hasEnded(id: string): Promise<true | undefined> {
    const { items } = await other.storage.findProcessInstances({ tenantId: '', ids: [id] });
    return items[0]?.state === 'finished' ? true : undefined;
  }

  async function pathOf(processInstanceId: string): Promise<string> {
    const { items } = await other.storage.findFlowNodeInstances({ tenantId: '', processInstanceId });
    return items
      .map(({ flowNodeId }) => flowNodeId)
      .sort()
      .join(' ');
  }
});
