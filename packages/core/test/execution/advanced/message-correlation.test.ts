import { expect } from 'chai';
import { definitions, escapeXml, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario, type Scenario } from '../../support/scenario.js';
import { eventSubProcess } from './elements.js';

interface Keyed {
  /** Messages that carry the key, each read by the same path. */
  readonly messages: readonly string[];
  readonly path?: string;
  /** Where the process keeps the value it expects; without it, the first message fixes the value. */
  readonly dataPath?: string;
}

/** Adds a correlation key with the one property `orderId` to the process P. */
function keyed(model: ProcessBuilder, { messages, path = 'orderId', dataPath }: Keyed): string {
  const retrieval = messages
    .map(
      (id) =>
        `<bpmn:correlationPropertyRetrievalExpression messageRef="${id}"><bpmn:messagePath xsi:type="bpmn:tFormalExpression">${escapeXml(path)}</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>`,
    )
    .join('');
  const property = `<bpmn:correlationProperty id="orderId" name="orderId">${retrieval}</bpmn:correlationProperty>`;
  const collaboration =
    '<bpmn:collaboration id="Collaboration"><bpmn:participant id="Pool" processRef="P"/>' +
    '<bpmn:correlationKey id="Key" name="Key"><bpmn:correlationPropertyRef>orderId</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration>';
  const subscription =
    dataPath === undefined
      ? ''
      : `<bpmn:correlationSubscription id="Subscription" correlationKeyRef="Key"><bpmn:correlationPropertyBinding correlationPropertyRef="orderId"><bpmn:dataPath xsi:type="bpmn:tFormalExpression">${escapeXml(dataPath)}</bpmn:dataPath></bpmn:correlationPropertyBinding></bpmn:correlationSubscription>`;
  return model
    .toXml()
    .replace('<bpmn:process ', `${property}${collaboration}<bpmn:process `)
    .replace('</bpmn:process>', `${subscription}</bpmn:process>`);
}

/** Publishes with the key; answers the flow nodes that took it. */
async function send(engine: Scenario, name: string, orderId?: unknown, more: object = {}): Promise<string[]> {
  const keys = orderId === undefined ? {} : { correlationKeys: { orderId } };
  const { deliveredTo } = await engine.engine.managementApi.publishMessage(engine.identity, {
    name,
    payload: { ...(orderId === undefined ? {} : { orderId }), ...more },
    ...keys,
  });
  await engine.engine.idle();
  return deliveredTo.map(({ flowNodeId, processInstanceId }) => `${flowNodeId} ${processInstanceId}`);
}

function waitingForReply(): ProcessBuilder {
  return processBuilder('P')
    .root('message', 'reply')
    .startEvent('S')
    .node('intermediateCatchEvent', 'C', {}, definitions.message('reply'))
    .userTask('A')
    .endEvent('E');
}

