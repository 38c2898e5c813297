import { expect } from 'chai';
import { before, it } from 'mocha';
import { eventually, god, onEachDatabase } from './support/engine.mjs';
import {
  error,
  flow,
  inLine,
  line,
  message,
  model,
  node,
  onError,
  onMessage,
  onSignal,
  script,
  signal,
} from './support/models.mjs';

const REFERENCES = [message('Message_1', 'Go'), signal('Signal_1', 'Told'), error('Error_1', 'E')].join('');

/** One model whose run makes every notification but those of a failing and a terminated instance. */
const EVERYTHING = model(
  'Everything',
  [
    ...inLine(
      node('startEvent', 'Start'),
      script('Script', 'return {a: 1};'),
      node('userTask', 'User'),
      node('manualTask', 'Manual'),
      node('task', 'Empty'),
      node('intermediateThrowEvent', 'Throw', {}, onSignal('Signal_1')),
      node('intermediateCatchEvent', 'Catch', {}, onMessage('Message_1')),
      node('userTask', 'Host'),
      node('endEvent', 'End'),
    ),
    node('boundaryEvent', 'Boundary', { attachedToRef: 'Host' }, onMessage('Message_1')),
    flow('Boundary', 'End'),
  ],
  { references: REFERENCES },
);
const FAILS = model('Fails', inLine(node('startEvent', 'Start'), node('endEvent', 'End', {}, onError('Error_1'))), {
  references: REFERENCES,
});

/** Notifications one run of all three models brings, by method. */
const PER_RUN = {
  onProcessStarted: 3,
  onProcessWithProcessModelIdStarted: 1,
  onProcessEnded: 1,
  onProcessTerminated: 1,
  onProcessError: 1,
  onActivityReached: 1,
  onActivityFinished: 1,
  onUserTaskWaiting: 3,
  onUserTaskFinished: 1,
  onUserTaskForIdentityWaiting: 3,
  onUserTaskForIdentityFinished: 1,
  onManualTaskWaiting: 1,
  onManualTaskFinished: 1,
  onManualTaskForIdentityWaiting: 1,
  onManualTaskForIdentityFinished: 1,
  onEmptyActivityWaiting: 1,
  onEmptyActivityFinished: 1,
  onEmptyActivityForIdentityWaiting: 1,
  onEmptyActivityForIdentityFinished: 1,
  onBoundaryEventTriggered: 1,
  onIntermediateThrowEventTriggered: 1,
  onIntermediateCatchEventReached: 1,
  onIntermediateCatchEventFinished: 1,
};

