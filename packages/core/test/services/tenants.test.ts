import { expect } from 'chai';
import { CLAIMS, type IIdentity, type NotificationPayload } from '@process-engine/contracts';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { StaticClaims } from '../support/claims.js';
import { errorOf, scenario } from '../support/scenario.js';

const acme: IIdentity = { userId: 'ann', token: 'a', tenantId: 'acme' };
const bolt: IIdentity = { userId: 'bob', token: 'b', tenantId: 'bolt' };

const WORK = processBuilder('Work')
  .startEvent('S')
  .userTask('U')
  .node('serviceTask', 'X', { 'camunda:type': 'external', 'camunda:topic': 'work' })
  .endEvent('E');

const WAIT = processBuilder('Wait')
  .root('signal', 'Go')
  .root('message', 'Mail')
  .startEvent('S')
  .node('parallelGateway', 'split')
  .node('intermediateCatchEvent', 'G', {}, definitions.signal('Go'))
  .node('intermediateCatchEvent', 'M', {}, definitions.message('Mail'))
  .endEvent('E');

const CALLING = processBuilder('Calling')
  .startEvent('S')
  .node('callActivity', 'C', { calledElement: 'Called' })
  .endEvent('E');
const called = (tenant: string) => processBuilder('Called').startEvent('S').userTask(`Task_${tenant}`).endEvent('E');

const fileOf = (model: { toXml(): string }, index: number) => ({ name: `${index}.bpmn`, xml: model.toXml() });

async function twoTenants(...models: readonly { toXml(): string }[]) {
  const test = await scenario([]);
  const { engine } = test;
  for (const identity of [acme, bolt]) await engine.managementApi.deploy(identity, { files: models.map(fileOf) });
  const start = async (identity: IIdentity, model: string) => {
    const started = await engine.consumerApi.startProcessInstance(identity, model, { correlationId: 'shared' });
    await engine.idle();
    return started.processInstanceId;
  };
  return { test, engine, start };
}

describe('Tenants', () => {
  it('have definitions of their own under the same id', async () => {
    const { engine } = await twoTenants(WORK);
    const { definitions: found } = await engine.managementApi.getDefinitions(acme);
    expect(found.map(({ processModelId, version }) => [processModelId, version])).to.deep.equal([['Work', 1]]);
    const foreign = await errorOf(engine.managementApi.getDefinition(bolt, found[0]!.id));
    const unknown = await errorOf(engine.managementApi.getDefinition(bolt, 'nothing'));
    expect([foreign.code, foreign.reason]).to.deep.equal([unknown.code, unknown.reason]);
    await engine.managementApi.deleteProcessModel(acme, 'Work');
    expect((await engine.consumerApi.getProcessModels(bolt)).totalCount).to.equal(1);
    expect((await engine.consumerApi.getProcessModels({ userId: 'x', token: 'x' })).totalCount).to.equal(0);
  });

  it('see no instance, task or lock of another tenant, as if it were unknown', async () => {
    const { engine, start } = await twoTenants(WORK);
    const id = await start(acme, 'Work');
    const { consumerApi, managementApi, externalTaskApi } = engine;
    expect((await managementApi.getProcessInstances(bolt)).totalCount).to.equal(0);
    expect((await managementApi.getFlowNodeInstances(bolt, id)).totalCount).to.equal(0);
    expect((await consumerApi.getSuspendedTasksForCorrelation(bolt, 'shared')).totalCount).to.equal(0);
    const { userTasks } = await consumerApi.getUserTasksForCorrelation(acme, 'shared');
    const task = userTasks[0]!.flowNodeInstanceId;
    for (const call of [
      managementApi.getProcessInstance(bolt, id),
      managementApi.getVariables(bolt, id),
      managementApi.setVariables(bolt, id, { variables: {} }),
      managementApi.terminateProcessInstance(bolt, id),
      consumerApi.getProcessModelByProcessInstanceId(bolt, id),
      consumerApi.finishUserTask(bolt, id, 'shared', task),
    ]) {
      expect((await errorOf(call)).code).to.equal(404);
    }
    await consumerApi.finishUserTask(acme, id, 'shared', task);
    expect(await externalTaskApi.fetchAndLockExternalTasks(bolt, 'w', 'work', 10, 0, 1_000)).to.deep.equal([]);
    const [work] = await externalTaskApi.fetchAndLockExternalTasks(acme, 'w', 'work', 10, 0, 1_000);
    const finish = () => externalTaskApi.finishExternalTask(bolt, 'w', work!.id);
    expect((await errorOf(finish())).code, 'open').to.equal(404);
    await externalTaskApi.finishExternalTask(acme, 'w', work!.id);
    expect((await errorOf(finish())).code, 'finished').to.equal(404);
    expect((await errorOf(externalTaskApi.finishExternalTask(acme, 'w', work!.id))).code).to.equal(410);
  });

  it('reach only their own waits by messages and signals', async () => {
    const { engine, start } = await twoTenants(WAIT);
    await start(acme, 'Wait');
    expect(await engine.managementApi.broadcastSignal(bolt, { name: 'Go' })).to.deep.equal({ deliveredTo: [] });
    expect((await engine.managementApi.getSubscriptions(bolt)).totalCount).to.equal(0);
    expect((await engine.managementApi.broadcastSignal(acme, { name: 'Go' })).deliveredTo).to.have.length(1);
    await engine.managementApi.publishMessage(bolt, { name: 'Mail', timeToLive: 60_000 });
    await engine.idle();
    expect((await engine.managementApi.getSubscriptions(acme)).totalCount).to.equal(1);
    expect((await engine.managementApi.publishMessage(acme, { name: 'Mail' })).deliveredTo).to.have.length(1);
  });

  it('call the processes of their own tenant', async () => {
    const { engine, start } = await twoTenants(CALLING);
    for (const identity of [acme, bolt])
      await engine.managementApi.deploy(identity, { files: [fileOf(called(identity.tenantId!), 0)] });
    await start(bolt, 'Calling');
    const { userTasks } = await engine.consumerApi.getUserTasksForCorrelation(bolt, 'shared');
    expect(userTasks.map(({ id }) => id)).to.deep.equal(['Task_bolt']);
  });

  it('that name an instance of another tenant as caller do not reach those who wait for it', async () => {
    const failing = processBuilder('Failing')
      .startEvent('S')
      .node('scriptTask', 'T', {}, '<bpmn:script>throw 1</bpmn:script>');
    const test = await scenario([], { onFailure: 'incident' });
    await test.engine.managementApi.deploy(acme, { files: [fileOf(WORK, 0)] });
    await test.engine.managementApi.deploy(bolt, { files: [fileOf(failing, 0)] });
    const waiting = test.engine.consumerApi.startProcessInstance(acme, 'Work', { correlationId: 'shared' }, 2);
    waiting.catch(() => undefined);
    const running = () => test.engine.managementApi.getProcessInstances(acme);
    while ((await running()).totalCount === 0) await test.engine.idle();
    const callerId = (await running()).processInstances[0]!.processInstanceId;
    await test.engine.consumerApi.startProcessInstance(bolt, 'Failing', { callerId });
    await test.engine.idle();
    const { userTasks } = await test.engine.consumerApi.getUserTasksForCorrelation(acme, 'shared');
    await test.engine.consumerApi.finishUserTask(acme, callerId, 'shared', userTasks[0]!.flowNodeInstanceId);
    const [work] = await test.engine.externalTaskApi.fetchAndLockExternalTasks(acme, 'w', 'work', 1, 0, 1_000);
    await test.engine.externalTaskApi.finishExternalTask(acme, 'w', work!.id);
    expect((await waiting).processInstanceId).to.equal(callerId);
  });
});