describe('A message with a correlation key', () => {
  const bound = keyed(waitingForReply(), { messages: ['reply'], dataPath: 'orderId' });

  it('reaches the instance whose data have its value, whichever waits longer', async () => {
    const engine = await scenario([bound]);
    const first = await engine.start('P', { orderId: 1 });
    const second = await engine.start('P', { orderId: 2 });
    expect(await send(engine, 'reply', 2)).to.deep.equal([`C ${second.processInstanceId}`]);
    expect(await engine.waiting(first.processInstanceId)).to.deep.equal(['C']);
    expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['A']);
  });

  it('that no instance has reaches none', async () => {
    const engine = await scenario([bound]);
    await engine.start('P', { orderId: 1 });
    expect(await send(engine, 'reply', 3)).to.deep.equal([]);
    expect(await send(engine, 'reply', '1')).to.deep.equal([]);
  });

  it('may be left to the payload', async () => {
    const engine = await scenario([bound]);
    await engine.start('P', { orderId: 1 });
    const second = await engine.start('P', { orderId: 2 });
    expect(await send(engine, 'reply', undefined, { orderId: 3 })).to.deep.equal([]);
    expect(await send(engine, 'reply', undefined, { orderId: 2 })).to.deep.equal([`C ${second.processInstanceId}`]);
  });

  it('that was kept, and is left to the payload, is taken by who comes to expect it', async () => {
    const engine = await scenario([bound]);
    for (const orderId of [3, 2]) {
      const message = { name: 'reply', payload: { orderId }, timeToLive: 60_000 };
      await engine.engine.managementApi.publishMessage(engine.identity, message);
    }
    const first = await engine.start('P', { orderId: 1 });
    const second = await engine.start('P', { orderId: 2 });
    expect(await engine.waiting(first.processInstanceId)).to.deep.equal(['C']);
    expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['A']);
  });

  it('that is missing reaches no instance that expects one', async () => {
    const engine = await scenario([bound]);
    await engine.start('P', { orderId: 1 });
    expect(await send(engine, 'reply')).to.deep.equal([]);
  });

  it('follows the data while the instance waits', async () => {
    const engine = await scenario([bound]);
    const { processInstanceId } = await engine.start('P', { orderId: 1 });
    const variables = { orderId: 2 };
    await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables });
    expect(await send(engine, 'reply', 1)).to.deep.equal([]);
    expect(await send(engine, 'reply', 2)).to.deep.equal([`C ${processInstanceId}`]);
  });

  it('that was kept is taken when the data come to fit it', async () => {
    const engine = await scenario([bound]);
    const { processInstanceId } = await engine.start('P', { orderId: 1 });
    const message = { name: 'reply', payload: { orderId: 2 }, correlationKeys: { orderId: 2 }, timeToLive: 60_000 };
    await engine.engine.managementApi.publishMessage(engine.identity, message);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
    await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { orderId: 2 } });
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });

  it('may be read by a path on both sides', async () => {
    const model = keyed(waitingForReply(), { messages: ['reply'], path: 'order.id', dataPath: 'mine.id' });
    const engine = await scenario([model]);
    const first = await engine.start('P', { mine: { id: 'x' } });
    await engine.start('P', { mine: { id: 'y' } });
    expect(await send(engine, 'reply', 'x')).to.deep.equal([`C ${first.processInstanceId}`]);
  });

  it('reaches receive tasks, boundary events and event sub-processes alike', async () => {
    const base = processBuilder('P')
      .root('message', 'one')
      .root('message', 'two')
      .root('message', 'three')
      .startEvent('S')
      .node('receiveTask', 'R', { messageRef: 'one' })
      .endEvent('E')
      .boundaryEvent('B', 'R', definitions.message('two'), { cancelActivity: false })
      .userTask('HB')
      .endEvent('EB');
    eventSubProcess(
      base,
      'Handler',
      { start: 'ES', definition: definitions.message('three'), interrupting: false },
      (inner) => inner.userTask('HS').endEvent('HE'),
    );
    const engine = await scenario([keyed(base, { messages: ['one', 'two', 'three'], dataPath: 'orderId' })]);
    await engine.start('P', { orderId: 1 });
    const second = await engine.start('P', { orderId: 2 });
    for (const name of ['one', 'two', 'three']) expect(await send(engine, name, 9)).to.deep.equal([]);
    expect(await send(engine, 'two', 2)).to.deep.equal([`B ${second.processInstanceId}`]);
    expect(await send(engine, 'three', 2)).to.deep.equal([`ES ${second.processInstanceId}`]);
    expect(await send(engine, 'one', 2)).to.deep.equal([`R ${second.processInstanceId}`]);
    expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['HB', 'HS']);
  });

  it('reaches who expects its value before who would take any', async () => {
    const other = processBuilder('Q')
      .root('message', 'reply')
      .startEvent('QS')
      .node('intermediateCatchEvent', 'QC', {}, definitions.message('reply'))
      .endEvent('QE');
    const engine = await scenario([other, bound]);
    const any = await engine.start('Q');
    const exact = await engine.start('P', { orderId: 1 });
    expect(await send(engine, 'reply', 1)).to.deep.equal([`C ${exact.processInstanceId}`]);
    expect(await send(engine, 'reply', 1)).to.deep.equal([`QC ${any.processInstanceId}`]);
  });
});

