import assert from 'node:assert/strict';
import {
  BadRequestError,
  ownerEventName,
  processStartedEventName,
  type FollowEventsOptions,
  type LoggedEvent,
  type NotificationFilter,
  type NotificationPayload,
} from '@process-engine/contracts';
import { rejects, unique, type ApiUser } from './api-user.js';
import { line, scriptTask, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

/** Writes down the notifications of one model, by event name. */
class Listener {
  readonly received: [eventName: string, payload: NotificationPayload][] = [];
  #changed: () => void = () => {};

  constructor(
    private readonly user: ApiUser,
    private readonly processModelId: string,
  ) {}

  listen(eventName: string, once?: boolean, filter?: NotificationFilter) {
    const { notifications, identity } = this.user;
    return notifications.subscribe(identity, eventName, (payload) => this.#note(eventName, payload), once, filter);
  }

  #note(eventName: string, payload: NotificationPayload): void {
    if (payload.processModelId !== this.processModelId) return;
    this.received.push([eventName, payload]);
    this.#changed();
  }

  /** Resolves when so many have arrived. */
  async arrived(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  get names(): string[] {
    return this.received.map(([eventName]) => eventName);
  }
}

async function withUserTask(user: ApiUser) {
  const id = unique('Model');
  await user.deploy(line(id, [userTask('Work')]));
  const listener = new Listener(user, id);
  const finish = async ({ processInstanceId, correlationId }: { processInstanceId: string; correlationId: string }) => {
    const { userTasks } = await user.consumer.getUserTasksForProcessInstance(user.identity, processInstanceId);
    const ids = [processInstanceId, correlationId, userTasks[0]!.flowNodeInstanceId] as const;
    await user.consumer.finishUserTask(user.identity, ...ids, { formFields: { ok: true } });
  };
  return { id, listener, finish };
}

export function notificationCases(context: SuiteContext): void {
  contentCases(context);
  familyCases(context);
  followCases(context);
  subscriptionCases(context);
}

function contentCases({ it }: SuiteContext): void {
  it('tell the life of an instance, in order', async (user) => {
    const { id, listener, finish } = await withUserTask(user);
    const own = ownerEventName('user_task_waiting', user.identity.userId);
    const names = ['process_started', 'user_task_waiting', 'user_task_finished', 'process_ended', own];
    for (const name of [...names, processStartedEventName(id)]) await listener.listen(name);
    const started = await user.start(id, { a: 1 });
    await listener.arrived(4);
    await finish(started);
    await listener.arrived(6);

    const general = listener.names.filter((name) => names.slice(0, 4).includes(name));
    assert.deepEqual(general, names.slice(0, 4));
    assert.deepEqual([...listener.names].sort(), [...names, processStartedEventName(id)].sort());
    const payloads = Object.fromEntries(listener.received);
    const { flowNodeInstanceId, ...begin } = payloads['process_started']!;
    assert.equal(typeof flowNodeInstanceId, 'string');
    const where = { ...started, processModelId: id };
    assert.deepEqual(begin, { ...where, flowNodeId: 'Start', currentToken: { a: 1 }, ...typeOf(begin) });
    assert.deepEqual(payloads[processStartedEventName(id)], payloads['process_started']);
    assert.deepEqual(payloads[own], payloads['user_task_waiting']);
    const { flowNodeId, currentToken, userTaskResult } = payloads['user_task_finished']!;
    const result = { form_fields: { ok: true } };
    assert.deepEqual(
      { flowNodeId, currentToken, userTaskResult },
      { flowNodeId: 'Work', currentToken: result, userTaskResult: result },
    );
    assert.equal(payloads['process_ended']!.flowNodeId, 'End');
  });

  it('tell of a failure with the error', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [scriptTask('Script', "throw new Error('it broke');")]));
    const listener = new Listener(user, id);
    await listener.listen('process_error');
    await user.start(id);
    await listener.arrived(1);

    const [, { currentToken, flowNodeId }] = listener.received[0]!;
    assert.match((currentToken as { message: string }).message, /it broke/);
    assert.equal(flowNodeId, undefined);
  });

  it('tell of a termination', async (user) => {
    const { id, listener } = await withUserTask(user);
    await listener.listen('process_terminated');
    const { processInstanceId } = await user.start(id);
    await user.management.terminateProcessInstance(user.identity, processInstanceId);
    await listener.arrived(1);
    assert.equal(listener.received[0]![1].processInstanceId, processInstanceId);
  });

  it('tell nobody a token', async (user) => {
    const { id, listener } = await withUserTask(user);
    for (const name of ['process_started', 'user_task_waiting']) await listener.listen(name);
    await user.start(id);
    await listener.arrived(2);
    assert.ok(!JSON.stringify(listener.received).includes(user.identity.token));
  });
}

