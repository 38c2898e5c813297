/** Operations of the seeds' documents that say a task or an event by its place instead of its instance. */
import assert from 'node:assert/strict';
import { NotFoundError } from '@process-engine/contracts';
import { rejects, unique, type ApiUser } from './api-user.js';
import {
  catchEvent,
  definitions,
  endEvent,
  inLine,
  line,
  message,
  onMessage,
  process,
  startEvent,
  userTask,
} from './models.js';
import type { SuiteContext } from './suite-context.js';

export function earlyOperationCases({ it }: SuiteContext): void {
  it('the last result of a model in a correlation is its payload alone', async (user) => {
    const [id, correlationId] = [unique('Model'), unique('correlation')];
    await user.deploy(line(id));
    const result = (...ids: [string, string]) => user.consumer.getProcessResult(user.identity, ...ids);
    for (const ids of [
      [correlationId, id],
      ['unknown', 'unknown'],
    ] as [string, string][]) {
      await rejects(result(...ids), NotFoundError, /result.*not found/i);
    }
    for (const input of ['first', { last: true }]) {
      await user.start(id, input, { correlationId });
      assert.deepEqual(await result(correlationId, id), input);
    }
  });

  it('a user task is finished by its id in the model, the oldest first, or by its own', async (user) => {
    const [id, correlationId] = [unique('Model'), unique('correlation')];
    await user.deploy(line(id, [userTask('Work')]));
    const first = await user.start(id, {}, { correlationId });
    const second = await user.start(id, {}, { correlationId });
    const finish = (taskId: string, result?: Record<string, unknown>) =>
      user.consumer.finishUserTaskInCorrelation(user.identity, id, correlationId, taskId, result);
    const waiting = async () =>
      (await user.consumer.getUserTasksForCorrelation(user.identity, correlationId)).userTasks;

    assert.equal(await finish('Work', { formFields: { a: 1 } }), undefined);
    const [left, ...others] = await waiting();
    assert.deepEqual([left!.processInstanceId, others], [second.processInstanceId, []]);
    assert.equal(await user.state(first.processInstanceId), 'finished');
    await rejects(finish('unknown'), NotFoundError, /does not have a usertask with id 'unknown'/i);
    await finish(left!.flowNodeInstanceId);
    await rejects(finish('Work'), NotFoundError, /usertask/i);
    assert.deepEqual(await waiting(), []);
  });

  it('one waiting event is triggered, and no other that waits for the same', async (user) => {
    const { id, correlationId, trigger, waiting } = await twoWaits(user);
    const [first, second] = await waiting();
    await trigger(second!.flowNodeInstanceId, { currentToken: { for: 'second' } });
    assert.deepEqual(
      (await waiting()).map(({ flowNodeInstanceId }) => flowNodeInstanceId),
      [first!.flowNodeInstanceId],
    );
    assert.deepEqual(await user.consumer.getProcessResult(user.identity, correlationId, id), { for: 'second' });
    await trigger('Catch', 'for the first');
    const { correlationResults } = await user.consumer.getProcessResultForCorrelation(user.identity, correlationId, id);
    assert.deepEqual(
      new Set(correlationResults.map(({ tokenPayload }) => JSON.stringify(tokenPayload))),
      new Set(['"for the first"', '{"for":"second"}']),
    );
    await rejects(trigger('Catch'), NotFoundError, /does not have a waiting event with id 'Catch'/i);
  });
}

async function twoWaits(user: ApiUser) {
  const [id, correlationId, name] = [unique('Model'), unique('correlation'), unique('message')];
  const nodes = inLine(startEvent(), catchEvent('Catch', onMessage('Message_1')), endEvent());
  await user.deploy(definitions(message('Message_1', name), process(id, nodes)));
  for (let round = 0; round < 2; round += 1) await user.start(id, {}, { correlationId });
  return {
    id,
    correlationId,
    trigger: (eventId: string, payload?: unknown) =>
      user.consumer.triggerEvent(user.identity, id, correlationId, eventId, payload),
    waiting: async () => (await user.consumer.getEventsForCorrelation(user.identity, correlationId)).events,
  };
}
