import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder, type ScopeBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';
import { dataObjects, eventSubProcess, multiInstance, type MultiInstance } from './elements.js';

/** A sub-process of this loop with content of its own, then a task B. */
function around(loop: MultiInstance, build: (inner: ScopeBuilder) => ScopeBuilder): ProcessBuilder {
  return processBuilder('P')
    .root('message', 'M')
    .root('error', 'X', { errorCode: 'X' })
    .root('escalation', 'Esc', { escalationCode: 'Esc' })
    .xml(dataObjects('items', 'results'))
    .startEvent('S')
    .subProcess('Sub', (inner) => build(inner.xml(multiInstance(loop)).startEvent('IS')))
    .userTask('B')
    .endEvent('E');
}

const OVER_ITEMS = { collection: 'items', item: 'it', outputCollection: 'results', outputItem: 'r' };

function withBoundary(model: ProcessBuilder, definition: string, attributes = {}): ProcessBuilder {
  return model.boundaryEvent('Bound', 'Sub', definition, attributes).userTask('H').endEvent('E2');
}

describe('A multi-instance sub-process', () => {
  it('keeps the item and output of each parallel instance apart', async () => {
    const model = around(OVER_ITEMS, (inner) =>
      inner
        .userTask('A')
        .exclusiveGateway('G', { default: 'G-Small' })
        .from('G', 'it > 1')
        .userTask('Big')
        .endEvent('IE1')
        .from('G')
        .userTask('Small')
        .endEvent('IE2'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { items: [1, 2] });
    const [first, second] = await engine.tasks();
    await engine.finishTask(first!, { r: 'one' });
    await engine.finishTask(second!, { r: 'two' });
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Big', 'Small']);
    for (const id of ['Big', 'Small']) await engine.finish(id);
    const variables = await engine.variables(processInstanceId);
    expect(variables).to.deep.equal({ items: [1, 2], results: ['one', 'two'] });
  });

  it('has data objects of its own in each instance', async () => {
    const show = { show: (own: unknown) => ({ r: own ?? 'none' }) };
    const model = around({ cardinality: '2', outputCollection: 'results', outputItem: 'r' }, (inner) =>
      inner
        .xml(dataObjects('own'))
        .userTask('A')
        .userTask('A2')
        .serviceTask('Show', 'show', { method: 'show', params: '[own]' })
        .endEvent('IE'),
    );
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P', { own: 'outside' });
    const [first] = await engine.tasks();
    await engine.finishTask(first!, { own: 1 });
    await engine.finish('A');
    for (let count = 0; count < 2; count += 1) await engine.finish('A2');
    const variables = await engine.variables(processInstanceId);
    expect(variables).to.deep.include({ own: 'outside', results: [1, 'none'] });
  });

  for (const sequential of [false, true]) {
    it(`in another multiplies (${sequential ? 'sequential' : 'parallel'})`, async () => {
      const model = around({ sequential, cardinality: '2' }, (inner) =>
        inner.userTask('A', multiInstance({ sequential, cardinality: '3' })).endEvent('IE'),
      );
      const engine = await scenario([model]);
      const { processInstanceId } = await engine.start('P');
      for (let count = 0; count < 6; count += 1) await engine.finish('A');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
      expect((await engine.path(processInstanceId)).filter((id) => id === 'IE')).to.have.length(2);
    });
  }

  it('in another: each has its own counters and item', async () => {
    const show = { show: (...seen: unknown[]) => ({ seen }) };
    const inner = multiInstance({
      sequential: true,
      collection: 'inner',
      item: 'it2',
      completionCondition: 'numberOfCompletedInstances === 2',
    });
    const model = processBuilder('P').xml(dataObjects('items', 'inner')).startEvent('S');
    model
      .subProcess('Sub', (scope) =>
        scope
          .xml(multiInstance({ sequential: true, collection: 'items', item: 'it' }))
          .startEvent('IS')
          .subProcess('Sub2', (deep) =>
            deep
              .xml(inner)
              .startEvent('IS2')
              .serviceTask('Show', 'show', {
                method: 'show',
                params: '[it, it2, loopCounter, numberOfInstances, numberOfCompletedInstances]',
              })
              .endEvent('IE2'),
          )
          .endEvent('IE'),
      )
      .endEvent('E');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P', { items: ['a', 'b'], inner: [1, 2, 3] });
    const shown = (await engine.history(processInstanceId))
      .filter(({ flowNodeId }) => flowNodeId === 'Show')
      .map(({ result }) => (result as { seen: unknown[] }).seen);
    expect(shown).to.deep.equal([
      ['a', 1, 0, 3, 0],
      ['a', 2, 1, 3, 1],
      ['b', 1, 0, 3, 0],
      ['b', 2, 1, 3, 1],
    ]);
  });

  it('ends one instance by a terminate end event, not the others', async () => {
    const model = around({ cardinality: '2' }, (inner) =>
      inner
        .parallelGateway('F')
        .userTask('A')
        .endEvent('T', definitions.terminate())
        .from('F')
        .userTask('K')
        .endEvent('IE'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'K']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('is ended as a whole by an interrupting boundary event', async () => {
    const model = withBoundary(
      around({ cardinality: '3' }, (inner) => inner.userTask('A').endEvent('IE')),
      definitions.message('M'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });

  it('fires a boundary event that does not interrupt once for all instances', async () => {
    const model = withBoundary(
      around({ cardinality: '2' }, (inner) => inner.userTask('A').endEvent('IE')),
      definitions.message('M'),
      { cancelActivity: false },
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A', 'H']);
    for (const id of ['A', 'A', 'H', 'B']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('is timed as a whole, not per instance', async () => {
    const model = withBoundary(
      around({ sequential: true, cardinality: '3' }, (inner) => inner.userTask('A').endEvent('IE')),
      definitions.timer('timeDuration', 'PT1H'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(1_800_000);
    await engine.finish('A');
    await engine.advance(1_800_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('is ended by an error of one instance that its boundary event catches', async () => {
    const model = withBoundary(
      around({ cardinality: '3' }, (inner) =>
        inner
          .userTask('A')
          .exclusiveGateway('G', { default: 'G-IE' })
          .from('G', 'wrong')
          .endEvent('Err', definitions.error('X'))
          .from('G')
          .endEvent('IE'),
      ),
      definitions.error('X'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { wrong: false });
    await engine.finish('A', { wrong: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('catches an error inside one instance, without harm to the others', async () => {
    const model = around({ cardinality: '2' }, (inner) =>
      inner
        .subProcess('Risky', (risky) => risky.startEvent('RS').userTask('A').endEvent('Err', definitions.error('X')))
        .endEvent('IE')
        .boundaryEvent('Caught', 'Risky', definitions.error('X'))
        .userTask('Repair')
        .endEvent('IE2'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'Repair']);
    for (const id of ['A', 'Repair', 'Repair']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('has an event sub-process in each instance', async () => {
    const model = around({ cardinality: '2' }, (inner) => {
      inner.userTask('A').endEvent('Err', definitions.error('X'));
      const start = { start: 'ES', definition: definitions.error('X') };
      return eventSubProcess(inner, 'Handler', start, (handler) => handler.userTask('H').endEvent('HE'));
    });
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    await engine.finish('H');
    await engine.finish('A');
    await engine.finish('H');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('lets an error of its event sub-process go outward, past the event sub-processes of all instances', async () => {
    const model = withBoundary(
      around({ cardinality: '2' }, (inner) => {
        inner.userTask('A').endEvent('Err', definitions.error('X'));
        const start = { start: 'ES', definition: definitions.error('X') };
        return eventSubProcess(inner, 'Handler', start, (handler) => handler.endEvent('HE', definitions.error('X')));
      }),
      definitions.error('X'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect((await engine.path(processInstanceId)).filter((id) => id === 'ES')).to.have.length(1);
  });

  it('reports escalations of each instance to its boundary event', async () => {
    const model = withBoundary(
      around({ cardinality: '2' }, (inner) =>
        inner.node('intermediateThrowEvent', 'T', {}, definitions.escalation('Esc')).userTask('A').endEvent('IE'),
      ),
      definitions.escalation('Esc'),
      { cancelActivity: false },
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A', 'H', 'H']);
  });

  it('joins within each instance', async () => {
    const model = around({ cardinality: '2' }, (inner) =>
      inner.parallelGateway('F').userTask('A1').parallelGateway('J').endEvent('IE').from('F').userTask('A2').to('J'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    const tasks = await engine.tasks();
    const of = (id: string) => tasks.filter((task) => task.id === id);
    await engine.finishTask(of('A1')[0]!);
    await engine.finishTask(of('A2')[1]!);
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A1', 'A2', 'J', 'J']);
    await engine.finish('A1');
    await engine.finish('A2');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });
});

describe('A multi-instance call activity', () => {
  const ALL =
    '<bpmn:extensionElements><camunda:in variables="all"/><camunda:out variables="all"/></bpmn:extensionElements>';

  function calling(loop: MultiInstance, mapping = ALL): ProcessBuilder {
    return processBuilder('P')
      .xml(dataObjects('items', 'results'))
      .startEvent('S')
      .callActivity('C', 'Q', mapping + multiInstance(loop))
      .userTask('B')
      .endEvent('E');
  }

  const called = processBuilder('Q').startEvent('QS').userTask('QA').endEvent('QE');

  it('calls once for each item, and keeps items and outputs apart', async () => {
    const engine = await scenario([calling(OVER_ITEMS), called]);
    const { processInstanceId } = await engine.start('P', { items: ['a', 'b'] });
    const children = await engine.instancesOf('Q');
    expect(children).to.have.length(2);
    expect((await engine.variables(children[1]!))['it']).to.equal('b');
    const tasks = await engine.tasks();
    await engine.finishTask(tasks[1]!, { r: 'second' });
    await engine.finishTask(tasks[0]!, { r: 'first' });
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    expect(await engine.variables(processInstanceId)).to.deep.equal({
      items: ['a', 'b'],
      results: ['first', 'second'],
    });
  });

  it('ends what it called when it ends early', async () => {
    const completionCondition = 'numberOfCompletedInstances >= 1';
    const engine = await scenario([calling({ cardinality: '3', completionCondition }), called]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('QA');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    const states = await Promise.all((await engine.instancesOf('Q')).map((id) => engine.state(id)));
    expect(states.sort()).to.deep.equal(['finished', 'terminated', 'terminated']);
  });

  it('fails by the error of one called process, which ends the others', async () => {
    const failing = processBuilder('Q')
      .root('error', 'X', { errorCode: 'X' })
      .startEvent('QS')
      .userTask('QA')
      .endEvent('QE', definitions.error('X'));
    const model = calling({ cardinality: '2' }).root('error', 'X', { errorCode: 'X' });
    model.boundaryEvent('Caught', 'C', definitions.error('X')).userTask('H').endEvent('E2');
    const engine = await scenario([model, failing]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('QA');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    const states = await Promise.all((await engine.instancesOf('Q')).map((id) => engine.state(id)));
    expect(states.sort()).to.deep.equal(['error', 'terminated']);
  });
});

describe('The data associations of a multi-instance activity', () => {
  it('may lead to and from its collections', async () => {
    const io =
      '<bpmn:ioSpecification><bpmn:dataInput id="in" name="in"/><bpmn:dataOutput id="out" name="out"/>' +
      '<bpmn:inputSet><bpmn:dataInputRefs>in</bpmn:dataInputRefs></bpmn:inputSet>' +
      '<bpmn:outputSet><bpmn:dataOutputRefs>out</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>' +
      '<bpmn:dataInputAssociation><bpmn:sourceRef>items</bpmn:sourceRef><bpmn:targetRef>in</bpmn:targetRef></bpmn:dataInputAssociation>' +
      '<bpmn:dataOutputAssociation><bpmn:sourceRef>out</bpmn:sourceRef><bpmn:targetRef>results</bpmn:targetRef></bpmn:dataOutputAssociation>';
    const loop = multiInstance({ collection: 'in', item: 'it', outputCollection: 'out', outputItem: 'r' });
    const model = processBuilder('P').xml(dataObjects('items', 'results')).startEvent('S');
    model.userTask('A', io + loop).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { items: [1, 2] });
    for (const r of ['x', 'y']) await engine.finish('A', { r });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ items: [1, 2], results: ['x', 'y'] });
  });
});
