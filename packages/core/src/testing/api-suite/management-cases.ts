import assert from 'node:assert/strict';
import { BadRequestError, GoneError, NotFoundError, RequestConflictError } from '@process-engine/contracts';
import { rejects, unique, type ApiUser } from './api-user.js';
import { adHocSubProcess, catchEvent, line, message, onMessage, scriptTask, task, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

async function waiting(user: ApiUser, inputValues: unknown = {}) {
  const id = unique('Model');
  await user.deploy(line(id, [userTask('Work')]));
  return { id, ...(await user.start(id, inputValues)) };
}

export function managementCases(context: SuiteContext): void {
  instanceCases(context);
  historyCases(context);
  variableCases(context);
  adHocCases(context);
  terminationCases(context);
  subscriptionCases(context);
}

function instanceCases({ it }: SuiteContext): void {
  it('instances are listed by what is asked for', async (user) => {
    const [id, correlationId] = [unique('Model'), unique('correlation')];
    await user.deploy(line(id, [userTask('Work')]));
    const { definitions } = await user.management.getDefinitions(user.identity, { processModelId: id });
    const first = await user.start(id, {}, { correlationId, businessKey: 'order 1', callerId: 'caller' });
    const second = await user.start(id);
    await user.management.terminateProcessInstance(user.identity, second.processInstanceId);

    const idsOf = async (query: object) => {
      const list = await user.management.getProcessInstances(user.identity, { processModelId: id, ...query });
      assert.equal(list.totalCount, list.processInstances.length);
      return list.processInstances.map(({ processInstanceId }) => processInstanceId);
    };
    assert.deepEqual(await idsOf({}), [first.processInstanceId, second.processInstanceId]);
    assert.deepEqual(await idsOf({ definitionId: definitions[0]!.id }), await idsOf({}));
    assert.deepEqual(await idsOf({ state: 'terminated' }), [second.processInstanceId]);
    for (const query of [
      { state: 'running' },
      { correlationId },
      { businessKey: 'order 1' },
      { parentProcessInstanceId: 'caller' },
    ]) {
      assert.deepEqual(await idsOf(query), [first.processInstanceId], JSON.stringify(query));
    }
    assert.deepEqual(await idsOf({ businessKey: 'order 2' }), []);
    const page = await user.management.getProcessInstances(user.identity, { processModelId: id }, 1, 1);
    assert.deepEqual([page.processInstances.length, page.totalCount], [1, 2]);
  });

  it('an instance tells its life', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id));
    const { processInstanceId, correlationId } = await user.run(id);
    const instance = await user.management.getProcessInstance(user.identity, processInstanceId);
    const { definitionId, startedAt, endedAt, ...rest } = instance;

    assert.equal(typeof definitionId, 'string');
    for (const time of [startedAt, endedAt!]) assert.equal(new Date(time).toISOString(), time);
    const ownerId = user.identity.userId;
    assert.deepEqual(rest, { processInstanceId, processModelId: id, correlationId, ownerId, state: 'finished' });
    await rejects(user.management.getProcessInstance(user.identity, 'unknown'), NotFoundError, /unknown/);
  });
}

function historyCases({ it }: SuiteContext): void {
  it('flow node instances are listed, ended ones in order of their end', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [scriptTask('Script', 'return { b: 2 };'), userTask('Work')]));
    const { processInstanceId } = await user.start(id, { a: 1 });
    const list = await user.management.getFlowNodeInstances(user.identity, processInstanceId);

    const shown = list.flowNodeInstances
      .filter(({ flowNodeId }) => flowNodeId !== id)
      .map(({ flowNodeId, flowNodeType, state, result }) => [flowNodeId, flowNodeType, state, result]);
    assert.deepEqual(shown, [
      ['Start', 'bpmn:StartEvent', 'finished', { a: 1 }],
      ['Script', 'bpmn:ScriptTask', 'finished', { b: 2 }],
      ['Work', 'bpmn:UserTask', 'waiting', undefined],
    ]);
    assert.ok(list.flowNodeInstances.every((node) => node.processInstanceId === processInstanceId));
    const page = await user.management.getFlowNodeInstances(user.identity, processInstanceId, 1, 1);
    assert.deepEqual(page, { flowNodeInstances: list.flowNodeInstances.slice(1, 2), totalCount: list.totalCount });
  });
}

