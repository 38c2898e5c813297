import { expect } from 'chai';
import { definitions, processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

/** Waits for the message `M`, then for a person. */
function receiver(id: string, event = definitions.message('M')) {
  return processBuilder(id)
    .root('message', 'M')
    .startEvent(`${id}-S`)
    .node('intermediateCatchEvent', `${id}-C`, {}, event)
    .userTask(`${id}-A`)
    .endEvent(`${id}-E`);
}

function sender(inner = '') {
  return processBuilder('Sender')
    .root('message', 'M')
    .startEvent('S')
    .node('intermediateThrowEvent', 'T', {}, inner + definitions.message('M'))
    .userTask('Z')
    .endEvent('E');
}

describe('A message catch event', () => {
  it('waits for its message, whose payload becomes the token and its variables', async () => {
    const engine = await scenario([receiver('P')]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['P-C']);
    await engine.message('M', { m: 2 });
    expect(await engine.payloadAt('P-A')).to.deep.equal({ m: 2 });
    expect(await engine.result(processInstanceId, 'P-C')).to.deep.equal({ m: 2 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1, m: 2 });
  });

  it('without payload leaves none', async () => {
    const engine = await scenario([receiver('P')]);
    await engine.start('P', { v: 1 });
    await engine.engine.managementApi.publishMessage(engine.identity, { name: 'M' });
    expect(await engine.payloadAt('P-A')).to.equal(undefined);
  });

  it('is not reached by a message of another name, nor by a signal', async () => {
    const engine = await scenario([receiver('P')]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('m');
    await engine.signal('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['P-C']);
  });

  it('may name its message by an expression', async () => {
    const model = processBuilder('P')
      .root('message', 'Dynamic', { name: '${which}' })
      .startEvent('S')
      .node('intermediateCatchEvent', 'C', {}, definitions.message('Dynamic'))
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { which: 'M-7' });
    await engine.message('M-8');
    expect(await engine.state(processInstanceId)).to.equal('running');
    await engine.message('M-7');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});

describe('A published message', () => {
  it('has one receiver, the one that waits longest', async () => {
    const engine = await scenario([receiver('P')]);
    const first = await engine.start('P');
    const second = await engine.start('P');
    const { deliveredTo } = await engine.engine.managementApi.publishMessage(engine.identity, { name: 'M' });
    expect(deliveredTo).to.deep.equal([{ processInstanceId: first.processInstanceId, flowNodeId: 'P-C' }]);
    expect(await engine.waiting(first.processInstanceId)).to.deep.equal(['P-A']);
    expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['P-C']);
  });

  it('nobody waits for is delivered to nobody, and lost', async () => {
    const engine = await scenario([receiver('P')]);
    expect(await engine.engine.managementApi.publishMessage(engine.identity, { name: 'M' })).to.deep.equal({
      deliveredTo: [],
    });
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['P-C']);
  });

  it('reaches only the instance it names', async () => {
    const engine = await scenario([receiver('P')]);
    const first = await engine.start('P');
    const second = await engine.start('P');
    await engine.engine.managementApi.publishMessage(engine.identity, {
      name: 'M',
      processInstanceId: second.processInstanceId,
    });
    expect(await engine.waiting(first.processInstanceId)).to.deep.equal(['P-C']);
    expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['P-A']);
  });

  it('reaches only instances with the business key it names', async () => {
    const engine = await scenario([receiver('P')]);
    await engine.call('P', {}, { type: 1, businessKey: 'one' });
    const two = await engine.call('P', {}, { type: 1, businessKey: 'two' });
    const { deliveredTo } = await engine.engine.managementApi.publishMessage(engine.identity, {
      name: 'M',
      businessKey: 'two',
    });
    expect(deliveredTo.map(({ processInstanceId }) => processInstanceId)).to.deep.equal([two.processInstanceId]);
    const nobody = await engine.engine.managementApi.publishMessage(engine.identity, {
      name: 'M',
      businessKey: 'three',
    });
    expect(nobody.deliveredTo).to.deep.equal([]);
  });

  it('triggered by name reaches all who wait, and every matching start event', async () => {
    const starting = processBuilder('Q')
      .root('message', 'M')
      .startEvent('QS', definitions.message('M'))
      .userTask('QA')
      .endEvent('QE');
    const engine = await scenario([receiver('P'), starting]);
    const instances = [await engine.start('P'), await engine.start('P')];
    await engine.engine.consumerApi.triggerMessageEvent(engine.identity, 'M', { currentToken: { m: 1 } });
    await engine.engine.idle();
    for (const { processInstanceId } of instances)
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['P-A']);
    expect(await engine.payloadAt('QA')).to.deep.equal({ m: 1 });
  });

  for (const [what, body, payload] of [
    ['wrapped in currentToken', { currentToken: 'X' }, 'X'],
    ['that is the whole body', { a: 1 }, { a: 1 }],
    ['that is a text', 'text', 'text'],
    ['that is missing', undefined, undefined],
  ] as const) {
    it(`triggered with a payload ${what}`, async () => {
      const engine = await scenario([receiver('P')]);
      await engine.start('P');
      await engine.engine.consumerApi.triggerMessageEvent(engine.identity, 'M', body);
      expect(await engine.payloadAt('P-A')).to.deep.equal(payload);
    });
  }
});

