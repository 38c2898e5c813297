import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { definitions, processBuilder } from '@process-engine/core/testing';
import type { ChildEngine } from '../crash/child-engine.js';
import { IDENTITY } from '../crash/drive.js';
import { until } from '../crash/until.js';
import { Cluster } from '../support/cluster.js';
import { describeOnEach, SERVERS } from '../support/databases.js';
import { rejection } from '../support/rejection.js';

const PATIENCE = 45_000;
const ASKING = processBuilder('asking')
  .root('error', 'refused', { errorCode: 'E1' })
  .startEvent('start')
  .userTask('ask')
  .exclusiveGateway('answer', { default: 'answer-end' })
  .endEvent('end')
  .from('answer', 'said === "no"')
  .endEvent('refusal', definitions.error('refused'));

describeOnEach(SERVERS, 'a start call that waits on one node', function (kind) {
  this.timeout(2 * PATIENCE);
  let cluster: Cluster;
  let asked: ChildEngine;
  let other: ChildEngine;

  before(async () => {
    cluster = await Cluster.on(kind);
    asked = await cluster.add('asked');
    other = await cluster.add('other');
    await cluster.deploy(ASKING);
  });

  after(() => cluster?.end());

  it('is answered when another node commits the end', async () => {
    const answer = asked.consumerApi.startProcessInstance(IDENTITY, 'asking', { correlationId: 'yes' }, 2);
    await answerOn(other, 'yes');
    expect(await answer).to.deep.include({ endEventId: 'end', correlationId: 'yes' });
  });

  it('is answered when another node commits the end event that it names', async () => {
    const payload = { correlationId: 'named' };
    const answer = asked.consumerApi.startProcessInstance(IDENTITY, 'asking', payload, 3, 'start', 'end');
    await answerOn(other, 'named', 'yes');
    expect(await answer).to.deep.include({ endEventId: 'end', correlationId: 'named' });
  });

  it('is rejected when another node commits the failure', async () => {
    const answer = asked.consumerApi.startProcessInstance(IDENTITY, 'asking', { correlationId: 'no' }, 2);
    const error = rejection(answer);
    await answerOn(other, 'no');
    expect(await error).to.have.property('code', 500);
  });

  it('is rejected when its own node dies; the instance goes on', async () => {
    const answer = rejection(
      other.consumerApi.startProcessInstance(IDENTITY, 'asking', { correlationId: 'orphan' }, 2),
    );
    const task = await taskOf('orphan');
    await cluster.kill('other');
    expect((await answer).message).to.equal('the engine process is gone');
    await finish(asked, task, 'yes');
    const { items } = await asked.storage.findProcessInstances({ tenantId: '', correlationId: 'orphan' });
    expect(items.map(({ state }) => state)).to.deep.equal(['finished']);
  });

  async function answerOn(engine: ChildEngine, correlationId: string, said = correlationId): Promise<void> {
    await finish(engine, await taskOf(correlationId), said);
  }

  function taskOf(correlationId: string) {
    return until(
      `a task of ${correlationId} waits`,
      async () => {
        const { userTasks } = await asked.consumerApi.getUserTasksForProcessModel(IDENTITY, 'asking');
        return userTasks.find((task) => task.correlationId === correlationId);
      },
      PATIENCE,
    );
  }

  function finish({ consumerApi }: ChildEngine, task: Awaited<ReturnType<typeof taskOf>>, said: string): Promise<void> {
    const { processInstanceId, correlationId, flowNodeInstanceId } = task;
    const result = { formFields: { said } };
    return consumerApi.finishUserTask(IDENTITY, processInstanceId, correlationId, flowNodeInstanceId, result);
  }
});
