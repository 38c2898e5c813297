import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

const correlated = `
  <bpmn:correlationProperty id="orderId" name="orderId">
    <bpmn:correlationPropertyRetrievalExpression messageRef="Reply"><bpmn:messagePath xsi:type="bpmn:tFormalExpression">orderId</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>
  </bpmn:correlationProperty>
  <bpmn:collaboration id="Conversation"><bpmn:correlationKey id="Key" name="Key"><bpmn:correlationPropertyRef>orderId</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration>`;

describe('A conditional catch event', () => {
  it('waits until the data makes its condition true', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateCatchEvent', 'C', {}, definitions.conditional('ready'))
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('A')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { ready: false });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'C']);
    await engine.finish('A', { ready: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('passes on at once where the condition holds already', async () => {
    const engine = await scenario([
      processBuilder('P')
        .startEvent('S')
        .node('intermediateCatchEvent', 'C', {}, definitions.conditional('ready'))
        .userTask('Z')
        .endEvent('E'),
    ]);
    const { processInstanceId } = await engine.start('P', { ready: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });
});

describe('A link', () => {
  it('goes on at the catch event of its name, from each of its throw events', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateThrowEvent', 'L1', {}, definitions.link('there'))
      .from('F')
      .node('intermediateThrowEvent', 'L2', {}, definitions.link('there'))
      .apart('intermediateCatchEvent', 'C', {}, definitions.link('there'))
      .userTask('A')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { x: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A']);
    expect(await engine.payloadAt('A')).to.deep.equal({ x: 1 });
  });
});

describe('An event with several triggers', () => {
  const both = definitions.message('M') + definitions.signal('G');
  const roots = () => processBuilder('P').root('message', 'M').root('signal', 'G');

  it('goes on with any one of them', async () => {
    const engine = await scenario([
      roots().startEvent('S').node('intermediateCatchEvent', 'C', {}, both).userTask('Z').endEvent('E'),
    ]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });

  it('that needs all of them waits for all of them', async () => {
    const engine = await scenario([
      roots()
        .startEvent('S')
        .node('intermediateCatchEvent', 'C', { parallelMultiple: true }, both)
        .userTask('Z')
        .endEvent('E'),
    ]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
    await engine.message('M', { m: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('that needs all of them and leaves its host running waits for all of them anew', async () => {
    const model = roots()
      .startEvent('S')
      .userTask('A')
      .endEvent('E')
      .boundaryEvent('B', 'A', both, { parallelMultiple: true, cancelActivity: false })
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (let round = 1; round <= 2; round += 1) {
      await engine.message('M');
      await engine.signal('G');
      expect(await engine.waiting(processInstanceId)).to.have.length(1 + round);
    }
  });

  it('throws all of what it throws', async () => {
    const thrower = roots().startEvent('S').node('intermediateThrowEvent', 'T', {}, both).endEvent('E');
    const catcher = processBuilder('Q')
      .root('message', 'M')
      .root('signal', 'G')
      .startEvent('QM', definitions.message('M'))
      .userTask('A')
      .endEvent('QE')
      .startEvent('QG', definitions.signal('G'))
      .userTask('B')
      .endEvent('QF');
    const engine = await scenario([thrower, catcher]);
    await engine.start('P');
    expect((await engine.tasks()).map(({ id }) => id).sort()).to.deep.equal(['A', 'B']);
  });
});

describe('Send and receive tasks', () => {
  it('speak to each other by message; one receiver takes it', async () => {
    const sender = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .node('sendTask', 'T', { messageRef: 'M' })
      .endEvent('E');
    const receiver = processBuilder('Q')
      .root('message', 'M')
      .startEvent('QS')
      .node('receiveTask', 'R', { messageRef: 'M' })
      .endEvent('QE');
    const engine = await scenario([sender, receiver]);
    const first = await engine.start('Q');
    const second = await engine.start('Q');
    await engine.start('P', { told: 1 });
    expect(await engine.state(first.processInstanceId)).to.equal('finished');
    expect(await engine.variables(first.processInstanceId)).to.deep.equal({ told: 1 });
    expect(await engine.state(second.processInstanceId)).to.equal('running');
  });

  it('an instantiating receive task starts an instance by its message', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .apart('receiveTask', 'R', { messageRef: 'M', instantiate: true })
      .userTask('A')
      .endEvent('E');
    const engine = await scenario([model]);
    await engine.message('M', { told: 2 });
    expect((await engine.tasks()).map(({ id }) => id)).to.deep.equal(['A']);
    const [id] = await engine.instancesOf('P');
    expect(await engine.variables(id!)).to.deep.equal({ told: 2 });
  });
});

describe('A message with correlation keys', () => {
  it('reaches the instance whose data has the same values, and no other', async () => {
    const model = processBuilder('P')
      .root('message', 'Reply')
      .xml(
        '<bpmn:correlationSubscription id="Subscription" correlationKeyRef="Key"><bpmn:correlationPropertyBinding correlationPropertyRef="orderId"><bpmn:dataPath xsi:type="bpmn:tFormalExpression">orderId</bpmn:dataPath></bpmn:correlationPropertyBinding></bpmn:correlationSubscription>',
      )
      .startEvent('S')
      .node('intermediateCatchEvent', 'C', {}, definitions.message('Reply'))
      .endEvent('E')
      .toXml()
      .replace('<bpmn:process ', `${correlated}<bpmn:process `);
    const engine = await scenario([model]);
    const one = await engine.start('P', { orderId: 1 });
    const two = await engine.start('P', { orderId: 2 });
    const send = async (orderId: number) =>
      engine.engine.managementApi.publishMessage(engine.identity, {
        name: 'Reply',
        payload: { orderId },
        correlationKeys: { orderId },
      });
    expect((await send(9)).deliveredTo).to.deep.equal([]);
    expect((await send(2)).deliveredTo).to.have.length(1);
    await engine.engine.idle();
    expect(await engine.state(two.processInstanceId)).to.equal('finished');
    expect(await engine.state(one.processInstanceId)).to.equal('running');
  });
});
