/** What the management API tells of models, correlations, tokens and schedules. */
import assert from 'node:assert/strict';
import { BadRequestError, NotFoundError } from '@process-engine/contracts';
import { eventually, rejects, unique, type ApiUser } from './api-user.js';
import { cycle, definitions, endEvent, inLine, line, process, scriptTask, startEvent, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

export function managementViewCases(context: SuiteContext): void {
  modelCases(context);
  correlationCases(context);
  searchCases(context);
  tokenCases(context);
  figureCases(context);
  cronjobCases(context);
  messageCases(context);
}

/** A running instance that has left a script and waits at a task. */
async function waitingAtWork(user: ApiUser, inputValues: unknown = { a: 1 }) {
  const id = unique('Model');
  await user.deploy(line(id, [scriptTask('Script', 'return { b: 2 };'), userTask('Work')]));
  const started = await user.start(id, inputValues);
  const finish = async () => {
    const { userTasks } = await user.consumer.getUserTasksForProcessInstance(user.identity, started.processInstanceId);
    const { flowNodeInstanceId } = userTasks[0]!;
    const { processInstanceId, correlationId } = started;
    await user.consumer.finishUserTask(user.identity, processInstanceId, correlationId, flowNodeInstanceId);
  };
  return { id, ...started, finish };
}

function modelCases({ it }: SuiteContext): void {
  it('models are shown with their XML, also in the version of an instance', async (user) => {
    const { id, processInstanceId } = await waitingAtWork(user);
    const { management, identity } = user;
    const first = await management.getProcessModelById(identity, id);
    const second = line(id, [userTask('Other')]);
    await user.deploy(second);

    assert.deepEqual([first.id, first.startEvents[0]!.id, first.endEvents[0]!.id], [id, 'Start', 'End']);
    assert.match(first.xml, /Script/);
    assert.equal((await management.getProcessModelById(identity, id)).xml, second);
    assert.deepEqual(await management.getProcessModelByProcessInstanceId(identity, processInstanceId), first);
    const list = await management.getProcessModels(identity);
    assert.equal(list.processModels.find((model) => model.id === id)!.xml, second);
    assert.deepEqual(await management.getStartEventsForProcessModel(identity, id), {
      events: first.startEvents,
      totalCount: 1,
    });
    await rejects(management.getProcessModelById(identity, 'unknown'), NotFoundError, /unknown/);
    await rejects(management.getStartEventsForProcessModel(identity, 'unknown'), NotFoundError, /unknown/);
    await rejects(management.getProcessModelByProcessInstanceId(identity, 'unknown'), NotFoundError, /unknown/);
  });

  it('deployments are listed with what was deployed together', async (user) => {
    const [id, other] = [unique('Model'), unique('Model')];
    const files = [id, other].map((name) => ({ name: `${name}.bpmn`, xml: line(name) }));
    const { deploymentId } = await user.management.deploy(user.identity, { name: 'both', files });
    const { deployments, totalCount } = await user.management.getDeployments(user.identity);

    assert.equal(totalCount, deployments.length);
    const { createdAt, definitions, ...mine } = deployments.find((it) => it.deploymentId === deploymentId)!;
    assert.deepEqual(mine, { deploymentId, name: 'both' });
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    assert.deepEqual(definitions.map(({ processModelId }) => processModelId).sort(), [id, other].sort());
  });
}

function correlationCases({ it }: SuiteContext): void {
  it('correlations are listed with their instances', async (user) => {
    const [id, correlationId] = [unique('Model'), unique('correlation')];
    await user.deploy(line(id, [userTask('Work')]));
    const first = await user.start(id, {}, { correlationId });
    const second = await user.start(id, {}, { correlationId });
    const third = await user.start(id);
    const { management, identity } = user;
    await management.terminateProcessInstance(identity, third.processInstanceId);

    const list = await management.getCorrelations(identity, { processModelId: id });
    assert.equal(list.totalCount, 2);
    const shown = list.correlations.map((it) => [
      it.id,
      it.state,
      it.processInstances.map(({ processInstanceId }) => processInstanceId),
    ]);
    assert.deepEqual(shown, [
      [correlationId, 'running', [first.processInstanceId, second.processInstanceId]],
      [third.correlationId, 'error', [third.processInstanceId]],
    ]);
    assert.equal(list.correlations[0]!.createdAt, list.correlations[0]!.processInstances[0]!.startedAt);
    const active = await management.getCorrelations(identity, { active: true, processModelId: id });
    assert.deepEqual(active, { correlations: [list.correlations[0]], totalCount: 1 });
    const page = await management.getCorrelations(identity, { processModelId: id }, 1, 5);
    assert.deepEqual(page, { correlations: [list.correlations[1]], totalCount: 2 });
    assert.deepEqual(await management.getCorrelation(identity, correlationId), list.correlations[0]);
    await rejects(management.getCorrelation(identity, 'unknown'), NotFoundError, /unknown/);
  });
}

function searchCases({ it }: SuiteContext): void {
  it('instances are found by a variable and by the time of their start', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [userTask('Work')]));
    const first = await user.start(id, { order: { number: 7 }, city: 'Ulm' });
    const second = await user.start(id, { order: 7, city: null });
    const { management, identity } = user;
    const idsOf = async (query: object) => {
      const list = await management.getProcessInstances(identity, { processModelId: id, ...query });
      return list.processInstances.map(({ processInstanceId }) => processInstanceId);
    };

    const [one, two] = [first.processInstanceId, second.processInstanceId];
    assert.deepEqual(await idsOf({ variableName: 'order', variableValue: '{"number":7}' }), [one]);
    assert.deepEqual(await idsOf({ variableName: 'order', variableValue: '7' }), [two]);
    assert.deepEqual(await idsOf({ variableName: 'city', variableValue: 'Ulm' }), [one]);
    assert.deepEqual(await idsOf({ variableName: 'city' }), [two]);
    const { startedAt } = await management.getProcessInstance(identity, one);
    const before = new Date(Date.parse(startedAt) - 1).toISOString();
    assert.deepEqual(await idsOf({ startedAfter: before }), [one, two]);
    assert.deepEqual(await idsOf({ startedBefore: startedAt }), []);
    await rejects(idsOf({ startedAfter: 'yesterday' }), BadRequestError, /started/i);
    await rejects(idsOf({ variableValue: '1' }), BadRequestError, /variableName/);
    await rejects(idsOf({ state: 'sleeping' }), BadRequestError, /state.*sleeping/);
  });
}