describe('A correlation key without data of its own', () => {
  /** Started by the order, then a reply for it. */
  function conversation(): ProcessBuilder {
    return processBuilder('P')
      .root('message', 'order')
      .root('message', 'reply')
      .startEvent('S', definitions.message('order'))
      .node('receiveTask', 'R', { messageRef: 'reply' })
      .userTask('A')
      .endEvent('E');
  }

  it('is fixed by the message that starts the instance', async () => {
    const engine = await scenario([keyed(conversation(), { messages: ['order', 'reply'] })]);
    await send(engine, 'order', 1);
    await send(engine, 'order', 2);
    const [first, second] = await engine.instancesOf('P');
    expect(await send(engine, 'reply', 3)).to.deep.equal([]);
    expect(await send(engine, 'reply', 2)).to.deep.equal([`R ${second}`]);
    expect(await engine.waiting(first!)).to.deep.equal(['R']);
    expect(await send(engine, 'reply', 1)).to.deep.equal([`R ${first}`]);
  });

  it('is fixed by the first message that is received, and does not change with the data', async () => {
    const model = processBuilder('P')
      .root('message', 'order')
      .root('message', 'reply')
      .startEvent('S')
      .node('receiveTask', 'First', { messageRef: 'order' })
      .userTask('A')
      .node('receiveTask', 'Second', { messageRef: 'reply' })
      .endEvent('E');
    const engine = await scenario([keyed(model, { messages: ['order', 'reply'] })]);
    const { processInstanceId } = await engine.start('P');
    expect(await send(engine, 'order', 1)).to.deep.equal([`First ${processInstanceId}`]);
    await engine.finish('A', { orderId: 2 });
    expect(await send(engine, 'reply', 2)).to.deep.equal([]);
    expect(await send(engine, 'reply', 1)).to.deep.equal([`Second ${processInstanceId}`]);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('is fixed for waits that were open before, too', async () => {
    const model = processBuilder('P')
      .root('message', 'order')
      .root('message', 'reply')
      .startEvent('S')
      .parallelGateway('F')
      .node('receiveTask', 'First', { messageRef: 'order' })
      .endEvent('E1')
      .from('F')
      .node('receiveTask', 'Second', { messageRef: 'reply' })
      .endEvent('E2');
    const engine = await scenario([keyed(model, { messages: ['order', 'reply'] })]);
    const { processInstanceId } = await engine.start('P');
    await send(engine, 'order', 1);
    expect(await send(engine, 'reply', 2)).to.deep.equal([]);
    expect(await send(engine, 'reply', 1)).to.deep.equal([`Second ${processInstanceId}`]);
  });

  it('is fixed by the first message that is sent', async () => {
    const model = processBuilder('P')
      .root('message', 'order')
      .root('message', 'reply')
      .startEvent('S')
      .node('sendTask', 'Send', { messageRef: 'order' })
      .node('receiveTask', 'R', { messageRef: 'reply' })
      .endEvent('E');
    const engine = await scenario([keyed(model, { messages: ['order', 'reply'] })]);
    const first = await engine.start('P', { orderId: 1 });
    const second = await engine.start('P', { orderId: 2 });
    expect(await send(engine, 'reply', 2)).to.deep.equal([`R ${second.processInstanceId}`]);
    expect(await send(engine, 'reply', 1)).to.deep.equal([`R ${first.processInstanceId}`]);
  });

  it('is fixed by what is sent, not by the data of the sender', async () => {
    const payload =
      '<bpmn:extensionElements><camunda:properties><camunda:property name="payload" value="{ orderId: token.current.orderId + 1 }"/></camunda:properties></bpmn:extensionElements>';
    const model = processBuilder('P')
      .root('message', 'order')
      .root('message', 'reply')
      .startEvent('S')
      .node('sendTask', 'Send', { messageRef: 'order' }, payload)
      .node('receiveTask', 'R', { messageRef: 'reply' })
      .endEvent('E');
    const engine = await scenario([keyed(model, { messages: ['order', 'reply'] })]);
    const { processInstanceId } = await engine.start('P', { orderId: 1 });
    expect(await send(engine, 'reply', 1)).to.deep.equal([]);
    expect(await send(engine, 'reply', 2)).to.deep.equal([`R ${processInstanceId}`]);
  });

  it('is not fixed by a signal', async () => {
    const model = processBuilder('P')
      .root('message', 'order')
      .root('message', 'reply')
      .root('signal', 'G')
      .startEvent('S')
      .node('intermediateCatchEvent', 'C', {}, definitions.message('order') + definitions.signal('G'))
      .node('receiveTask', 'R', { messageRef: 'reply' })
      .endEvent('E');
    const engine = await scenario([keyed(model, { messages: ['order', 'reply'] })]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G', { orderId: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['R']);
    expect(await send(engine, 'reply', 2)).to.deep.equal([`R ${processInstanceId}`]);
  });

  it('is carried by the messages that are sent later, though their payload does not name it', async () => {
    const receiver = processBuilder('P')
      .root('message', 'order')
      .root('message', 'reply')
      .startEvent('S')
      .node('sendTask', 'Send', { messageRef: 'order' })
      .node('receiveTask', 'R', { messageRef: 'reply' })
      .endEvent('E');
    const answering = processBuilder('Q')
      .root('message', 'order2', { name: 'order' })
      .root('message', 'reply2', { name: 'reply' })
      .startEvent('QS', definitions.message('order2'))
      .userTask('QA')
      .node('sendTask', 'QSend', { messageRef: 'reply2' })
      .endEvent('QE');
    const both = keyed(receiver, { messages: ['order', 'reply'] });
    const other = keyed(answering, { messages: ['order2', 'reply2'] }).replace('processRef="P"', 'processRef="Q"');
    const engine = await scenario([both, other]);
    const first = await engine.start('P', { orderId: 1 });
    const second = await engine.start('P', { orderId: 2 });
    expect((await engine.instancesOf('Q')).length).to.equal(2);
    const tasks = await engine.tasks();
    await engine.finishTask(tasks[1]!, { orderId: null, note: 'no key here' });
    await engine.engine.idle();
    expect(await engine.state(second.processInstanceId)).to.equal('finished');
    expect(await engine.state(first.processInstanceId)).to.equal('running');
  });

  it('may be named by the sender where the payload does not carry it', async () => {
    const engine = await scenario([keyed(conversation(), { messages: ['order', 'reply'] })]);
    const order = { name: 'order', payload: { text: 'no key here' }, correlationKeys: { orderId: 1 } };
    await engine.engine.managementApi.publishMessage(engine.identity, order);
    const [first] = await engine.instancesOf('P');
    expect(await send(engine, 'reply', 2)).to.deep.equal([]);
    expect(await send(engine, 'reply', 1)).to.deep.equal([`R ${first}`]);
  });

  it('keeps the later messages of a parallel event-based gateway with the instance the first one started', async () => {
    const model = processBuilder('P')
      .root('message', 'order')
      .root('message', 'reply')
      .node('eventBasedGateway', 'Choice', { instantiate: true, eventGatewayType: 'Parallel' })
      .node('intermediateCatchEvent', 'CO', {}, definitions.message('order'))
      .endEvent('E1')
      .from('Choice')
      .node('intermediateCatchEvent', 'CR', {}, definitions.message('reply'))
      .endEvent('E2');
    const engine = await scenario([keyed(model, { messages: ['order', 'reply'] })]);
    await send(engine, 'order', 1);
    await send(engine, 'reply', 2);
    const [first, second] = await engine.instancesOf('P');
    expect(await engine.path(first!))
      .to.include('CO')
      .and.not.to.include('CR');
    expect(await engine.path(second!))
      .to.include('CR')
      .and.not.to.include('CO');
    await send(engine, 'reply', 1);
    await send(engine, 'order', 2);
    expect(await engine.instancesOf('P')).to.have.length(2);
    for (const id of [first!, second!]) expect(await engine.state(id)).to.equal('finished');
  });

  it('lets a message without it pass where nothing has fixed it yet', async () => {
    const engine = await scenario([keyed(waitingForReply(), { messages: ['reply'] })]);
    const { processInstanceId } = await engine.start('P');
    expect(await send(engine, 'reply')).to.deep.equal([`C ${processInstanceId}`]);
  });
});

describe('Send and receive tasks', () => {
  it('pass one message from instance to instance', async () => {
    const receiver = processBuilder('Q')
      .root('message', 'M')
      .startEvent('QS')
      .node('receiveTask', 'R', { messageRef: 'M' })
      .userTask('QA')
      .endEvent('QE');
    const sender = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .node('sendTask', 'T', { messageRef: 'M' })
      .userTask('A')
      .endEvent('E');
    const engine = await scenario([receiver, sender]);
    const first = await engine.start('Q');
    const second = await engine.start('Q');
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect(await engine.waiting(first.processInstanceId)).to.deep.equal(['QA']);
    expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['R']);
    expect(await engine.payloadAt('QA')).to.deep.equal({ v: 1 });
    expect(await engine.payloadAt('A')).to.deep.equal({ v: 1 });
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'T']);
  });

  it('a receive task may start the process, each message an instance', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .node('receiveTask', 'R', { messageRef: 'M', instantiate: true })
      .userTask('A')
      .endEvent('E');
    const engine = await scenario([model]);
    await engine.message('M', { m: 1 });
    await engine.message('M', { m: 2 });
    const [first, second] = await engine.instancesOf('P');
    expect(await engine.variables(first!)).to.deep.equal({ m: 1 });
    expect(await engine.variables(second!)).to.deep.equal({ m: 2 });
    expect(await engine.path(first!)).to.deep.equal(['R']);
  });

  it('a receive task with a time limit gives up waiting', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .node('receiveTask', 'R', { messageRef: 'M' })
      .endEvent('E');
    model.boundaryEvent('Late', 'R', definitions.timer('timeDuration', 'PT1H')).userTask('H').endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(3_600_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await send(engine, 'M')).to.deep.equal([]);
  });

  it('a message from a process to itself is taken by a branch that waits', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .parallelGateway('F')
      .node('receiveTask', 'R', { messageRef: 'M' })
      .endEvent('E1')
      .from('F')
      .userTask('A')
      .node('sendTask', 'T', { messageRef: 'M' })
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});