function variableCases({ it }: SuiteContext): void {
  it('variables can be read and set', async (user) => {
    const { processInstanceId } = await waiting(user, { a: 1, b: { c: [2] } });
    const { management, identity } = user;
    assert.deepEqual(await management.getVariables(identity, processInstanceId), { a: 1, b: { c: [2] } });

    const variables = { a: null, d: 'new' };
    assert.equal(await management.setVariables(identity, processInstanceId, { variables }), undefined);
    assert.deepEqual(await management.getVariables(identity, processInstanceId), { a: null, b: { c: [2] }, d: 'new' });
  });

  it('variables of an unknown or ended instance cannot be set', async (user) => {
    const { management, identity } = user;
    const { processInstanceId } = await waiting(user);
    const set = (id: string, change: object) => management.setVariables(identity, id, change as never);
    await rejects(management.getVariables(identity, 'unknown'), NotFoundError, /unknown/);
    await rejects(set('unknown', { variables: {} }), NotFoundError, /unknown/);
    await rejects(set(processInstanceId, {}), BadRequestError, /variables/);
    await management.terminateProcessInstance(identity, processInstanceId);
    await rejects(set(processInstanceId, { variables: {} }), GoneError, /./);
  });
}

function adHocCases({ it }: SuiteContext): void {
  it('an activity of an ad-hoc sub-process is started', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [adHocSubProcess('AdHoc', [userTask('Offered'), task('Other')])]));
    const { processInstanceId } = await user.start(id);
    const activate = (instance: string, flowNodeId: unknown) =>
      user.management.activateAdHocActivity(user.identity, instance, { flowNodeId } as { flowNodeId: string });
    const waitingTasks = () => user.consumer.getSuspendedTasksForProcessInstance(user.identity, processInstanceId);

    assert.equal((await waitingTasks()).totalCount, 0);
    assert.equal(await activate(processInstanceId, 'Offered'), undefined);
    assert.deepEqual(
      (await waitingTasks()).tasks.map((shown) => shown.id),
      ['Offered'],
    );
    await rejects(activate(processInstanceId, 'Start'), RequestConflictError, /Start/);
    await rejects(activate(processInstanceId, 'unknown'), NotFoundError, /unknown/);
    await rejects(activate('unknown', 'Offered'), NotFoundError, /unknown/);
    await rejects(activate(processInstanceId, undefined), BadRequestError, /flowNodeId/);
  });
}

function terminationCases({ it }: SuiteContext): void {
  it('a terminated instance leaves nothing that waits', async (user) => {
    const { processInstanceId } = await waiting(user);
    const { management, consumer, identity } = user;
    assert.equal(await management.terminateProcessInstance(identity, processInstanceId), undefined);

    assert.equal(await user.state(processInstanceId), 'terminated');
    const { totalCount } = await consumer.getSuspendedTasksForProcessInstance(identity, processInstanceId);
    assert.equal(totalCount, 0);
    const own = await consumer.getProcessInstancesByIdentity(identity);
    assert.ok(own.processInstances.every(({ id }) => id !== processInstanceId));
    await rejects(management.terminateProcessInstance(identity, processInstanceId), GoneError, /./);
    await rejects(management.terminateProcessInstance(identity, 'unknown'), NotFoundError, /unknown/);
  });
}

function subscriptionCases({ it }: SuiteContext): void {
  it('what an instance waits for is listed', async (user) => {
    const [id, name] = [unique('Model'), unique('message')];
    await user.deploy(line(id, [catchEvent('Catch', onMessage('Message_1'))], [message('Message_1', name)]));
    const { processInstanceId } = await user.start(id);
    const { management, identity } = user;

    const list = await management.getSubscriptions(identity, { processInstanceId });
    assert.equal(list.totalCount, 1);
    const { id: subscriptionId, flowNodeInstanceId, ...subscription } = list.subscriptions[0]!;
    for (const text of [subscriptionId, flowNodeInstanceId]) assert.equal(typeof text, 'string');
    const where = { processInstanceId, processModelId: id };
    assert.deepEqual(subscription, { kind: 'message', name, flowNodeId: 'Catch', ...where });
    assert.deepEqual(await management.getSubscriptions(identity, { processModelId: id }), list);
    const none = await management.getSubscriptions(identity, { processModelId: 'unknown' });
    assert.deepEqual(none, { subscriptions: [], totalCount: 0 });
  });
}