describe('A message start event', () => {
  const model = processBuilder('P')
    .root('message', 'M')
    .startEvent('S', definitions.message('M'))
    .userTask('A')
    .endEvent('E');

  it('starts an instance with the payload, for whoever published', async () => {
    const engine = await scenario([model]);
    const { deliveredTo } = await engine.engine.managementApi.publishMessage(engine.identity, {
      name: 'M',
      payload: { m: 1 },
      businessKey: 'b',
    });
    const [processInstanceId] = await engine.instancesOf('P');
    expect(deliveredTo).to.deep.equal([{ processInstanceId, flowNodeId: 'S' }]);
    expect(await engine.instance(processInstanceId!)).to.include({ ownerId: 'tester', businessKey: 'b' });
    expect(await engine.payloadAt('A')).to.deep.equal({ m: 1 });
    expect(await engine.variables(processInstanceId!)).to.deep.equal({ m: 1 });
  });

  it('comes after those who wait', async () => {
    const engine = await scenario([model, receiver('Q')]);
    await engine.start('Q');
    await engine.message('M');
    expect(await engine.instancesOf('P')).to.deep.equal([]);
    await engine.message('M');
    expect(await engine.instancesOf('P')).to.have.length(1);
  });

  it('does not start where messages may not start instances', async () => {
    const engine = await scenario([model], { triggersStartInstances: false });
    expect(
      (await engine.engine.managementApi.publishMessage(engine.identity, { name: 'M' })).deliveredTo,
    ).to.deep.equal([]);
    await engine.engine.consumerApi.triggerMessageEvent(engine.identity, 'M');
    expect(await engine.instancesOf('P')).to.deep.equal([]);
  });

  it('may be started by hand', async () => {
    const engine = await scenario([model]);
    await engine.start('P', { v: 1 });
    expect(await engine.payloadAt('A')).to.deep.equal({ v: 1 });
  });

  it('only the newest version starts, and a deleted one does not', async () => {
    const engine = await scenario([model]);
    await engine.deploy(
      processBuilder('P').root('message', 'M').startEvent('S', definitions.message('M')).userTask('New').endEvent('E'),
    );
    await engine.message('M');
    expect((await engine.tasks()).map(({ id }) => id)).to.deep.equal(['New']);
    await engine.engine.managementApi.deleteProcessModel(engine.identity, 'P');
    await engine.message('M');
    expect(await engine.instancesOf('P')).to.have.length(1);
  });
});

