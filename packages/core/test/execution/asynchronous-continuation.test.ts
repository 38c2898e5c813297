import { expect } from 'chai';
import { service } from '../../dist/runtime/services.js';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { nextTurn, scenario } from '../support/scenario.js';

describe('An asynchronous continuation', () => {
  it('before a node is a commit of its own, and the node runs after it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('scriptTask', 'T', { 'camunda:asyncBefore': true }, '<bpmn:script>return { n: 1 };</bpmn:script>')
      .endEvent('E');
    const engine = await scenario([model]);
    expect((await engine.call('P')).tokenPayload).to.deep.equal({ n: 1 });
    expect(engine.steps).to.deep.equal([['S'], ['T', 'E']]);
  });

  it('after a node has its data written before, and takes its flows after it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('userTask', 'A', { 'camunda:asyncAfter': true })
      .from('A', 'v > 1')
      .endEvent('E')
      .from('A', 'v <= 1')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.finish('A', { v: 2 });
    expect(engine.steps).to.deep.equal([['S'], [], ['A', 'E']]);
    const written = engine.storage.commits.flatMap(({ variables }) =>
      variables === undefined ? [] : [variables.upsert?.map(({ value }) => value)],
    );
    expect(written).to.deep.equal([[1], [2]]);
    expect(await engine.result(processInstanceId, 'E')).to.deep.equal({ form_fields: { v: 2 } });
  });

  it('after an exclusive gateway takes the one flow that was chosen before it', async () => {
    const model = processBuilder('P').startEvent('S').node('exclusiveGateway', 'G', { 'camunda:asyncAfter': true });
    model.from('G', 'v > 1').endEvent('E1').from('G', 'v > 0').endEvent('E2').from('G').endEvent('E3');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.call('P', { v: 2 });
    expect(await engine.path(processInstanceId!)).to.deep.equal(['S', 'G', 'E1']);
  });

  it('after a node that passes on keeps the payload', async () => {
    const model = processBuilder('P').startEvent('S').node('task', 'T', { 'camunda:asyncAfter': true }).endEvent('E');
    const engine = await scenario([model], { untypedTasks: 'pass' });
    expect((await engine.call('P', { v: 1 })).tokenPayload).to.deep.equal({ v: 1 });
  });

  it('after a node whose payload is undefined keeps it so', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .externalTask('X', 'topic')
      .node('task', 'T', { 'camunda:asyncAfter': true })
      .endEvent('E');
    const engine = await scenario([model], { untypedTasks: 'pass' });
    const { answer } = await engine.begin('P', { v: 1 });
    await engine.work('topic');
    expect(await answer).not.to.have.property('tokenPayload');
  });

  it('before and after, on gateways, sub-processes, call activities and events, changes nothing else', async () => {
    const both = { 'camunda:asyncBefore': true, 'camunda:asyncAfter': true };
    const model = processBuilder('P')
      .root('signal', 'G')
      .node('startEvent', 'S', both)
      .node('parallelGateway', 'F', both)
      .subProcess(
        'SP',
        (inner) =>
          inner
            .node('startEvent', 'IS', both)
            .node('scriptTask', 'T', both, '<bpmn:script>return { n: 1 };</bpmn:script>')
            .node('endEvent', 'IE', both),
        both,
      )
      .node('parallelGateway', 'J', both)
      .node('intermediateThrowEvent', 'TS', both, definitions.signal('G'))
      .node('endEvent', 'E', both)
      .from('F')
      .node('callActivity', 'C', { ...both, calledElement: 'Q' })
      .to('J');
    const engine = await scenario([model, processBuilder('Q').startEvent('QS').endEvent('QE')]);
    const { tokenPayload, processInstanceId } = await engine.call('P', { v: 1 });
    expect(tokenPayload).to.deep.equal({ SP: { n: 1 }, C: { result: { v: 1 }, endEventId: 'QE' } });
    expect((await engine.path(processInstanceId!)).sort()).to.deep.equal([
      'C',
      'E',
      'F',
      'IE',
      'IS',
      'J',
      'S',
      'SP',
      'T',
      'TS',
    ]);
  });

  it('interrupted before it continues does not run', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) =>
        inner
          .startEvent('IS')
          .node(
            'serviceTask',
            'T',
            { 'camunda:asyncBefore': true },
            '<bpmn:extensionElements><camunda:properties><camunda:property name="module" value="work"/></camunda:properties></bpmn:extensionElements>',
          )
          .endEvent('IE'),
      )
      .endEvent('E')
      .boundaryEvent('B', 'SP', definitions.timer('timeDate', '2001-01-01'))
      .endEvent('E2');
    let calls = 0;
    const engine = await scenario([model], {
      services: { work: service(() => ({ calls: (calls += 1) }), { inline: true }) },
    });
    const { processInstanceId } = await engine.start('P');
    await nextTurn();
    expect(await engine.state(processInstanceId)).to.equal('finished');
    const { state } = await engine.entry(processInstanceId, 'SP');
    expect(calls).to.equal(state === 'finished' ? 1 : 0);
  });

  it('that fails is handled at the node', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('task', 'T', { 'camunda:asyncAfter': true })
      .from('T', 'false')
      .endEvent('E')
      .from('T', 'false')
      .endEvent('E2')
      .boundaryEvent('B', 'T', definitions.error())
      .endEvent('Caught');
    const engine = await scenario([model], { untypedTasks: 'pass' });
    expect((await engine.call('P')).endEventId).to.equal('Caught');
  });
});
