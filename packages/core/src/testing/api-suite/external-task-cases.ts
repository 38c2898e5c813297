import assert from 'node:assert/strict';
import { BadRequestError, LockedError } from '@process-engine/contracts';
import { rejects, unique, type ApiUser } from './api-user.js';
import { externalTask, line } from './models.js';
import type { SuiteContext } from './suite-context.js';

/** Starts instances that have one external task each; answers the topic and the instances' ids, oldest first. */
async function waiting(user: ApiUser, count: number): Promise<{ topic: string; instances: string[] }> {
  const [id, topic] = [unique('Model'), unique('topic')];
  await user.deploy(line(id, [externalTask('Work', topic, 'token.current.number')]));
  const instances: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    instances.push((await user.start(id, { number })).processInstanceId);
  }
  return { topic, instances };
}

const instancesOf = (tasks: readonly { processInstanceId: string }[]) => tasks.map((task) => task.processInstanceId);

export function externalTaskCases(context: SuiteContext): void {
  fetchCases(context);
  waitCases(context);
  lockCases(context);
}

function fetchCases({ it }: SuiteContext): void {
  it('a fetched task tells all about itself', async (user) => {
    const [id, topic] = [unique('Model'), unique('topic')];
    await user.deploy(line(id, [externalTask('Work', topic, '({ sum: token.current.a + 1 })')]));
    const { processInstanceId, correlationId } = await user.start(id, { a: 1 });
    const task = await user.fetchOne(topic, { workerId: 'me', lockDuration: 5_000 });
    const { id: taskId, flowNodeInstanceId, lockExpirationTime, createdAt, ...rest } = task;

    for (const text of [taskId, flowNodeInstanceId]) assert.match(text, /^[0-9a-f-]{36}$/);
    for (const time of [lockExpirationTime, createdAt]) assert.equal(new Date(time).toISOString(), time);
    assert.ok(lockExpirationTime > createdAt);
    assert.deepEqual(rest, {
      workerId: 'me',
      topic,
      correlationId,
      processModelId: id,
      processInstanceId,
      identity: { token: '', userId: user.identity.userId },
      payload: { sum: 2 },
      state: 'pending',
    });
  });

  it('tasks are fetched oldest first, at most as many as wanted, each by one worker', async (user) => {
    const { topic, instances } = await waiting(user, 5);
    const first = await user.fetch(topic, { maxTasks: 2 });
    const second = await user.fetch(topic, { maxTasks: 1, workerId: 'other' });
    const rest = await user.fetch(topic, { maxTasks: 0 });

    assert.deepEqual([first, second, rest].map(instancesOf), [
      instances.slice(0, 2),
      instances.slice(2, 3),
      instances.slice(3),
    ]);
    assert.deepEqual(
      first.map(({ payload }) => payload),
      [1, 2],
    );
    assert.deepEqual(await user.fetch(topic), []);
  });

  it('a task is never given to two workers that ask at once', async (user) => {
    const { topic } = await waiting(user, 12);
    const workers = ['a', 'b', 'c', 'd', 'e', 'f'];
    const fetched = await Promise.all(workers.map((workerId) => user.fetch(topic, { workerId, maxTasks: 3 })));

    assert.equal(new Set(fetched.flat().map(({ id }) => id)).size, 12);
    assert.equal(fetched.flat().length, 12);
  });

  it('only tasks of the topic are fetched, and nothing where there is none', async (user) => {
    const { topic } = await waiting(user, 1);
    assert.deepEqual(await user.fetch(`${topic}_not`), []);
    assert.equal((await user.fetch(topic)).length, 1);
  });

  it('the consumer API serves workers as well', async (user) => {
    const { topic, instances } = await waiting(user, 1);
    const { consumer, identity } = user;
    const [task] = await consumer.fetchAndLockExternalTasks(identity, 'me', topic, 1, 0, 1_000);
    await consumer.extendLock(identity, 'me', task!.id, 2_000);
    await consumer.finishExternalTask(identity, 'me', task!.id, { done: true });
    assert.equal(await user.state(instances[0]!), 'finished');
  });

  it('a fetch says what is missing', async (user) => {
    const fetch = (...args: unknown[]) =>
      user.worker.fetchAndLockExternalTasks(user.identity, ...(args as [string, string, number, number, number]));
    await rejects(fetch(undefined, 'topic', 1, 0, 1), BadRequestError, /workerId/);
    await rejects(fetch('worker', '', 1, 0, 1), BadRequestError, /topicName/);
    await rejects(fetch('worker', 'topic', undefined, 0, 1), BadRequestError, /maxTasks/);
    await rejects(fetch('worker', 'topic', 1, 'x', 1), BadRequestError, /longPollingTimeout/);
    await rejects(fetch('worker', 'topic', 1, 0), BadRequestError, /lockDuration/);
    await rejects(fetch('worker', 'topic', 1, -1, 1), BadRequestError, /longPollingTimeout/);
    await rejects(fetch('worker', 'topic', 1, 0, -1), BadRequestError, /lockDuration/);
  });
}

