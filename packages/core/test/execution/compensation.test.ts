import { expect } from 'chai';
import { definitions, processBuilder, type ScopeBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';
import { eventSubProcess, undoneBy } from './advanced/elements.js';

/** A, then B, both with something that undoes them, then what the test adds. */
function bookings(scope: ScopeBuilder): ScopeBuilder {
  scope.userTask('A').userTask('B');
  undoneBy(scope, 'A');
  return undoneBy(scope, 'B');
}

describe('Compensation', () => {
  it('runs the handlers of completed activities one by one, the last completed first, and then goes on', async () => {
    const model = processBuilder('P').startEvent('S');
    bookings(model);
    model.node('intermediateThrowEvent', 'Undo', {}, definitions.compensation()).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('B');
    expect(await engine.tasks()).to.have.length(1);
    await engine.finish('undo-B');
    expect(await engine.state(processInstanceId)).to.equal('running');
    await engine.finish('undo-A');
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'B', 'undo-B', 'undo-A', 'Undo', 'E']);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('undoes only the activity the event names', async () => {
    const model = processBuilder('P').startEvent('S');
    bookings(model);
    model.endEvent('E', definitions.compensation('A'));
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('B');
    await engine.finish('undo-A');
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'B', 'undo-A', 'E']);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('with nothing to undo passes on at once', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('intermediateThrowEvent', 'Undo', {}, definitions.compensation())
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'Undo', 'E']);
  });

  it('undoes an activity as often as it was done', async () => {
    const model = processBuilder('P').startEvent('S').exclusiveGateway('M').userTask('A');
    undoneBy(model, 'A');
    model
      .exclusiveGateway('G', { default: 'G-Undo' })
      .flow('G', 'M', 'again')
      .node('intermediateThrowEvent', 'Undo', {}, definitions.compensation())
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { again: true });
    await engine.finish('A', { again: false });
    await engine.finish('undo-A');
    await engine.finish('undo-A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('of a completed sub-process undoes what was completed inside it, with the data it had', async () => {
    const inner = (scope: ScopeBuilder): ScopeBuilder => {
      scope.xml('<bpmn:dataObject id="room" name="room"/>').startEvent('IS').userTask('A');
      undoneBy(
        scope,
        'A',
        '<bpmn:scriptTask id="undo-A" isForCompensation="true" scriptFormat="javascript"><bpmn:script>return { undone: room };</bpmn:script></bpmn:scriptTask>',
      );
      return scope.from('A').endEvent('IE');
    };
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', inner)
      .node('intermediateThrowEvent', 'Undo', {}, definitions.compensation('SP'))
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { room: 7 });
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect(await engine.variables(processInstanceId)).to.deep.include({ undone: 7 });
  });

  it('of a completed sub-process runs its compensation event sub-process instead, if it has one', async () => {
    const inner = (scope: ScopeBuilder): ScopeBuilder => {
      scope.startEvent('IS').userTask('A').endEvent('IE');
      return eventSubProcess(scope, 'Handler', { start: 'HS', definition: definitions.compensation() }, (handler) =>
        handler.userTask('H').endEvent('HE'),
      );
    };
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', inner)
      .node('intermediateThrowEvent', 'Undo', {}, definitions.compensation())
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('H');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('thrown in an event sub-process undoes what the scope around it completed', async () => {
    const model = processBuilder('P').root('message', 'M').startEvent('S').userTask('A');
    undoneBy(model, 'A');
    model.userTask('Z').endEvent('E');
    eventSubProcess(model, 'ESP', { start: 'ES', definition: definitions.message('M') }, (scope) =>
      scope.endEvent('EE', definitions.compensation()),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.message('M');
    await engine.finish('undo-A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});

describe('A transaction', () => {
  function transaction(boundary: boolean) {
    const inner = bookingsThen((scope) =>
      scope
        .exclusiveGateway('G', { default: 'G-IE' })
        .endEvent('IE')
        .from('G', 'cancel')
        .endEvent('IC', definitions.cancel()),
    );
    const model = processBuilder('P')
      .startEvent('S')
      .node('transaction', 'T', {}, inner.innerXml())
      .userTask('Z')
      .endEvent('E');
    return boundary ? model.boundaryEvent('BC', 'T', definitions.cancel()).userTask('H').endEvent('E2') : model;
  }

  function bookingsThen(then: (scope: ScopeBuilder) => ScopeBuilder): ScopeBuilder {
    const scope = processBuilder('inner').startEvent('IS');
    bookings(scope);
    return then(scope);
  }

  it('that is cancelled undoes what was completed, waits for it, and leaves by its cancel boundary event', async () => {
    const engine = await scenario([transaction(true)]);
    const { processInstanceId } = await engine.start('P', { cancel: true });
    await engine.finish('A');
    await engine.finish('B');
    await engine.finish('undo-B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['undo-A']);
    await engine.finish('undo-A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    await engine.finish('H');
    expect(await engine.path(processInstanceId))
      .to.include('E2')
      .and.not.include('Z');
  });

  it('that ends normally undoes nothing', async () => {
    const engine = await scenario([transaction(true)]);
    const { processInstanceId } = await engine.start('P', { cancel: false });
    await engine.finish('A');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('that is cancelled ends what still runs in it', async () => {
    const inner = processBuilder('inner')
      .startEvent('IS')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('IC', definitions.cancel())
      .from('F')
      .userTask('B')
      .endEvent('IE');
    const model = processBuilder('P')
      .startEvent('S')
      .node('transaction', 'T', {}, inner.innerXml())
      .endEvent('E')
      .boundaryEvent('BC', 'T', definitions.cancel())
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect(await engine.path(processInstanceId))
      .to.include('E2')
      .and.not.include('B');
  });
});
