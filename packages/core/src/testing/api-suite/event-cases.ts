import assert from 'node:assert/strict';
import { eventually, unique, type ApiUser } from './api-user.js';
import {
  afterDuration,
  boundaryEvent,
  catchEvent,
  definitions,
  flow,
  endEvent,
  inLine,
  line,
  message,
  onMessage,
  onSignal,
  parallelGateway,
  process,
  signal,
  startEvent,
  userTask,
} from './models.js';
import type { SuiteContext } from './suite-context.js';

export function eventCases(context: SuiteContext): void {
  listCases(context);
  for (const kind of ['message', 'signal'] as const) {
    context.describe(`triggering a ${kind}`, () => triggerCases(context, kind));
  }
}

/** A message, a signal and a timer are waited for, and a user task with a boundary event. */
function waitingForAll(id: string, messageName: string, signalName: string): string {
  const nodes = [
    catchEvent('OnMessage', onMessage('Message_1')),
    catchEvent('OnSignal', onSignal('Signal_1')),
    catchEvent('OnTime', afterDuration('PT1H')),
    userTask('Work'),
  ];
  const content = [startEvent(), parallelGateway('Fork'), ...nodes, flow('Start', 'Fork')];
  const boundary = boundaryEvent('Interrupt', 'Work', onMessage('Message_1'));
  const flows = nodes.map((node) => flow('Fork', node.id));
  const references = [message('Message_1', messageName), signal('Signal_1', signalName)];
  return definitions(
    ...references,
    process(id, [...content, ...flows, boundary, endEvent(), flow('Interrupt', 'End')]),
  );
}

function listCases({ it }: SuiteContext): void {
  it('waiting message and signal events are listed, and nothing else', async (user) => {
    const [id, messageName, signalName] = [unique('Model'), unique('message'), unique('signal')];
    await user.deploy(waitingForAll(id, messageName, signalName));
    const { processInstanceId, correlationId } = await user.start(id);
    await user.start(id);
    const { consumer, identity } = user;
    const where = { correlationId, processModelId: id, processInstanceId, bpmnType: 'bpmn:IntermediateCatchEvent' };

    const list = await consumer.getEventsForProcessModelInCorrelation(identity, id, correlationId);
    const events = list.events.map(({ flowNodeInstanceId, ...event }) => {
      assert.equal(typeof flowNodeInstanceId, 'string');
      return event;
    });
    assert.deepEqual(
      events.sort((a, b) => a.id.localeCompare(b.id)),
      [
        { ...where, id: 'OnMessage', eventType: 'messageEvent', eventName: messageName },
        { ...where, id: 'OnSignal', eventType: 'signalEvent', eventName: signalName },
      ],
    );
    assert.equal(list.totalCount, 2);
    assert.deepEqual(await consumer.getEventsForCorrelation(identity, correlationId), list);
    const ofModel = await consumer.getEventsForProcessModel(identity, id);
    assert.equal(ofModel.totalCount, 4);
    const page = await consumer.getEventsForProcessModel(identity, id, 1, 2);
    assert.deepEqual(page, { events: ofModel.events.slice(1, 3), totalCount: 4 });
    assert.deepEqual(await consumer.getEventsForCorrelation(identity, 'unknown'), { events: [], totalCount: 0 });
  });
}

function triggerCases({ it }: SuiteContext, kind: 'message' | 'signal'): void {
  const trigger = ({ consumer, identity }: ApiUser, name: string, payload?: unknown) =>
    kind === 'message'
      ? consumer.triggerMessageEvent(identity, name, payload)
      : consumer.triggerSignalEvent(identity, name, payload);
  const definition = kind === 'message' ? onMessage('Event_1') : onSignal('Event_1');
  const reference = (name: string) => (kind === 'message' ? message('Event_1', name) : signal('Event_1', name));
  const waitingFor = (id: string, name: string) => line(id, [catchEvent('Catch', definition)], [reference(name)]);
  const results = async ({ consumer, identity }: ApiUser, correlationId: string, id: string) =>
    (await consumer.getProcessResultForCorrelation(identity, correlationId, id)).correlationResults.map(
      ({ tokenPayload }) => tokenPayload,
    );

  it('reaches everybody who waits for the name, with the payload', async (user) => {
    const [id, other, name] = [unique('Model'), unique('Model'), unique('the name / with ümlauts')];
    await user.deploy(waitingFor(id, name), waitingFor(other, `${name} not`));
    const [first, second, third] = [await user.start(id), await user.start(id), await user.start(other)];
    assert.equal(await trigger(user, name, { a: [1] }), undefined);

    for (const { correlationId } of [first, second]) {
      const read = () => results(user, correlationId, id);
      assert.deepEqual(await eventually(read, ({ length }) => length > 0), [{ a: [1] }]);
    }
    assert.equal(await user.state(third.processInstanceId), 'running');
  });

  it('takes any payload; one wrapped in currentToken is unwrapped', async (user) => {
    const [id, name] = [unique('Model'), unique('name')];
    await user.deploy(waitingFor(id, name));
    const payloads: [unknown, unknown][] = [
      [{ currentToken: { a: 1 } }, { a: 1 }],
      [{ currentToken: 'x' }, 'x'],
      ['text', 'text'],
      [7, 7],
      [
        [1, 2],
        [1, 2],
      ],
      [undefined, {}],
    ];
    for (const [payload, received] of payloads) {
      const { correlationId } = await user.start(id);
      await trigger(user, name, payload);
      const read = () => results(user, correlationId, id);
      assert.deepEqual(await eventually(read, ({ length }) => length > 0), [received]);
    }
  });

  it('is no error where nobody waits', async (user) => {
    assert.equal(await trigger(user, unique('nobody')), undefined);
    assert.equal(await trigger(user, unique('nobody'), 'text'), undefined);
  });

  it('starts instances at matching start events', async (user) => {
    const [id, name] = [unique('Model'), unique('name')];
    const content = inLine(startEvent('OnEvent', definition), userTask('Work'));
    await user.deploy(definitions(reference(name), process(id, content)));
    await trigger(user, name, { a: 1 });

    const read = () => user.consumer.getUserTasksForProcessModel(user.identity, id);
    const { userTasks } = await eventually(read, ({ totalCount }) => totalCount === 1);
    assert.deepEqual(
      userTasks.map(({ tokenPayload }) => tokenPayload),
      [{ a: 1 }],
    );
  });

  it('interrupts a task with a boundary event of the name', async (user) => {
    const [id, name] = [unique('Model'), unique('name')];
    const content = [
      ...inLine(startEvent(), userTask('Work'), endEvent()),
      boundaryEvent('Interrupt', 'Work', definition),
    ];
    const way = [endEvent('Interrupted'), flow('Interrupt', 'Interrupted')];
    await user.deploy(definitions(reference(name), process(id, [...content, ...way])));
    const { correlationId, processInstanceId } = await user.start(id);
    await trigger(user, name, { stop: true });

    const read = () => results(user, correlationId, id);
    assert.deepEqual(await eventually(read, ({ length }) => length > 0), [{ stop: true }]);
    assert.deepEqual(await user.path(processInstanceId), ['Start', 'Interrupt', 'Interrupted']);
    const { totalCount } = await user.consumer.getUserTasksForProcessInstance(user.identity, processInstanceId);
    assert.equal(totalCount, 0);
  });
}
