import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario, type Scenario } from '../../support/scenario.js';
import { dataObjects } from './elements.js';

/** A service that answers with what it was asked to show. */
const show = {
  show: (...seen: unknown[]) => ({ seen: seen.map((value) => (value === undefined ? 'undefined' : value)) }),
};

async function seen(engine: Scenario, processInstanceId: string, flowNodeId: string): Promise<unknown> {
  return ((await engine.result(processInstanceId, flowNodeId)) as { seen: unknown }).seen;
}

function association(kind: 'Input' | 'Output', source: string, target: string, inner = ''): string {
  return `<bpmn:data${kind}Association><bpmn:sourceRef>${source}</bpmn:sourceRef><bpmn:targetRef>${target}</bpmn:targetRef>${inner}</bpmn:data${kind}Association>`;
}

describe('A data object', () => {
  const nested = (): ProcessBuilder => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .xml('<bpmn:dataObject id="inner" name="own"/>')
          .startEvent('IS')
          .serviceTask('Before', 'show', { method: 'show', params: '[own]' })
          .userTask('A')
          .serviceTask('After', 'show', { method: 'show', params: '[own]' })
          .endEvent('IE'),
      );
    return model.serviceTask('Outside', 'show', { method: 'show', params: '[own]' }).endEvent('E');
  };

  it('of a sub-process hides one of the same name around it, also while it is null', async () => {
    const engine = await scenario([nested()], { services: { show } });
    const { processInstanceId } = await engine.start('P', { own: 'outside' });
    expect(await seen(engine, processInstanceId, 'Before')).to.deep.equal([null]);
    await engine.finish('A', { own: 'inside' });
    expect(await seen(engine, processInstanceId, 'After')).to.deep.equal(['inside']);
    expect(await seen(engine, processInstanceId, 'Outside')).to.deep.equal(['outside']);
  });

  it('of a sub-process is not seen by the conditions of the flows that leave it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node(
        'subProcess',
        'Sub',
        { default: 'Sub-No' },
        processBuilder('unused').xml(dataObjects('own')).startEvent('IS').userTask('A').endEvent('IE').innerXml(),
      );
    model.from('Sub', 'own === 1').endEvent('Yes').from('Sub').endEvent('No');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { own: 1 });
    await engine.finish('A', { own: 2 });
    expect(await engine.path(processInstanceId)).to.include('Yes');
  });

  it('is shared by all references to it', async () => {
    const model = processBuilder('P')
      .xml(
        '<bpmn:dataObject id="d" name="order"/><bpmn:dataObjectReference id="r1" name="order [open]" dataObjectRef="d"/>',
      )
      .startEvent('S')
      .userTask('A', association('Output', 'r1', 'r1'))
      .serviceTask('Show', 'show', { method: 'show', params: '[order]' })
      .endEvent('E');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { order: 7 });
    expect(await seen(engine, processInstanceId, 'Show')).to.deep.equal([7]);
  });
});

describe('A property', () => {
  it('of a process is a variable of it, null at first', async () => {
    const model = processBuilder('P')
      .xml('<bpmn:property id="p" name="prop"/>')
      .startEvent('S')
      .userTask('A')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.variables(processInstanceId)).to.deep.equal({ prop: null });
    await engine.finish('A', { prop: 1 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ prop: 1 });
  });

  it('of an activity is there for it alone', async () => {
    const model = processBuilder('P').startEvent('S');
    model.externalTask('A', 'topic', `<bpmn:property id="p" name="prop"/>`).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect((await engine.fetch('topic')).map(({ payload }) => payload as unknown)).to.deep.equal([{ prop: null }]);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1 });
  });
});

