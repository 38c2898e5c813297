import { expect } from 'chai';
import { definitions, processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

function receiver(id: string) {
  return processBuilder(id)
    .root('signal', 'G')
    .startEvent(`${id}-S`)
    .node('intermediateCatchEvent', `${id}-C`, {}, definitions.signal('G'))
    .userTask(`${id}-A`)
    .endEvent(`${id}-E`);
}

describe('A signal', () => {
  it('reaches everybody who waits, with its payload', async () => {
    const engine = await scenario([receiver('P'), receiver('Q')]);
    const instances = [await engine.start('P'), await engine.start('P'), await engine.start('Q')];
    const { deliveredTo } = await engine.engine.managementApi.broadcastSignal(engine.identity, {
      name: 'G',
      payload: { g: 1 },
    });
    expect(deliveredTo.map(({ processInstanceId }) => processInstanceId)).to.have.members(
      instances.map(({ processInstanceId }) => processInstanceId),
    );
    expect((await engine.tasks()).map(({ tokenPayload }) => tokenPayload)).to.deep.equal([
      { g: 1 },
      { g: 1 },
      { g: 1 },
    ]);
    expect(await engine.variables(instances[0]!.processInstanceId)).to.deep.equal({ g: 1 });
  });

  it('starts every matching start event', async () => {
    const starting = (id: string) =>
      processBuilder(id)
        .root('signal', 'G')
        .startEvent(`${id}-S`, definitions.signal('G'))
        .userTask(`${id}-A`)
        .endEvent(`${id}-E`);
    const engine = await scenario([starting('P'), starting('Q')]);
    await engine.signal('G', { g: 1 });
    expect((await engine.tasks()).map(({ id }) => id).sort()).to.deep.equal(['P-A', 'Q-A']);
  });

  it('nobody waits for is lost', async () => {
    const engine = await scenario([receiver('P')]);
    expect(await engine.engine.managementApi.broadcastSignal(engine.identity, { name: 'G' })).to.deep.equal({
      deliveredTo: [],
    });
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['P-C']);
  });

  it('thrown in a model reaches everybody, also its own instance, and the payload goes on', async () => {
    const model = processBuilder('Sender')
      .root('signal', 'G')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateCatchEvent', 'C', {}, definitions.signal('G'))
      .userTask('Own')
      .endEvent('E1')
      .from('F')
      .node('intermediateThrowEvent', 'T', {}, propertiesXml({ inputValues: '({ g: v })' }) + definitions.signal('G'))
      .userTask('Z')
      .endEvent('E2');
    const engine = await scenario([model, receiver('P')]);
    await engine.start('P');
    await engine.start('Sender', { v: 7 });
    const payloads = Object.fromEntries((await engine.tasks()).map(({ id, tokenPayload }) => [id, tokenPayload]));
    expect(payloads).to.deep.equal({ 'P-A': { g: 7 }, Own: { g: 7 }, Z: { g: 7 } });
  });

  it('thrown by an end event reaches everybody', async () => {
    const model = processBuilder('Sender').root('signal', 'G').startEvent('S').endEvent('E', definitions.signal('G'));
    const engine = await scenario([model, receiver('P')]);
    await engine.start('P');
    await engine.call('Sender', { v: 7 });
    expect(await engine.payloadAt('P-A')).to.deep.equal({ v: 7 });
  });

  it('triggered through the consumer API reaches everybody', async () => {
    const engine = await scenario([receiver('P')]);
    await engine.start('P');
    await engine.engine.consumerApi.triggerSignalEvent(engine.identity, 'G', { currentToken: { g: 2 } });
    expect(await engine.payloadAt('P-A')).to.deep.equal({ g: 2 });
  });

  for (const cancelActivity of [true, false]) {
    it(`fires ${cancelActivity ? 'an interrupting' : 'a non-interrupting'} boundary event`, async () => {
      const model = processBuilder('P')
        .root('signal', 'G')
        .startEvent('S')
        .userTask('A')
        .endEvent('E')
        .boundaryEvent('B', 'A', definitions.signal('G'), { cancelActivity })
        .userTask('H')
        .endEvent('E2');
      const engine = await scenario([model]);
      const { processInstanceId } = await engine.start('P');
      for (const g of [1, 2]) await engine.signal('G', { g });
      expect(await engine.waiting(processInstanceId)).to.deep.equal(cancelActivity ? ['H'] : ['A', 'H', 'H']);
    });
  }

  it('reaches several waits of one instance', async () => {
    const model = processBuilder('P')
      .root('signal', 'G')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateCatchEvent', 'C1', {}, definitions.signal('G'))
      .parallelGateway('J')
      .endEvent('E')
      .from('F')
      .node('intermediateCatchEvent', 'C2', {}, definitions.signal('G'))
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});

describe('Waiting events', () => {
  it('are listed: message and signal catch events, and nothing else', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .root('signal', 'G')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateCatchEvent', 'C1', {}, definitions.message('M'))
      .endEvent('E1')
      .from('F')
      .node('intermediateCatchEvent', 'C2', {}, definitions.signal('G'))
      .endEvent('E2')
      .from('F')
      .node('intermediateCatchEvent', 'C3', {}, definitions.timer('timeDuration', 'PT1H'))
      .endEvent('E3')
      .from('F')
      .userTask('A')
      .endEvent('E4')
      .boundaryEvent('B', 'A', definitions.message('M'))
      .endEvent('E5');
    const engine = await scenario([model]);
    const { processInstanceId, correlationId } = await engine.start('P');
    const { events, totalCount } = await engine.engine.consumerApi.getEventsForProcessModel(engine.identity, 'P');
    expect(totalCount).to.equal(2);
    const place = { correlationId, processModelId: 'P', processInstanceId, bpmnType: 'bpmn:IntermediateCatchEvent' };
    expect(events.map(({ flowNodeInstanceId: _id, ...event }) => event)).to.have.deep.members([
      { id: 'C1', eventType: 'messageEvent', eventName: 'M', ...place },
      { id: 'C2', eventType: 'signalEvent', eventName: 'G', ...place },
    ]);
    const { consumerApi } = engine.engine;
    expect((await consumerApi.getEventsForCorrelation(engine.identity, correlationId)).totalCount).to.equal(2);
    expect(
      (await consumerApi.getEventsForProcessModelInCorrelation(engine.identity, 'P', correlationId, 1, 1)).events,
    ).to.have.length(1);
    expect((await consumerApi.getEventsForCorrelation(engine.identity, 'other')).totalCount).to.equal(0);
  });
});