function tokenCases({ it }: SuiteContext): void {
  it('tokens are shown where they stand, with what they carry', async (user) => {
    const { id, processInstanceId, correlationId, finish } = await waitingAtWork(user);
    const { management, identity } = user;
    const list = await management.getActiveTokens(identity, { processInstanceId });

    const { flowNodeInstanceId, createdAt, ...token } = list.activeTokens[0]!;
    assert.equal(typeof flowNodeInstanceId, 'string');
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    const place = { processModelId: id, correlationId, processInstanceId, flowNodeId: 'Work' };
    const { userId: ownerId } = identity;
    assert.deepEqual(token, {
      ...{ ...place, flowNodeType: 'bpmn:UserTask', state: 'waiting', ownerId, payload: { b: 2 } },
    });
    for (const query of [{ processModelId: id }, { correlationId, processModelId: id, flowNodeId: 'Work' }]) {
      assert.deepEqual(await management.getActiveTokens(identity, query), list);
    }
    const none = { activeTokens: [], totalCount: 0 };
    assert.deepEqual(await management.getActiveTokens(identity, { processModelId: id, flowNodeId: 'Start' }), none);
    await finish();
    assert.deepEqual(await management.getActiveTokens(identity, { processInstanceId }), none);
  });

  it('the history of tokens tells what came to and what left each flow node', async (user) => {
    const { id, processInstanceId, correlationId } = await waitingAtWork(user);
    const { management, identity } = user;
    const list = await management.getTokenHistory(identity, { processInstanceId });

    const told = list.tokenHistoryEntries.map((it) => [it.flowNodeId, it.tokenEventType, it.payload]);
    assert.deepEqual(told, [
      ['Start', 'onEnter', { a: 1 }],
      ['Start', 'onExit', { a: 1 }],
      ['Script', 'onEnter', { a: 1 }],
      ['Script', 'onExit', { b: 2 }],
      ['Work', 'onEnter', { b: 2 }],
      ['Work', 'onSuspend', { b: 2 }],
    ]);
    const script = await management.getTokenHistory(identity, {
      correlationId,
      processModelId: id,
      flowNodeId: 'Script',
    });
    assert.deepEqual(script, { tokenHistoryEntries: list.tokenHistoryEntries.slice(2, 4), totalCount: 2 });
    const page = await management.getTokenHistory(identity, { processInstanceId }, 4, 1);
    assert.deepEqual(page, { tokenHistoryEntries: list.tokenHistoryEntries.slice(4, 5), totalCount: 6 });
    await rejects(management.getTokenHistory(identity, {}), BadRequestError, /processInstanceId/);
  });

  it('logs tell what flow nodes did', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [scriptTask('Script', "throw new Error('it broke');")]));
    const { processInstanceId } = await user.start(id);
    const query = { processModelId: id, processInstanceId };
    const { logEntries, totalCount } = await user.management.getLogs(user.identity, query);

    assert.equal(totalCount, 2);
    assert.deepEqual(
      logEntries.map(({ flowNodeId, logLevel }) => [flowNodeId, logLevel]),
      [
        ['Start', 'info'],
        ['Script', 'error'],
      ],
    );
    assert.match(logEntries[0]!.message, /^Start finished/);
    assert.match(logEntries[1]!.message, /it broke/);
  });
}