describe('A data association', () => {
  it('into an activity gives it a copy, which it may change', async () => {
    const model = processBuilder('P').xml(dataObjects('source')).startEvent('S');
    const io =
      '<bpmn:ioSpecification><bpmn:dataInput id="in" name="in"/><bpmn:inputSet><bpmn:dataInputRefs>in</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet/></bpmn:ioSpecification>';
    model.externalTask('A', 'topic', io + association('Input', 'source', 'in')).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { source: 1 });
    const [task] = await engine.fetch('topic');
    expect(task!.payload).to.deep.equal({ in: 1 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ source: 1 });
  });

  it('out of an activity writes what its result names, and nothing else', async () => {
    const io =
      '<bpmn:ioSpecification><bpmn:dataOutput id="out" name="out"/><bpmn:inputSet/><bpmn:outputSet><bpmn:dataOutputRefs>out</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>';
    const model = processBuilder('P').xml(dataObjects('target')).startEvent('S');
    model.userTask('A', io + association('Output', 'out', 'target')).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { out: 5, other: 6 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ target: 5 });
  });

  it('may transform what it carries', async () => {
    const transformation = '<bpmn:transformation xsi:type="bpmn:tFormalExpression">source * 2</bpmn:transformation>';
    const io =
      '<bpmn:ioSpecification><bpmn:dataInput id="in" name="in"/><bpmn:inputSet><bpmn:dataInputRefs>in</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet/></bpmn:ioSpecification>';
    const model = processBuilder('P').xml(dataObjects('source')).startEvent('S');
    model.externalTask('A', 'topic', io + association('Input', 'source', 'in', transformation)).endEvent('E');
    const engine = await scenario([model]);
    await engine.start('P', { source: 4 });
    expect((await engine.fetch('topic'))[0]!.payload).to.deep.equal({ in: 8 });
  });

  it('of a catch event takes from its payload', async () => {
    const output =
      '<bpmn:dataOutput id="got" name="got"/><bpmn:dataOutputAssociation><bpmn:sourceRef>got</bpmn:sourceRef><bpmn:targetRef>target</bpmn:targetRef></bpmn:dataOutputAssociation><bpmn:outputSet><bpmn:dataOutputRefs>got</bpmn:dataOutputRefs></bpmn:outputSet>';
    const model = processBuilder('P').root('message', 'M').xml(dataObjects('target')).startEvent('S');
    model.node('intermediateCatchEvent', 'C', {}, output + definitions.message('M')).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M', { got: 3, other: 4 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ target: 3 });
  });
});

describe('Flows that leave a sub-process', () => {
  const leaving = (build: (model: ProcessBuilder) => ProcessBuilder, attributes = {}): ProcessBuilder => {
    const inner = processBuilder('unused').startEvent('IS').userTask('A').endEvent('IE').innerXml();
    return build(processBuilder('P').startEvent('S').node('subProcess', 'Sub', attributes, inner));
  };

  it('are all taken where they have no condition', async () => {
    const engine = await scenario([leaving((model) => model.userTask('B').from('Sub').userTask('C'))]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'C']);
  });

  it('are taken by their conditions, else the default flow', async () => {
    const model = leaving((built) => built.from('Sub', 'x > 1').userTask('B').from('Sub').userTask('C'), {
      default: 'Sub-C',
    });
    const engine = await scenario([model]);
    for (const [x, taken] of [
      [2, 'B'],
      [1, 'C'],
    ] as const) {
      const { processInstanceId } = await engine.start('P');
      await engine.finish('A', { x });
      expect(await engine.waiting(processInstanceId)).to.deep.equal([taken]);
    }
  });

  it('see the result of its last end event', async () => {
    const model = leaving(
      (built) => built.from('Sub', 'token.current.form_fields.x > 1').userTask('B').from('Sub').userTask('C'),
      { default: 'Sub-C' },
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { x: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('without a way are a failure', async () => {
    const engine = await scenario([leaving((model) => model.from('Sub', 'x > 1').userTask('B'))]);
    const { processInstanceId } = await engine.start('P', { x: 0 });
    await engine.finish('A');
    expect((await engine.instance(processInstanceId)).error!.message).to.match(/No outgoing SequenceFlow for 'Sub'/);
  });
});
