import assert from 'node:assert/strict';
import { BadRequestError } from '@process-engine/contracts';
import { eventually, rejects, unique } from './api-user.js';
import {
  catchEvent,
  definitions,
  inLine,
  line,
  message,
  onMessage,
  onSignal,
  process,
  signal,
  startEvent,
  userTask,
} from './models.js';
import type { SuiteContext } from './suite-context.js';

const waitingForMessage = (id: string, name: string) =>
  line(id, [catchEvent('Catch', onMessage('Message_1'))], [message('Message_1', name)]);

export function messageCases(context: SuiteContext): void {
  publishCases(context);
  choiceCases(context);
  broadcastCases(context);
}

function publishCases({ it }: SuiteContext): void {
  it('a published message reaches one receiver, the oldest, and tells which', async (user) => {
    const [id, name] = [unique('Model'), unique('message')];
    await user.deploy(waitingForMessage(id, name));
    const [first, second] = [await user.start(id), await user.start(id)];
    const publish = () => user.management.publishMessage(user.identity, { name, payload: { a: 1 } });

    const receivedBy = (processInstanceId: string) => ({ deliveredTo: [{ processInstanceId, flowNodeId: 'Catch' }] });
    assert.deepEqual(await publish(), receivedBy(first.processInstanceId));
    assert.equal(await user.state(first.processInstanceId), 'finished');
    assert.equal(await user.state(second.processInstanceId), 'running');
    assert.deepEqual(await publish(), receivedBy(second.processInstanceId));
    assert.deepEqual(await publish(), { deliveredTo: [] });
  });

  it('a published message starts an instance where nobody waits', async (user) => {
    const [id, name] = [unique('Model'), unique('message')];
    const content = inLine(startEvent('OnMessage', onMessage('Message_1')), userTask('Work'));
    await user.deploy(definitions(message('Message_1', name), process(id, content)));
    const { deliveredTo } = await user.management.publishMessage(user.identity, { name, payload: { a: 1 } });

    assert.deepEqual(
      deliveredTo.map(({ flowNodeId }) => flowNodeId),
      ['OnMessage'],
    );
    const read = () => user.consumer.getUserTasksForProcessInstance(user.identity, deliveredTo[0]!.processInstanceId);
    const { userTasks } = await eventually(read, ({ totalCount }) => totalCount === 1);
    assert.deepEqual(userTasks[0]!.tokenPayload, { a: 1 });
  });

  it('a message needs a name', async (user) => {
    for (const request of [{}, { name: '' }, { name: 1 }]) {
      await rejects(user.management.publishMessage(user.identity, request as never), BadRequestError, /name/);
      await rejects(user.management.broadcastSignal(user.identity, request as never), BadRequestError, /name/);
    }
  });
}

function choiceCases({ it }: SuiteContext): void {
  it('a published message may name its receiver', async (user) => {
    const [id, name] = [unique('Model'), unique('message')];
    await user.deploy(waitingForMessage(id, name));
    await user.start(id);
    const byKey = await user.start(id, {}, { businessKey: 'order 1' });
    const byId = await user.start(id);
    const publish = (more: object) => user.management.publishMessage(user.identity, { name, ...more });

    const nobody = await publish({ businessKey: 'order 2' });
    assert.deepEqual(nobody, { deliveredTo: [] });
    const toInstance = await publish({ processInstanceId: byId.processInstanceId });
    assert.equal(toInstance.deliveredTo[0]?.processInstanceId, byId.processInstanceId);
    const toKey = await publish({ businessKey: 'order 1' });
    assert.equal(toKey.deliveredTo[0]?.processInstanceId, byKey.processInstanceId);
  });

  it('a message with a time to live waits for its receiver, once per message id', async (user) => {
    const [id, name] = [unique('Model'), unique('message')];
    await user.deploy(waitingForMessage(id, name));
    const publish = () =>
      user.management.publishMessage(user.identity, { name, timeToLive: 3_600_000, messageId: 'm-1' });
    assert.deepEqual(await publish(), { deliveredTo: [] });
    assert.deepEqual(await publish(), { deliveredTo: [] });
    const [first, second] = [await user.start(id), await user.start(id)];

    await eventually(
      () => user.state(first.processInstanceId),
      (state) => state === 'finished',
    );
    assert.equal(await user.state(first.processInstanceId), 'finished');
    assert.equal(await user.state(second.processInstanceId), 'running');
  });
}

function broadcastCases({ it }: SuiteContext): void {
  it('a signal reaches everybody and tells whom', async (user) => {
    const [id, name] = [unique('Model'), unique('signal')];
    await user.deploy(line(id, [catchEvent('Catch', onSignal('Signal_1'))], [signal('Signal_1', name)]));
    const instances = [await user.start(id), await user.start(id)];
    const broadcast = () => user.management.broadcastSignal(user.identity, { name, payload: 1 });

    const { deliveredTo } = await broadcast();
    const ids = (list: readonly { processInstanceId: string }[]) => list.map((one) => one.processInstanceId).sort();
    assert.deepEqual(ids(deliveredTo), ids(instances));
    assert.ok(deliveredTo.every(({ flowNodeId }) => flowNodeId === 'Catch'));
    assert.deepEqual(await broadcast(), { deliveredTo: [] });
  });
}
