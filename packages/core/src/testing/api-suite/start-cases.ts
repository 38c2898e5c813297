import assert from 'node:assert/strict';
import { BadRequestError, NotFoundError, StartCallbackType } from '@process-engine/contracts';
import { rejects, unique } from './api-user.js';
import { definitions, endEvent, flow, inLine, line, process, scriptTask, startEvent, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

const ON_END = StartCallbackType.CallbackOnProcessInstanceFinished;
const ON_END_EVENT = StartCallbackType.CallbackOnEndEventReached;

export function startCases(context: SuiteContext): void {
  payloadCases(context);
  startEventCases(context);
  refusalCases(context);
}

function payloadCases({ it }: SuiteContext): void {
  it('is answered on creation with the ids alone', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [userTask('Wait')]));
    const answer = await user.consumer.startProcessInstance(user.identity, id);

    assert.deepEqual(Object.keys(answer).sort(), ['correlationId', 'processInstanceId']);
    assert.notEqual(answer.correlationId, (await user.start(id)).correlationId);
    assert.equal(await user.state(answer.processInstanceId), 'running');
  });

  it('takes the correlation, the business key and the caller', async (user) => {
    const [id, correlationId] = [unique('Model'), unique('correlation')];
    await user.deploy(line(id, [userTask('Wait')]));
    const payload = { correlationId, businessKey: 'order 4711', callerId: 'caller' };
    const { processInstanceId, ...answer } = await user.start(id, {}, payload);
    assert.deepEqual(answer, { correlationId });

    const own = await user.consumer.getProcessInstancesByIdentity(user.identity);
    assert.deepEqual(
      own.processInstances.find((instance) => instance.id === processInstanceId),
      {
        id: processInstanceId,
        owner: { token: '', userId: user.identity.userId },
        correlationId,
        processModelId: id,
        parentProcessInstanceId: 'caller',
      },
    );
    const managed = await user.management.getProcessInstance(user.identity, processInstanceId);
    assert.equal(managed.businessKey, 'order 4711');
  });

  it('takes any JSON as input', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id));
    for (const input of [{ a: [1, { b: null }] }, 'text', 42, true, ['list']]) {
      assert.deepEqual((await user.run(id, input)).tokenPayload, input);
    }
    assert.deepEqual((await user.run(id, undefined)).tokenPayload, {});
  });

  it('gives the same instance for the same idempotency key', async (user) => {
    const [id, other, idempotencyKey] = [unique('Model'), unique('Model'), unique('key')];
    await user.deploy(line(id, [userTask('Wait')]), line(other, [userTask('Wait')]));
    const first = await user.start(id, {}, { idempotencyKey });

    assert.deepEqual(await user.start(id, {}, { idempotencyKey }), first);
    assert.notEqual((await user.start(other, {}, { idempotencyKey })).processInstanceId, first.processInstanceId);
    const { totalCount } = await user.management.getProcessInstances(user.identity, { processModelId: id });
    assert.equal(totalCount, 1);
  });
}

/** Two start events, each with a script that tells it apart, and one end. */
function twoStarts(id: string): string {
  const branches = ['A', 'B'].flatMap((name) => [
    ...inLine(startEvent(`Start${name}`), scriptTask(`Script${name}`, `return '${name}';`)),
    flow(`Script${name}`, 'End'),
  ]);
  return definitions(process(id, [...branches, endEvent()]));
}

function startEventCases({ it }: SuiteContext): void {
  it('begins at the start event that is named', async (user) => {
    const id = unique('Model');
    await user.deploy(twoStarts(id));
    for (const name of ['A', 'B']) {
      const answer = await user.consumer.startProcessInstance(user.identity, id, {}, ON_END, `Start${name}`);
      assert.deepEqual([answer.endEventId, answer.tokenPayload], ['End', name]);
    }
  });

  it('needs a start event to be named where there are several', async (user) => {
    const id = unique('Model');
    await user.deploy(twoStarts(id));
    const error = await rejects(user.start(id), BadRequestError, /multiple StartEvents/);

    const { startEventIds } = error.additionalInformation as { startEventIds: string[] };
    assert.deepEqual([...startEventIds].sort(), ['StartA', 'StartB']);
  });
}

function refusalCases({ it }: SuiteContext): void {
  it('is refused where model, start event or end event are unknown', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id));
    const start = (model: string, type: StartCallbackType, startEventId?: string, endEventId?: string) =>
      user.consumer.startProcessInstance(user.identity, model, {}, type, startEventId, endEventId);

    for (const type of [1, 2, 3] as const) {
      await rejects(start('unknown', type, undefined, 'End'), NotFoundError, /not found/i);
      await rejects(start(id, type, 'unknown', 'End'), NotFoundError, /startevent.*not found/i);
    }
    await rejects(start(id, ON_END_EVENT, 'Start', 'unknown'), NotFoundError, /endevent.*not found/i);
    await rejects(start(id, ON_END_EVENT, 'Start'), BadRequestError, /must provide an endeventid/i);
    const { totalCount } = await user.management.getProcessInstances(user.identity, { processModelId: id });
    assert.equal(totalCount, 0);
  });

  it('is refused for a start callback type that does not exist', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id));
    for (const type of [4, -1, 1.5, 'never']) {
      const call = user.consumer.startProcessInstance(user.identity, id, {}, type as never);
      await rejects(call, BadRequestError, /not a valid return option/i);
    }
  });

  it('is refused where the model is not executable', async (user) => {
    const id = unique('Model');
    await user.deploy(definitions(process(id, inLine(startEvent(), endEvent()), false)));
    await rejects(user.start(id), BadRequestError, /not executable/i);
  });
}