describe('A message thrown in a model', () => {
  it('reaches one receiver in another instance, and passes the payload on', async () => {
    const engine = await scenario([sender(), receiver('P')]);
    const waiting = await engine.start('P');
    const { processInstanceId } = await engine.start('Sender', { v: 1 });
    expect(await engine.waiting(waiting.processInstanceId)).to.deep.equal(['P-A']);
    expect(await engine.payloadAt('P-A')).to.deep.equal({ v: 1 });
    expect(await engine.payloadAt('Z')).to.deep.equal({ v: 1 });
    expect(await engine.result(processInstanceId, 'T')).to.deep.equal({});
  });

  it('may have a payload of its own, which then becomes the running payload', async () => {
    const engine = await scenario([
      sender(propertiesXml({ inputValues: '({ only: token.current.v })' })),
      receiver('P'),
    ]);
    await engine.start('P');
    const { processInstanceId } = await engine.start('Sender', { v: 1 });
    expect(await engine.payloadAt('P-A')).to.deep.equal({ only: 1 });
    expect(await engine.payloadAt('Z')).to.deep.equal({ only: 1 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1 });
  });

  it('starts an instance in the same correlation, for the same owner', async () => {
    const starting = processBuilder('Q')
      .root('message', 'M')
      .startEvent('QS', definitions.message('M'))
      .userTask('QA')
      .endEvent('QE');
    const engine = await scenario([sender(), starting]);
    const { correlationId } = await engine.start('Sender', { v: 1 });
    const [id] = await engine.instancesOf('Q');
    expect(await engine.instance(id!)).to.include({ correlationId, ownerId: 'tester' });
    expect(await engine.payloadAt('QA')).to.deep.equal({ v: 1 });
  });

  it('by an end event is sent when the end is reached', async () => {
    const ending = processBuilder('Sender')
      .root('message', 'M')
      .startEvent('S')
      .endEvent('E', propertiesXml({ inputValues: '({ done: true })' }) + definitions.message('M'));
    const engine = await scenario([ending, receiver('P')]);
    await engine.start('P');
    const { tokenPayload } = await engine.call('Sender', { v: 1 });
    expect(tokenPayload).to.deep.equal({ done: true });
    expect(await engine.payloadAt('P-A')).to.deep.equal({ done: true });
  });

  it('reaches a branch of its own instance', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateCatchEvent', 'C', {}, definitions.message('M'))
      .parallelGateway('J')
      .endEvent('E')
      .from('F')
      .node('intermediateThrowEvent', 'T', {}, definitions.message('M'))
      .to('J');
    const engine = await scenario([model]);
    expect((await engine.call('P')).endEventId).to.equal('E');
  });

  it('with an invalid payload fails the instance', async () => {
    const engine = await scenario([sender(propertiesXml({ inputValues: 'token.current.a.b.c' }))]);
    const { processInstanceId } = await engine.start('Sender');
    expect((await engine.instance(processInstanceId)).error!.message).to.match(/payload configuration.*is invalid/i);
  });
});

describe('A message boundary event', () => {
  const hosting = (attributes: Readonly<Record<string, boolean>> = {}) =>
    processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .userTask('A')
      .endEvent('E')
      .boundaryEvent('B', 'A', definitions.message('M'), attributes)
      .userTask('H')
      .endEvent('E2');

  it('that interrupts ends its host, and goes on with the payload of the message', async () => {
    const engine = await scenario([hosting()]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.message('M', { m: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.payloadAt('H')).to.deep.equal({ m: 1 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1, m: 1 });
    expect(await engine.subscriptions()).to.deep.equal([]);
  });

  it('that does not interrupt fires for every message while its host waits', async () => {
    const engine = await scenario([hosting({ cancelActivity: false })]);
    const { processInstanceId } = await engine.start('P');
    for (const m of [1, 2]) await engine.message('M', { m });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
    await engine.finish('A');
    await engine.message('M', { m: 3 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H', 'H']);
  });

  it('on a call activity ends the called process', async () => {
    const caller = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .callActivity('C', 'Q')
      .endEvent('E')
      .boundaryEvent('B', 'C', definitions.message('M'))
      .endEvent('E2');
    const engine = await scenario([caller, processBuilder('Q').startEvent('QS').userTask('QA').endEvent('QE')]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'B', 'E2']);
    expect(await engine.tasks()).to.deep.equal([]);
  });
});
