import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder, ScopeBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';
import { eventSubProcess, multiInstance, show, showingHandler, undoneBy } from './elements.js';

const throwEvent = definitions.compensation;

/** A, B and then a throw event (for `activity`, default everything), then Z; A and B can be undone. */
function twoUndone(activity?: string): ProcessBuilder {
  const model = processBuilder('P').startEvent('S').userTask('A').userTask('B');
  model.node('intermediateThrowEvent', 'T', {}, throwEvent(activity)).userTask('Z').endEvent('E');
  return undoneBy(undoneBy(model, 'A'), 'B');
}

describe('A compensation throw event', () => {
  it('undoes all completed activities, the last first, and then goes on', async () => {
    const engine = await scenario([twoUndone()]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['undo-B']);
    await engine.finish('undo-B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['undo-A']);
    await engine.finish('undo-A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    await engine.finish('Z');
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'B', 'undo-B', 'undo-A', 'T', 'Z', 'E']);
  });

  it('undoes only the activity it names', async () => {
    const engine = await scenario([twoUndone('A')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'undo-A', 'Z']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect(await engine.path(processInstanceId)).not.to.include('undo-B');
  });

  it('undoes nothing twice', async () => {
    const model = processBuilder('P').startEvent('S').userTask('A');
    model.node('intermediateThrowEvent', 'T1', {}, throwEvent()).node('intermediateThrowEvent', 'T2', {}, throwEvent());
    const engine = await scenario([undoneBy(model.endEvent('E'), 'A')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('does not undo what a handler has done', async () => {
    const inner = undoneBy(new ScopeBuilder().startEvent('HS').userTask('Refund').endEvent('HE'), 'Refund').innerXml();
    const handler = `<bpmn:subProcess id="undo-A" isForCompensation="true">${inner}</bpmn:subProcess>`;
    const model = processBuilder('P').startEvent('S').userTask('A');
    model.node('intermediateThrowEvent', 'T1', {}, throwEvent()).node('intermediateThrowEvent', 'T2', {}, throwEvent());
    const engine = await scenario([undoneBy(model.endEvent('E'), 'A', handler)]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'Refund']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect(await engine.path(processInstanceId)).not.to.include('undo-Refund');
  });

  it('undoes an activity as often as it was completed', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('Again')
      .userTask('A')
      .exclusiveGateway('G', { default: 'G-T' })
      .from('G', 'again')
      .to('Again')
      .from('G')
      .node('intermediateThrowEvent', 'T', {}, throwEvent())
      .endEvent('E');
    const engine = await scenario([undoneBy(model, 'A')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { again: true });
    await engine.finish('A', { again: false });
    for (let count = 0; count < 2; count += 1) await engine.finish('undo-A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('goes on at once where there is nothing to undo', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('intermediateThrowEvent', 'T', {}, throwEvent())
      .userTask('A')
      .endEvent('E');
    const engine = await scenario([undoneBy(model, 'A')]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });

  it('does not undo what is still active or was interrupted', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('E1')
      .from('F')
      .userTask('B')
      .endEvent('E2')
      .from('F')
      .userTask('C')
      .node('intermediateThrowEvent', 'T', {}, throwEvent())
      .userTask('Z')
      .endEvent('E3')
      .boundaryEvent('Bound', 'B', definitions.message('M'))
      .endEvent('E4');
    for (const id of ['A', 'B', 'C']) undoneBy(model, id);
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    await engine.finish('C');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'undo-C']);
    await engine.finish('undo-C');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'Z']);
  });

  it('stays within its scope', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .userTask('A')
      .subProcess('Sub', (inner) =>
        undoneBy(
          inner.startEvent('IS').userTask('B').node('intermediateThrowEvent', 'T', {}, throwEvent()).endEvent('IE'),
          'B',
        ),
      );
    const engine = await scenario([undoneBy(model.userTask('Z').endEvent('E'), 'A')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'undo-B']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('that does not wait goes on while the handlers run', async () => {
    const event = '<bpmn:compensateEventDefinition waitForCompletion="false"/>';
    const model = processBuilder('P').startEvent('S').userTask('A').userTask('B');
    model.node('intermediateThrowEvent', 'T', {}, event).userTask('Z').endEvent('E');
    const engine = await scenario([undoneBy(undoneBy(model, 'A'), 'B')]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    for (const id of ['A', 'B']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z', 'undo-B']);
    await engine.finish('Z');
    expect(await engine.state(processInstanceId)).to.equal('running');
    for (const id of ['undo-B', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect((await engine.path(processInstanceId)).filter((id) => id === 'T')).to.have.length(1);
  });

  it('undoes a called process by the handler of its call activity', async () => {
    const called = processBuilder('Q').startEvent('QS').userTask('QA').endEvent('QE');
    const model = processBuilder('P').startEvent('S').callActivity('C', 'Q');
    model.node('intermediateThrowEvent', 'T', {}, throwEvent('C')).endEvent('E');
    const engine = await scenario([undoneBy(model, 'C'), called]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['QA', 'undo-C']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('may be in the handler of an error', async () => {
    const model = processBuilder('P').root('error', 'X', { errorCode: 'X' }).startEvent('S').userTask('A');
    model.externalTask('B', 'topic').endEvent('E');
    model.boundaryEvent('Bound', 'B', definitions.error('X')).node('intermediateThrowEvent', 'T', {}, throwEvent());
    const engine = await scenario([undoneBy(undoneBy(model.userTask('H').endEvent('E2'), 'A'), 'B')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.failWork('topic', 'no', 'X');
    await engine.finish('undo-A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('is ended with its handlers by what ends its scope', async () => {
    const model = twoUndone().root('message', 'M');
    eventSubProcess(model, 'Stop', { start: 'ES', definition: definitions.message('M') }, (inner) =>
      inner.userTask('H').endEvent('HE'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B']) await engine.finish(id);
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('hands an error of a handler to what catches it around the throw event', async () => {
    const model = processBuilder('P')
      .root('error', 'X', { errorCode: 'X' })
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        undoneBy(
          inner.startEvent('IS').userTask('A').node('intermediateThrowEvent', 'T', {}, throwEvent()).endEvent('IE'),
          'A',
          '<bpmn:serviceTask id="undo-A" isForCompensation="true" camunda:type="external" camunda:topic="undo"/>',
        ),
      );
    model.endEvent('E').boundaryEvent('Bound', 'Sub', definitions.error('X')).userTask('H').endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.failWork('undo', 'no', 'X');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });
});

describe('A compensation end event', () => {
  it('ends when the handlers have run', async () => {
    const model = processBuilder('P').startEvent('S').userTask('A').endEvent('E', throwEvent());
    const engine = await scenario([undoneBy(model, 'A')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['undo-A']);
    await engine.finish('undo-A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'undo-A', 'E']);
  });

  it('of a sub-process undoes what was done in it; the sub-process then goes on', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) => undoneBy(inner.startEvent('IS').userTask('A').endEvent('IE', throwEvent()), 'A'));
    const engine = await scenario([model.userTask('Z').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'undo-A']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('that does not wait lets its scope end when the handlers have run', async () => {
    const event = '<bpmn:compensateEventDefinition waitForCompletion="false"/>';
    const model = processBuilder('P').startEvent('S').userTask('A').endEvent('E', event);
    const engine = await scenario([undoneBy(model, 'A')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('running');
    await engine.finish('undo-A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});

describe('A compensation handler', () => {
  it('may be a sub-process', async () => {
    const handler =
      '<bpmn:subProcess id="undo-A" isForCompensation="true"><bpmn:startEvent id="US"/><bpmn:userTask id="U"/><bpmn:endEvent id="UE"/>' +
      '<bpmn:sequenceFlow id="u1" sourceRef="US" targetRef="U"/><bpmn:sequenceFlow id="u2" sourceRef="U" targetRef="UE"/></bpmn:subProcess>';
    const model = processBuilder('P').startEvent('S').userTask('A').endEvent('E', throwEvent());
    const engine = await scenario([undoneBy(model, 'A', handler)]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'U']) await engine.finish(id);
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'US', 'U', 'UE', 'undo-A', 'E']);
  });

  it('may call a process', async () => {
    const handler = '<bpmn:callActivity id="undo-A" isForCompensation="true" calledElement="Q"/>';
    const model = processBuilder('P').startEvent('S').userTask('A').endEvent('E', throwEvent());
    const called = processBuilder('Q').startEvent('QS').userTask('QA').endEvent('QE');
    const engine = await scenario([undoneBy(model, 'A', handler), called]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'QA']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('sees the data as they are now', async () => {
    const model = processBuilder('P').startEvent('S').userTask('A').userTask('B').endEvent('E', throwEvent());
    const engine = await scenario([undoneBy(model, 'A', showingHandler('A', '[v]'))], { services: { show } });
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { v: 1 });
    await engine.finish('B', { v: 2 });
    expect(await engine.result(processInstanceId, 'undo-A')).to.deep.equal({ seen: [2] });
  });

  it('of a multi-instance activity runs once for all its instances', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .userTask('A', multiInstance({ cardinality: '3' }));
    const engine = await scenario([undoneBy(model.endEvent('E', throwEvent()), 'A')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'A', 'A', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('that loops runs as often as its loop says', async () => {
    const handler = `<bpmn:userTask id="undo-A" isForCompensation="true">${multiInstance({ sequential: true, cardinality: '2' })}</bpmn:userTask>`;
    const model = processBuilder('P').startEvent('S').userTask('A').endEvent('E', throwEvent());
    const engine = await scenario([undoneBy(model, 'A', handler)]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'undo-A', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});