function familyCases({ it }: SuiteContext): void {
  it('come by family, with the fields of early documents', async (user) => {
    const { id, listener, finish } = await withUserTask(user);
    for (const name of ['system_event', 'bpmn_event', 'activity_changed']) await listener.listen(name);
    const started = await user.start(id, { a: 1 });
    await finish(started);
    await listener.arrived(6);

    const told = listener.received.map(([name, payload]) => [name, (payload as { event_key?: string }).event_key]);
    assert.deepEqual(told.sort(), [
      ['activity_changed', 'finished'],
      ['activity_changed', 'started'],
      ['bpmn_event', 'End'],
      ['bpmn_event', 'Start'],
      ['system_event', 'ProcessInstanceFinishedSuccessfully'],
      ['system_event', 'ProcessInstanceStarted'],
    ]);
    const { flowNodeInstanceId, flowNodeType, ...begin } = listener.received.find(
      ([name]) => name === 'system_event',
    )![1];
    assert.equal(typeof flowNodeInstanceId, 'string');
    assert.equal(flowNodeType, 'bpmn:StartEvent');
    const { correlationId } = started;
    assert.deepEqual(begin, {
      ...{ ...started, processModelId: id, flowNodeId: 'Start', currentToken: { a: 1 }, kind: 'process_started' },
      ...{
        process_model_key: id,
        correlation_id: correlationId,
        event_key: 'ProcessInstanceStarted',
        payload: { a: 1 },
      },
    });
  });

  it('come only where they agree with the filter', async (user) => {
    const { id, listener } = await withUserTask(user);
    const correlationId = unique('correlation');
    await listener.listen('activity_changed', false, { processModelId: id, correlationId, flowNodeId: 'Work' });
    await listener.listen('activity_changed', false, { processModelId: id, flowNodeId: 'another' });
    await listener.listen('process_started');
    await user.start(id);
    await user.start(id, {}, { correlationId });
    await listener.arrived(3);
    assert.deepEqual(listener.names.sort(), ['activity_changed', 'process_started', 'process_started']);
  });

  it('tell of signals and messages that somebody sends, by name', async (user) => {
    const [signal, message] = [unique('signal'), unique('message')];
    const received: [string, unknown, string | undefined][] = [];
    let arrived: () => void = () => {};
    const both = new Promise<void>((resolve) => (arrived = resolve));
    const note = (payload: NotificationPayload, name: string) => {
      received.push([name, payload.currentToken, payload.eventName]);
      if (received.length === 2) arrived();
    };
    const { notifications, identity } = user;
    await notifications.subscribe(identity, 'signal_triggered', note, false, { eventName: signal });
    await notifications.subscribe(identity, 'message_triggered', note, true, { eventName: message });
    await user.management.broadcastSignal(identity, { name: unique('another') });
    await user.consumer.triggerSignalEvent(identity, signal, { a: 1 });
    await user.management.publishMessage(identity, { name: message, payload: 2 });
    await both;
    assert.deepEqual(received, [
      ['signal_triggered', { a: 1 }, signal],
      ['message_triggered', 2, message],
    ]);
  });
}