function waitCases({ it, itInTime }: SuiteContext): void {
  it('a waiting fetch is answered as soon as a task is there', async (user) => {
    const [id, topic] = [unique('Model'), unique('topic')];
    await user.deploy(line(id, [externalTask('Work', topic)]));
    const fetch = user.fetch(topic, { longPollingTimeout: 600_000 });
    const { processInstanceId } = await user.start(id);
    assert.deepEqual(instancesOf(await fetch), [processInstanceId]);
  });

  itInTime('a waiting fetch is answered with nothing when its time is over', async (user) => {
    const fetch = user.fetch(unique('topic'), { longPollingTimeout: 5_000 });
    assert.deepEqual(await user.whileTimePasses(fetch, 5_000), []);
  });

  it('a fetch that is given up locks nothing', async (user) => {
    const [id, topic] = [unique('Model'), unique('topic')];
    await user.deploy(line(id, [externalTask('Work', topic)]));
    const abort = new AbortController();
    const reason = new Error('no longer interested');
    const fetch = user.fetch(topic, { longPollingTimeout: 600_000, workerId: 'gone', signal: abort.signal });
    // A second call lets the first one reach the engine, a third the news that it is gone.
    await user.consumer.getApplicationInfo();
    abort.abort(reason);
    await assert.rejects(fetch, reason);
    await user.consumer.getApplicationInfo();

    const { processInstanceId } = await user.start(id);
    const task = await user.fetchOne(topic, { workerId: 'here', longPollingTimeout: 600_000 });
    assert.equal(task.processInstanceId, processInstanceId);
  });
}

function lockCases({ it, itInTime }: SuiteContext): void {
  it("another worker's lock is respected, and the message says how long", async (user) => {
    const { topic } = await waiting(user, 1);
    const { id, lockExpirationTime } = await user.fetchOne(topic, { workerId: 'first' });
    const { worker, identity } = user;
    for (const call of [
      worker.extendLock(identity, 'second', id, 1_000),
      worker.finishExternalTask(identity, 'second', id, {}),
      worker.handleBpmnError(identity, 'second', id, 'E'),
      worker.handleServiceError(identity, 'second', id, 'message', 'details'),
    ]) {
      const error = await rejects(call, LockedError, /locked by another worker/i);
      assert.ok(error.message.includes(lockExpirationTime), error.message);
    }
  });

  itInTime('a task is free again when its lock ends, and then anybody may finish it', async (user) => {
    const { topic, instances } = await waiting(user, 1);
    const { id } = await user.fetchOne(topic, { workerId: 'first', lockDuration: 5_000 });
    await user.advance(4_000);
    assert.deepEqual(await user.fetch(topic, { workerId: 'second' }), []);
    await user.advance(2_000);
    assert.equal((await user.fetchOne(topic, { workerId: 'second', lockDuration: 1_000 })).id, id);
    await user.advance(2_000);
    await user.worker.finishExternalTask(user.identity, 'third', id);
    assert.equal(await user.state(instances[0]!), 'finished');
  });

  itInTime('an extended lock counts from now', async (user) => {
    const { topic } = await waiting(user, 1);
    const { id } = await user.fetchOne(topic, { workerId: 'first', lockDuration: 5_000 });
    await user.advance(4_000);
    assert.equal(await user.worker.extendLock(user.identity, 'first', id, 5_000), undefined);
    await user.advance(4_000);
    assert.deepEqual(await user.fetch(topic, { workerId: 'second' }), []);
    await user.worker.extendLock(user.identity, 'first', id, 1);
    await user.advance(10);
    assert.equal((await user.fetchOne(topic, { workerId: 'second' })).id, id);
  });

  itInTime('a waiting fetch gets a task whose lock ends', async (user) => {
    const { topic } = await waiting(user, 1);
    const { id } = await user.fetchOne(topic, { workerId: 'first', lockDuration: 5_000 });
    const fetch = user.fetch(topic, { workerId: 'second', longPollingTimeout: 60_000 });
    const [task] = await user.whileTimePasses(fetch, 2_000);
    assert.equal(task?.id, id);
  });
}