onEachDatabase('Notifications over the sockets of the published consumer client', (engine) => {
  before(() => engine.deploy(EVERYTHING, FAILS, line('Sleeps', [node('userTask', 'Task')])));

  it('reach all 23 subscriptions, once and repeatedly, until they are removed', async function () {
    this.timeout(30_000);
    const { client } = await engine.listeningConsumer(god);
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter((name) => /^on[A-Z]/.test(name));
    expect(methods).to.have.members(Object.keys(PER_RUN)).and.to.have.length(23);
    const once = await subscribeTo(client, methods, true);
    const always = await subscribeTo(client, methods, false);
    expect(always.subscriptions[0]).to.have.all.keys('id', 'eventName', 'onlyReceiveOnce');

    await run(client);
    await run(client);
    await eventually(
      () => missing(always.received, 2),
      ({ length }) => length === 0,
      'all notifications came',
    );
    expect(counts(always.received)).to.deep.equal(mapped((count) => 2 * count));
    expect(counts(once.received)).to.deep.equal(mapped(() => 1));

    for (const subscription of always.subscriptions) await client.removeSubscription(god, subscription);
    await client.removeSubscription(god, { id: 'unknown', eventName: 'process_ended', onlyReceiveOnce: false });
    const last = await subscribeTo(client, methods, false);
    await run(client);
    await eventually(
      () => missing(last.received, 1),
      ({ length }) => length === 0,
      'all notifications came',
    );
    expect(counts(always.received)).to.deep.equal(mapped((count) => 2 * count));
  });

  it('tell what the published client expects, and no token', async () => {
    const { client } = await engine.listeningConsumer(god);
    const { received } = await subscribeTo(client, Object.keys(PER_RUN), false);
    const { processInstanceId, correlationId } = await run(client);
    await eventually(
      () => missing(received, 1),
      ({ length }) => length === 0,
      'all notifications came',
    );

    const about = { correlationId, processInstanceId, processModelId: 'Everything' };
    const of = (method, flowNodeId) =>
      received[method].find(
        (payload) => payload.processInstanceId === processInstanceId && payload.flowNodeId === flowNodeId,
      );
    expect(of('onProcessStarted', 'Start')).to.deep.include({ ...about, currentToken: { input: 1 } });
    expect(of('onActivityReached', 'Script')).to.deep.include({ ...about, flowNodeType: 'bpmn:ScriptTask' });
    expect(of('onActivityFinished', 'Script')).to.deep.include({ ...about, currentToken: { a: 1 } });
    expect(of('onUserTaskWaiting', 'User').flowNodeInstanceId).to.be.a('string');
    const values = { form_fields: { name: 'Ada' } };
    expect(of('onUserTaskForIdentityFinished', 'User')).to.deep.include({
      currentToken: values,
      userTaskResult: values,
    });
    expect(of('onManualTaskFinished', 'Manual')).to.deep.include({ ...about, currentToken: {} });
    expect(of('onBoundaryEventTriggered', 'Boundary')).to.deep.include(about);
    expect(of('onProcessEnded', 'End')).to.deep.include(about);
    expect(received.onProcessError[0].currentToken).to.include({ code: 'E' });
    expect(JSON.stringify(received)).to.not.include(god.token).and.to.not.include('processInstanceOwner');
  });

  it('about tasks of an identity carry its user id in the middle of their name', async () => {
    const { client, socket } = await engine.listeningConsumer(god);
    const names = [];
    const onevent = socket.onevent;
    socket.onevent = function (packet) {
      names.push(packet.data[0]);
      onevent.call(this, packet);
    };
    const { received } = await subscribeTo(client, ['onUserTaskForIdentityWaiting'], true);
    await client.startProcessInstance(god, 'Sleeps', {});
    await eventually(
      () => received.onUserTaskForIdentityWaiting,
      ({ length }) => length > 0,
      'the task waits',
    );
    expect(names).to.include(`user_task_waiting/${god.userId}/user_id`);
  });

  it('refuse a socket with a token that cannot be decoded', async () => {
    const { socket } = engine.socketOf({ userId: 'odd', token: '{odd}' });
    const refusal = await new Promise((resolve) => socket.once('error', resolve));
    expect(refusal.message ?? refusal).to.match(/could not be parsed/i);
    expect(socket.connected).to.equal(false);
  });

  async function run(client) {
    const failing = client.startProcessInstance(god, 'Fails', {}, 2).catch((error) => error);
    const { processInstanceId: terminated } = await client.startProcessInstance(god, 'Sleeps', {});
    await engine.terminate(terminated);
    const started = await client.startProcessInstance(god, 'Everything', { inputValues: { input: 1 } });
    const ids = async () => {
      const { tasks } = await client.getSuspendedTasksForProcessInstance(god, started.processInstanceId);
      return [started.processInstanceId, started.correlationId, tasks[0].flowNodeInstanceId];
    };
    await client.finishUserTask(god, ...(await ids()), { formFields: { name: 'Ada' } });
    await client.finishManualTask(god, ...(await ids()));
    await client.finishEmptyActivity(god, ...(await ids()));
    await client.triggerMessageEvent(god, 'Go', {});
    await ids();
    await client.triggerMessageEvent(god, 'Go', {});
    await failing;
    return started;
  }
});

async function subscribeTo(client, methods, onlyOnce) {
  const received = Object.fromEntries(methods.map((method) => [method, []]));
  const subscriptions = [];
  for (const method of methods) {
    const callback = (payload) => received[method].push(payload);
    const args = method === 'onProcessWithProcessModelIdStarted' ? [callback, 'Everything'] : [callback];
    subscriptions.push(await client[method](god, ...args, onlyOnce));
  }
  return { received, subscriptions };
}

function missing(received, runs) {
  return Object.keys(received).filter((method) => received[method].length < PER_RUN[method] * runs);
}

function counts(received) {
  return Object.fromEntries(Object.entries(received).map(([method, payloads]) => [method, payloads.length]));
}

function mapped(count) {
  return Object.fromEntries(Object.entries(PER_RUN).map(([method, perRun]) => [method, count(perRun)]));
}