function followCases({ it }: SuiteContext): void {
  it('can be followed from a cursor, and again from a later one', async (user) => {
    const { id, finish } = await withUserTask(user);
    const { notifications, identity } = user;
    const read = async (after: number | undefined, count: number, more: Partial<FollowEventsOptions> = {}) => {
      const abort = new AbortController();
      const options = { after, filter: { processModelId: id }, signal: abort.signal, ...more };
      const stream = await notifications.followEvents!(identity, options);
      const events = (async () => {
        const seen: LoggedEvent[] = [];
        for await (const event of stream) if (seen.push(event) === count) abort.abort();
        return seen;
      })();
      return { start: stream.cursor, events };
    };
    const live = await read(undefined, 3);
    await finish(await user.start(id, { a: 1 }));
    const told = await live.events;
    const names = told.map(({ eventName }) => eventName);
    assert.deepEqual(names, ['process_started', 'user_task_waiting', 'user_task_finished']);
    const { kind, ownerId, payload } = told[0]!;
    assert.deepEqual([kind, ownerId, payload.currentToken], ['process_started', identity.userId, { a: 1 }]);

    const again = await read(live.start, 3);
    assert.deepEqual(await again.events, told);
    const rest = await read(told[2]!.seq, 2);
    assert.deepEqual(
      (await rest.events).map(({ eventName }) => eventName),
      ['end_event_reached', 'process_ended'],
    );
    const families = await read(live.start, 3, { kinds: ['process_ended'], families: ['bpmn_event'] });
    const shown = (await families.events).map((it) => [it.eventName, (it.payload as { event_key?: string }).event_key]);
    assert.deepEqual(shown, [
      ['bpmn_event', 'Start'],
      ['bpmn_event', 'End'],
      ['process_ended', undefined],
    ]);
  });

  it('are not followed from a place that is none, or under a name nobody uses', async (user) => {
    const { notifications, identity } = user;
    const follow = (options: object) => notifications.followEvents!(identity, options);
    await rejects(follow({ after: -1 }), BadRequestError, /after/);
    await rejects(follow({ kinds: ['nothing'] }), BadRequestError, /nothing/);
    await rejects(follow({ families: ['nothing'] }), BadRequestError, /nothing/);
  });
}

/** Which flow node type is told is not part of the contract of every kind. */
function typeOf({ flowNodeType }: NotificationPayload): object {
  return flowNodeType === undefined ? {} : { flowNodeType };
}

function subscriptionCases({ it }: SuiteContext): void {
  it('a subscription tells what it is', async (user) => {
    const { listener } = await withUserTask(user);
    const repeated = await listener.listen('process_ended');
    const once = await listener.listen('process_ended', true);
    assert.deepEqual([repeated.eventName, repeated.onlyReceiveOnce], ['process_ended', false]);
    assert.deepEqual([once.eventName, once.onlyReceiveOnce], ['process_ended', true]);
    assert.notEqual(repeated.id, once.id);
  });

  it('come repeatedly, once, or not any more', async (user) => {
    const { id } = await withUserTask(user);
    const [repeated, once, removed] = [new Listener(user, id), new Listener(user, id), new Listener(user, id)];
    const subscription = await removed.listen('process_started');
    await once.listen('process_started', true);
    await repeated.listen('process_started');
    await user.start(id);
    await repeated.arrived(1);
    await user.notifications.removeSubscription(user.identity, subscription);
    await user.start(id);
    await repeated.arrived(2);

    // They were told before the last one in the row.
    assert.deepEqual([once.received.length, removed.received.length], [1, 1]);
    assert.equal(await user.notifications.removeSubscription(user.identity, subscription), undefined);
  });

  it('reach the others where a callback fails', async (user) => {
    const { id, listener } = await withUserTask(user);
    const { notifications, identity } = user;
    await notifications.subscribe(identity, 'process_started', () => {
      throw new Error('failing on purpose');
    });
    await notifications.subscribe(identity, 'process_started', () => Promise.reject(new Error('failing on purpose')));
    await listener.listen('process_started');
    const { processInstanceId } = await user.start(id);
    await listener.arrived(1);
    assert.equal(await user.state(processInstanceId), 'running');
  });

  it("of somebody else's tasks do not come under one's own name", async (user) => {
    const { id, listener } = await withUserTask(user);
    await listener.listen(ownerEventName('user_task_waiting', 'somebody_else'));
    await listener.listen('user_task_waiting');
    await user.start(id);
    await listener.arrived(1);
    assert.deepEqual(listener.names, ['user_task_waiting']);
  });
}
