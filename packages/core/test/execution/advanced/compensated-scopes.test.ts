import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder, type ScopeBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';
import {
  dataObjects,
  eventSubProcess,
  multiInstance,
  show,
  showingHandler,
  standardLoop,
  undoneBy,
} from './elements.js';

const throwEvent = definitions.compensation;

describe('A completed sub-process', () => {
  /** A sub-process with two activities that can be undone, then a task X, then compensation. */
  function outer(build: (inner: ScopeBuilder) => ScopeBuilder, activity?: string): ProcessBuilder {
    const model = processBuilder('P').root('message', 'M').root('error', 'X', { errorCode: 'X' }).startEvent('S');
    model.subProcess('Sub', (inner) => build(inner.startEvent('IS')));
    return model
      .userTask('X1')
      .node('intermediateThrowEvent', 'T', {}, throwEvent(activity))
      .userTask('Z')
      .endEvent('E');
  }

  const two = (inner: ScopeBuilder): ScopeBuilder =>
    undoneBy(undoneBy(inner.userTask('A').userTask('B').endEvent('IE'), 'A'), 'B');

  it('is undone by undoing what was completed in it, the last first', async () => {
    const engine = await scenario([outer(two)]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'X1', 'undo-B', 'undo-A']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    expect((await engine.path(processInstanceId)).filter((id) => id === 'Sub')).to.have.length(1);
  });

  it('may be named by the throw event', async () => {
    const engine = await scenario([undoneBy(outer(two, 'Sub'), 'X1')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'X1', 'undo-B', 'undo-A']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('with a handler of its own is undone by that alone', async () => {
    const engine = await scenario([undoneBy(outer(two), 'Sub')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'X1', 'undo-Sub']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('shows its handlers the data it had when it was completed', async () => {
    const build = (inner: ScopeBuilder): ScopeBuilder =>
      undoneBy(
        inner.xml(dataObjects('own')).userTask('A').userTask('B').endEvent('IE'),
        'A',
        showingHandler('A', '[own, v]'),
      );
    const engine = await scenario([outer(build)], { services: { show } });
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { own: 1, v: 1 });
    await engine.finish('B', { own: 2, v: 2 });
    await engine.finish('X1', { v: 3 });
    expect(await engine.result(processInstanceId, 'undo-A')).to.deep.equal({ seen: [2, 3] });
    expect(await engine.variables(processInstanceId)).not.to.have.property('own');
  });

  it('in another is undone with it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Outer', (outerScope) =>
        undoneBy(
          outerScope
            .startEvent('OS')
            .subProcess('Inner', (inner) => undoneBy(inner.startEvent('IS').userTask('A').endEvent('IE'), 'A'))
            .userTask('B')
            .endEvent('OE'),
          'B',
        ),
      );
    const engine = await scenario([model.endEvent('E', throwEvent())]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'undo-B', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('that was interrupted is not undone', async () => {
    const model = outer(two);
    model.boundaryEvent('Bound', 'Sub', definitions.message('M')).to('X1');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.message('M');
    await engine.finish('X1');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('that was completed twice is undone twice, each time with its own data', async () => {
    const build = (inner: ScopeBuilder): ScopeBuilder =>
      undoneBy(
        inner
          .xml(dataObjects('own') + standardLoop({ maximum: 2 }))
          .userTask('A')
          .endEvent('IE'),
        'A',
        showingHandler('A', '[own]'),
      );
    const engine = await scenario([outer(build)], { services: { show } });
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { own: 'first' });
    await engine.finish('A', { own: 'second' });
    await engine.finish('X1');
    const seen = (await engine.history(processInstanceId))
      .filter(({ flowNodeId }) => flowNodeId === 'undo-A')
      .map(({ result }) => result);
    expect(seen).to.deep.equal([{ seen: ['second'] }, { seen: ['first'] }]);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('of several instances is undone instance by instance, the last completed first', async () => {
    const build = (inner: ScopeBuilder): ScopeBuilder =>
      undoneBy(
        inner
          .xml(multiInstance({ collection: 'items', item: 'it' }))
          .userTask('A')
          .endEvent('IE'),
        'A',
        showingHandler('A', '[it]'),
      );
    const engine = await scenario([outer(build).xml(dataObjects('items'))], { services: { show } });
    const { processInstanceId } = await engine.start('P', { items: ['a', 'b', 'c'] });
    const tasks = await engine.tasks();
    for (const at of [2, 0, 1]) await engine.finishTask(tasks[at]!);
    await engine.finish('X1');
    const seen = (await engine.history(processInstanceId))
      .filter(({ flowNodeId }) => flowNodeId === 'undo-A')
      .map(({ result }) => (result as { seen: unknown[] }).seen[0]);
    expect(seen).to.deep.equal(['b', 'a', 'c']);
  });

  it('does not let the boundary events and event sub-processes it had catch what its handlers throw', async () => {
    const build = (inner: ScopeBuilder): ScopeBuilder => {
      undoneBy(
        inner.userTask('A').endEvent('IE'),
        'A',
        '<bpmn:serviceTask id="undo-A" isForCompensation="true" camunda:type="external" camunda:topic="undo"/>',
      );
      return eventSubProcess(inner, 'Inside', { start: 'XS', definition: definitions.error('X') }, (handler) =>
        handler.userTask('Wrong1').endEvent('XE'),
      );
    };
    const model = outer(build).boundaryEvent('Bound', 'Sub', definitions.error('X')).userTask('Wrong2').endEvent('E2');
    eventSubProcess(model, 'Handler', { start: 'ES', definition: definitions.error('X') }, (handler) =>
      handler.userTask('Right').endEvent('HE'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'X1']) await engine.finish(id);
    await engine.failWork('undo', 'no', 'X');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Right']);
  });

  it('of the ad-hoc kind is undone too', async () => {
    const model = processBuilder('P').startEvent('S');
    model.node('adHocSubProcess', 'Sub', {}, undoneBy(scope().userTask('A'), 'A').innerXml());
    model.endEvent('E', throwEvent());
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.engine.managementApi.activateAdHocActivity(engine.identity, processInstanceId, { flowNodeId: 'A' });
    for (const id of ['A', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});

describe('A compensation event sub-process', () => {
  const own =
    (build: (handler: ScopeBuilder) => ScopeBuilder) =>
    (inner: ScopeBuilder): ScopeBuilder =>
      eventSubProcess(inner, 'Undo', { start: 'US', definition: definitions.compensation() }, build);

  it('undoes its sub-process instead of the handlers in it, with the data of then', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) => {
        undoneBy(inner.xml(dataObjects('own')).startEvent('IS').userTask('A').endEvent('IE'), 'A');
        return own((handler) =>
          handler.serviceTask('Show', 'show', { method: 'show', params: '[own]' }).userTask('H').endEvent('UE'),
        )(inner);
      });
    model.userTask('X').node('intermediateThrowEvent', 'T', {}, throwEvent('Sub')).userTask('Z').endEvent('E');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { own: 1 });
    await engine.finish('X');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.result(processInstanceId, 'Show')).to.deep.equal({ seen: [1] });
    await engine.finish('H');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('may throw compensation for what was completed in its sub-process', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) => {
        undoneBy(undoneBy(inner.startEvent('IS').userTask('A').userTask('B').endEvent('IE'), 'A'), 'B');
        return own((handler) =>
          handler.userTask('H').node('intermediateThrowEvent', 'IT', {}, throwEvent('A')).endEvent('UE'),
        )(inner);
      });
    const engine = await scenario([model.endEvent('E', throwEvent())]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'H', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('runs for each completed instance of its sub-process', async () => {
    const model = processBuilder('P')
      .xml(dataObjects('items'))
      .startEvent('S')
      .subProcess('Sub', (inner) => {
        inner
          .xml(multiInstance({ sequential: true, collection: 'items', item: 'it' }))
          .startEvent('IS')
          .userTask('A')
          .endEvent('IE');
        return own((handler) => handler.serviceTask('Show', 'show', { method: 'show', params: '[it]' }).endEvent('UE'))(
          inner,
        );
      });
    const engine = await scenario([model.endEvent('E', throwEvent())], { services: { show } });
    const { processInstanceId } = await engine.start('P', { items: [1, 2] });
    for (let count = 0; count < 2; count += 1) await engine.finish('A');
    const seen = (await engine.history(processInstanceId))
      .filter(({ flowNodeId }) => flowNodeId === 'Show')
      .map(({ result }) => result);
    expect(seen).to.deep.equal([{ seen: [2] }, { seen: [1] }]);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('does not run when its sub-process was interrupted', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        own((handler) => handler.userTask('H').endEvent('UE'))(inner.startEvent('IS').userTask('A').endEvent('IE')),
      );
    model.endEvent('E').boundaryEvent('Bound', 'Sub', definitions.message('M')).endEvent('E2', throwEvent());
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});

describe('Compensation thrown in an event sub-process', () => {
  it('undoes what was completed in the scope around it, and in itself', async () => {
    const model = processBuilder('P').root('message', 'M').startEvent('S').userTask('A').userTask('B').endEvent('E');
    undoneBy(model, 'A');
    eventSubProcess(model, 'Handler', { start: 'ES', definition: definitions.message('M') }, (handler) =>
      undoneBy(
        handler.userTask('H').node('intermediateThrowEvent', 'T', {}, throwEvent()).userTask('Z').endEvent('HE'),
        'H',
      ),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.message('M');
    for (const id of ['H', 'undo-H', 'undo-A']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('may name an activity of the scope around it', async () => {
    const model = processBuilder('P')
      .root('error', 'X', { errorCode: 'X' })
      .startEvent('S')
      .userTask('A')
      .userTask('B');
    undoneBy(undoneBy(model.endEvent('E', definitions.error('X')), 'A'), 'B');
    eventSubProcess(model, 'Handler', { start: 'ES', definition: definitions.error('X') }, (handler) =>
      handler.endEvent('HE', throwEvent('A')),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});

function scope(): ScopeBuilder {
  return processBuilder('unused');
}
