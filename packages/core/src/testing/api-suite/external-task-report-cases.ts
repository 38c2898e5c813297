import assert from 'node:assert/strict';
import {
  BadRequestError,
  GoneError,
  InternalServerError,
  NotFoundError,
  type ExternalTask,
} from '@process-engine/contracts';
import { rejects, unique, type ApiUser } from './api-user.js';
import {
  boundaryEvent,
  definitions,
  endEvent,
  error,
  externalTask,
  flow,
  inLine,
  line,
  onError,
  process,
  scriptTask,
  startEvent,
} from './models.js';
import type { SuiteContext } from './suite-context.js';

const LONG = { longPollingTimeout: 600_000 };

/** An instance somebody waits for, and its external task, locked. */
async function running(user: ApiUser, xml: (id: string, topic: string) => string) {
  const [id, topic] = [unique('Model'), unique('topic')];
  await user.deploy(xml(id, topic));
  const answer = user.run(id);
  // The case may be interested in the failure later.
  answer.catch(() => {});
  const [task] = (await user.fetch(topic, LONG)) as [ExternalTask];
  return { answer, task };
}

const plain = (id: string, topic: string) => line(id, [externalTask('Work', topic)]);

/** Errors at `Work` with the code `E1` end in `Caught`, those without a code of their own in `Broken`. */
function catching(id: string, topic: string): string {
  const ways = [
    ['OnE1', 'Caught', onError('Error_1')],
    ['OnAny', 'Broken', onError()],
  ] as const;
  const content = ways.flatMap(([boundary, end, definition]) => [
    boundaryEvent(boundary, 'Work', definition),
    endEvent(end),
    flow(boundary, end),
  ]);
  const main = inLine(startEvent(), externalTask('Work', topic), endEvent());
  return definitions(error('Error_1', 'E1'), process(id, [...main, ...content]));
}

export function externalTaskReportCases(context: SuiteContext): void {
  resultCases(context);
  errorCases(context);
  refusalCases(context);
}

function resultCases({ it }: SuiteContext): void {
  it('the result is the payload that follows, whatever JSON it is', async (user) => {
    for (const result of [{ a: { b: [1] } }, 'text', 0, false, ['list']]) {
      const { answer, task } = await running(user, plain);
      assert.equal(await user.worker.finishExternalTask(user.identity, 'worker', task.id, result), undefined);
      assert.deepEqual((await answer).tokenPayload, result);
    }
  });

  it('a task may be finished without a result', async (user) => {
    const { answer, task } = await running(user, plain);
    await user.worker.finishExternalTask(user.identity, 'worker', task.id);
    assert.equal('tokenPayload' in (await answer), false);
  });

  it('the answer is that of the task, also where a following node fails', async (user) => {
    const failing = (id: string, topic: string) =>
      line(id, [externalTask('Work', topic), scriptTask('Script', "throw new Error('it broke');")]);
    const { answer, task } = await running(user, failing);
    await user.worker.finishExternalTask(user.identity, 'worker', task.id, {});
    await rejects(answer, InternalServerError, /it broke/);
  });
}