function figureCases({ it, itInTime }: SuiteContext): void {
  it('figures of flow nodes that have not finished are not there', async (user) => {
    const { id } = await waitingAtWork(user);
    const { management, identity } = user;
    const { flowNodeRuntimeInformation, totalCount } = await management.getRuntimeInformation(identity, id);
    assert.equal(totalCount, 2);
    assert.deepEqual(
      flowNodeRuntimeInformation.map(({ flowNodeId, count }) => [flowNodeId, count]),
      [
        ['Script', 1],
        ['Start', 1],
      ],
    );
    await rejects(management.getFlowNodeRuntimeInformation(identity, id, 'Work'), NotFoundError, /Work/);
  });

  itInTime('figures tell how long flow nodes took', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [userTask('Work')]));
    for (const took of [1_000, 2_000, 3_000, 6_000]) {
      const { processInstanceId, correlationId } = await user.start(id);
      await user.advance(took);
      const { userTasks } = await user.consumer.getUserTasksForProcessInstance(user.identity, processInstanceId);
      const { flowNodeInstanceId } = userTasks[0]!;
      await user.consumer.finishUserTask(user.identity, processInstanceId, correlationId, flowNodeInstanceId);
    }
    assert.deepEqual(await user.management.getFlowNodeRuntimeInformation(user.identity, id, 'Work'), {
      processModelId: id,
      flowNodeId: 'Work',
      count: 4,
      minRuntimeInMs: 1_000,
      maxRuntimeInMs: 6_000,
      arithmeticMeanRuntimeInMs: 3_000,
      firstQuartileRuntimeInMs: 1_750,
      medianRuntimeInMs: 2_500,
      thirdQuartileRuntimeInMs: 3_750,
    });
  });
}

function everyHour(id: string): string {
  return definitions(process(id, inLine(startEvent('Start', cycle('0 * * * *')), endEvent())));
}

function cronjobCases({ it, itInTime }: SuiteContext): void {
  it('schedules are listed until their model is deleted', async (user) => {
    const id = unique('Model');
    await user.deploy(everyHour(id));
    const { management, identity } = user;
    const { cronjobs, totalCount } = await management.getActiveCronjobs(identity, { processModelId: id });

    assert.equal(totalCount, 1);
    const { nextExecution, ...schedule } = cronjobs[0]!;
    assert.deepEqual(schedule, { processModelId: id, startEventId: 'Start', crontab: '0 * * * *' });
    assert.match(nextExecution, /:00:00\.000Z$/);
    await management.deleteProcessModel(identity, id);
    const none = { cronjobs: [], totalCount: 0 };
    assert.deepEqual(await management.getActiveCronjobs(identity, { processModelId: id }), none);
  });

  itInTime('what a schedule started is listed', async (user) => {
    const id = unique('Model');
    await user.deploy(everyHour(id));
    const { management, identity } = user;
    await user.advance(2 * 3_600_000);
    const read = () => management.getCronjobHistory(identity, { processModelId: id });
    const { cronjobHistories } = await eventually(read, ({ totalCount }) => totalCount === 2);

    const { processInstanceId, executedAt, ...run } = cronjobHistories[0]!;
    assert.deepEqual(run, { processModelId: id, startEventId: 'Start', crontab: '0 * * * *' });
    assert.match(executedAt, /:00:00\.000Z$/);
    assert.equal((await management.getProcessInstance(identity, processInstanceId)).processModelId, id);
    const byCrontab = await management.getCronjobHistory(identity, { processModelId: id, crontab: '0 * * * *' }, 1, 1);
    assert.deepEqual(byCrontab, { cronjobHistories: cronjobHistories.slice(1, 2), totalCount: 2 });
  });

  itInTime('changes and runs of schedules are told', async (user) => {
    const [id, told] = [unique('Model'), [] as string[]];
    const { management, notifications, identity } = user;
    for (const kind of ['created', 'updated', 'executed', 'removed']) {
      const note = () => void told.push(kind);
      await notifications.subscribe(identity, `cronjob_${kind}`, note, false, { processModelId: id });
    }
    const heard = (count: number) =>
      eventually(
        () => Promise.resolve(told),
        () => told.length >= count,
      );
    await user.deploy(everyHour(id));
    await user.deploy(everyHour(id).replace('0 *', '30 *'));
    await user.advance(3_600_000);
    await heard(3);
    await management.deleteProcessModel(identity, id);
    assert.deepEqual(await heard(4), ['created', 'updated', 'executed', 'removed']);
  });
}

function messageCases({ it }: SuiteContext): void {
  it('messages that wait for a receiver are listed', async (user) => {
    const name = unique('message');
    const { management, identity } = user;
    const message = { name, payload: { a: 1 }, correlationKeys: { order: 7 }, businessKey: 'b', messageId: 'm' };
    await management.publishMessage(identity, { ...message, timeToLive: 60_000 });
    const list = await management.getMessages(identity, { name });

    assert.equal(list.totalCount, 1);
    const { id, createdAt, expiresAt, ...rest } = list.messages[0]!;
    assert.equal(typeof id, 'string');
    assert.deepEqual(rest, message);
    assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), 60_000);
    assert.deepEqual(await management.getMessages(identity, { name: 'unknown' }), { messages: [], totalCount: 0 });
  });
}