describe('Subscribers of notifications', () => {
  const LANED = processBuilder('Laned')
    .xml(
      '<bpmn:laneSet id="l"><bpmn:lane id="l1" name="desk"><bpmn:flowNodeRef>U</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>',
    )
    .startEvent('S')
    .userTask('U')
    .endEvent('E');
  const iamService = new StaticClaims({
    ann: [CLAIMS.superAdmin],
    eve: [CLAIMS.subscribeToEvents],
    dan: [CLAIMS.subscribeToEvents, 'desk'],
    bob: [CLAIMS.superAdmin],
    tester: [],
  });

  it('receive what belongs to their tenant and lies in lanes they may see, in order, until their token ends', async () => {
    const test = await scenario([], { iamService });
    const heard: string[] = [];
    const of = (identity: IIdentity) => (payload: NotificationPayload) =>
      void heard.push(`${identity.userId} ${payload.flowNodeId ?? 'end'}`);
    const eve = { ...acme, userId: 'eve' };
    const dan = { ...acme, userId: 'dan' };
    const late = { ...acme, userId: 'ann', expiresAt: test.clock.now() + 1_000 };
    for (const kind of ['process_started', 'user_task_waiting', 'process_ended'])
      for (const identity of [eve, dan, bolt])
        await test.engine.notificationApi.subscribe(identity, kind, of(identity));
    await test.engine.notificationApi.subscribe(late, 'process_ended', () => void heard.push('late'));
    await test.engine.managementApi.deploy(acme, { files: [fileOf(LANED, 0)] });
    const run = async () => {
      const { processInstanceId: id } = await test.engine.consumerApi.startProcessInstance(acme, 'Laned', {
        correlationId: 'c',
      });
      const { userTasks } = await test.engine.consumerApi.getUserTasksForProcessInstance(acme, id);
      await test.engine.consumerApi.finishUserTask(acme, id, 'c', userTasks[0]!.flowNodeInstanceId);
      await test.engine.idle();
      return heard.splice(0).sort();
    };
    const seen = ['dan E', 'dan S', 'dan U', 'eve E', 'eve S'];
    expect(await run()).to.deep.equal([...seen, 'late']);
    await test.advance(1_000);
    expect(await run()).to.deep.equal(seen);
  });
});