function errorCases({ it }: SuiteContext): void {
  it('a BPMN error is caught by its code', async (user) => {
    const { answer, task } = await running(user, catching);
    await user.worker.handleBpmnError(user.identity, 'worker', task.id, 'E1', 'the message');
    const { endEventId, tokenPayload } = await answer;
    assert.equal(endEventId, 'Caught');
    assert.deepEqual(tokenPayload, { name: 'BpmnError', code: 'E1', message: 'the message' });
  });

  it('a BPMN error of another code is caught by the event without one', async (user) => {
    const { answer, task } = await running(user, catching);
    await user.worker.handleBpmnError(user.identity, 'worker', task.id, 'E2');
    assert.equal((await answer).endEventId, 'Broken');
  });

  it('both kinds of errors may be reported to the consumer API as well', async (user) => {
    const bpmnError = await running(user, catching);
    await user.consumer.handleBpmnError(user.identity, 'worker', bpmnError.task.id, 'E1', 'the message');
    assert.equal((await bpmnError.answer).endEventId, 'Caught');
    const serviceError = await running(user, catching);
    await user.consumer.handleServiceError(user.identity, 'worker', serviceError.task.id, 'the message');
    assert.equal((await serviceError.answer).endEventId, 'Broken');
  });

  it('a BPMN error nobody catches ends the instance', async (user) => {
    const { answer, task } = await running(user, plain);
    await user.worker.handleBpmnError(user.identity, 'worker', task.id, 'E1', 'the message');
    const failure = await rejects(answer, InternalServerError, /the message/);
    assert.deepEqual(failure.additionalInformation, { name: 'BpmnError', code: 'E1' });
    assert.equal(await user.state(task.processInstanceId), 'error');
  });

  it('a service error is caught by the event without a code, with its details', async (user) => {
    const { answer, task } = await running(user, catching);
    const details = { stack: ['a', 'b'] };
    await user.worker.handleServiceError(user.identity, 'worker', task.id, 'the message', details, 'S1');
    const { endEventId, tokenPayload } = await answer;
    assert.equal(endEventId, 'Broken');
    assert.deepEqual(tokenPayload, {
      name: 'ServiceError',
      code: 'S1',
      message: 'the message',
      additionalInformation: details,
    });
  });

  it('a service error nobody catches ends the instance', async (user) => {
    const { answer, task } = await running(user, plain);
    await user.worker.handleServiceError(user.identity, 'worker', task.id, 'the message', 'details');
    await rejects(answer, InternalServerError, /the message/);
    assert.equal(await user.state(task.processInstanceId), 'error');
  });
}

function refusalCases({ it }: SuiteContext): void {
  const calls = ({ worker, identity }: ApiUser, id: string) => [
    worker.extendLock(identity, 'worker', id, 1_000),
    worker.finishExternalTask(identity, 'worker', id, {}),
    worker.handleBpmnError(identity, 'worker', id, 'E1'),
    worker.handleServiceError(identity, 'worker', id, 'message', 'details'),
  ];

  it('an unknown task is not found', async (user) => {
    for (const call of calls(user, 'unknown')) await rejects(call, NotFoundError, /not found/i);
  });

  it('a finished task is gone', async (user) => {
    const { answer, task } = await running(user, plain);
    await user.worker.finishExternalTask(user.identity, 'worker', task.id);
    await answer;
    for (const call of calls(user, task.id)) await rejects(call, GoneError, /no longer accessible/i);
  });

  it('the task of a terminated instance is gone', async (user) => {
    const { answer, task } = await running(user, plain);
    await user.management.terminateProcessInstance(user.identity, task.processInstanceId);
    await rejects(answer, InternalServerError, /terminated/i);
    for (const call of calls(user, task.id)) await rejects(call, GoneError, /no longer accessible/i);
  });

  it('only one of two reports at once counts', async (user) => {
    const { answer, task } = await running(user, plain);
    const finish = (result: number) => user.worker.finishExternalTask(user.identity, 'worker', task.id, result);
    const outcomes = await Promise.allSettled([finish(1), finish(2)]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(refused.length, 1);
    assert.ok(refused[0]!.reason instanceof GoneError);
    assert.equal((await answer).tokenPayload, outcomes[0].status === 'fulfilled' ? 1 : 2);
  });

  it('a report says what is missing', async (user) => {
    const { task } = await running(user, plain);
    const { worker, identity } = user;
    const missing = undefined as never;
    await rejects(worker.finishExternalTask(identity, missing, task.id), BadRequestError, /workerId/);
    await rejects(worker.extendLock(identity, 'worker', task.id, missing), BadRequestError, /additionalDuration/);
    await rejects(worker.handleBpmnError(identity, 'worker', task.id, missing), BadRequestError, /errorCode/);
    await rejects(worker.handleServiceError(identity, 'worker', task.id, missing), BadRequestError, /errorMessage/);
  });
}
