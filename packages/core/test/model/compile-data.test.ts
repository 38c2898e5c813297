import { expect } from 'chai';
import type { MultiInstanceLoop } from '../../dist/model/index.js';
import { evaluate, graphOf, nodeOf, processWith, sequence } from './model-source.js';

const ITEMS =
  '<dataObject id="Items_1" name="items" isCollection="true"/><dataObjectReference id="items_ref" name="items [new]" dataObjectRef="Items_1"/><dataObject id="total"/>';

async function loopOf(characteristics: string, task = ''): Promise<MultiInstanceLoop> {
  const graph = await graphOf(
    processWith(ITEMS + sequence(['A', `<userTask id="A">${task}${characteristics}</userTask>`])),
  );
  const { loop } = nodeOf(graph, 'A', 'user-task');
  expect(loop?.kind).to.equal('multi-instance');
  return loop as MultiInstanceLoop;
}

describe('compileModel compiles data and loops:', () => {
  it('data objects and properties are declared in their scope by name, else by id', async () => {
    const sub = '<subProcess id="A"><property id="p" name="inner"/><task id="T"/></subProcess>';
    const graph = await graphOf(processWith(`<property id="prop"/>${ITEMS}${sequence(['A', sub])}`));
    expect(graph.root.data).to.deep.equal([{ name: 'items' }, { name: 'total' }, { name: 'prop' }]);
    expect(nodeOf(graph, 'A', 'sub-process').data).to.deep.equal([{ name: 'inner' }]);
  });

  it('data associations become mappings of variables', async () => {
    const task =
      '<userTask id="A"><ioSpecification><dataInput id="in1" name="list"/><dataOutput id="out1" name="sum"/><inputSet/><outputSet/></ioSpecification><property id="own"/>' +
      '<dataInputAssociation><sourceRef>items_ref</sourceRef><targetRef>in1</targetRef></dataInputAssociation>' +
      '<dataInputAssociation><assignment><from>1 + 1</from><to>two</to></assignment></dataInputAssociation>' +
      '<dataOutputAssociation><sourceRef>out1</sourceRef><targetRef>total</targetRef></dataOutputAssociation></userTask>';
    const graph = await graphOf(processWith(ITEMS + sequence(['A', task])));
    const node = nodeOf(graph, 'A', 'user-task');
    const inputs = Object.fromEntries(
      node.inputs.map(({ target, source }) => [target, evaluate(source, { items: [1] })]),
    );
    expect(inputs).to.deep.equal({ own: null, list: [1], two: 2 });
    expect(node.outputs.map(({ target, source }) => [target, evaluate(source, { sum: 5 })])).to.deep.equal([
      ['total', 5],
    ]);
  });

  it('transformations compute what is mapped', async () => {
    const task =
      '<userTask id="A"><ioSpecification><dataOutput id="out1" name="sum"/><inputSet/><outputSet/></ioSpecification>' +
      '<dataOutputAssociation><sourceRef>out1</sourceRef><targetRef>total</targetRef><transformation>sum * 2</transformation></dataOutputAssociation></userTask>';
    const node = nodeOf(await graphOf(processWith(ITEMS + sequence(['A', task]))), 'A', 'user-task');
    expect(evaluate(node.outputs[0]!.source, { sum: 5 })).to.equal(10);
  });

  it('associations that are only drawn map nothing', async () => {
    const task =
      '<userTask id="A"><property id="prop1" name="__targetRef_placeholder"/><dataInputAssociation><sourceRef>items_ref</sourceRef><targetRef>prop1</targetRef></dataInputAssociation>' +
      '<dataOutputAssociation><targetRef>total</targetRef></dataOutputAssociation></userTask>';
    const node = nodeOf(await graphOf(processWith(ITEMS + sequence(['A', task]))), 'A', 'user-task');
    expect([node.inputs, node.outputs]).to.deep.equal([[], []]);
  });

  it('data associations of call activities connect with the called process', async () => {
    const call =
      '<callActivity id="A" calledElement="Sub"><ioSpecification><dataInput id="in1" name="list"/><dataOutput id="out1" name="sum"/><inputSet/><outputSet/></ioSpecification>' +
      '<dataInputAssociation><sourceRef>items_ref</sourceRef><targetRef>in1</targetRef></dataInputAssociation><dataOutputAssociation><sourceRef>out1</sourceRef><targetRef>total</targetRef></dataOutputAssociation></callActivity>';
    const node = nodeOf(await graphOf(processWith(ITEMS + sequence(['A', call]))), 'A', 'call-activity');
    expect((node.inMappings as readonly { target: string }[]).map(({ target }) => target)).to.deep.equal(['list']);
    expect((node.outMappings as readonly { target: string }[]).map(({ target }) => target)).to.deep.equal(['total']);
    expect([node.inputs, node.outputs]).to.deep.equal([[], []]);
  });

  it('multi-instance by cardinality with a completion condition', async () => {
    const loop = await loopOf(
      '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>count + 1</loopCardinality><completionCondition>numberOfCompletedInstances &gt;= 2</completionCondition></multiInstanceLoopCharacteristics>',
    );
    expect(loop.sequential).to.equal(true);
    expect(evaluate(loop.cardinality, { count: 2 })).to.equal(3);
    expect(evaluate(loop.completionCondition, { numberOfCompletedInstances: 2 })).to.equal(true);
    expect(loop).to.deep.include({ collection: undefined, elementVariable: undefined });
  });

  it('multi-instance over a data object that is visible there', async () => {
    const loop = await loopOf(
      '<multiInstanceLoopCharacteristics><loopDataInputRef>items_ref</loopDataInputRef><loopDataOutputRef>total</loopDataOutputRef><inputDataItem id="x" name="item"/><outputDataItem id="y" name="result"/></multiInstanceLoopCharacteristics>',
    );
    expect(loop).to.deep.include({ sequential: false, elementVariable: 'item', outputCollection: 'total' });
    expect(evaluate(loop.collection, { items: [1, 2] })).to.deep.equal([1, 2]);
    expect(evaluate(loop.outputElement, { result: 4 })).to.equal(4);
  });

  it('multi-instance over a data input takes what flows into that', async () => {
    const loop = await loopOf(
      '<multiInstanceLoopCharacteristics><loopDataInputRef>in1</loopDataInputRef><loopDataOutputRef>out1</loopDataOutputRef><inputDataItem id="item"/></multiInstanceLoopCharacteristics>',
      '<ioSpecification><dataInput id="in1"/><dataOutput id="out1"/><inputSet/><outputSet/></ioSpecification><dataInputAssociation><sourceRef>items_ref</sourceRef><targetRef>in1</targetRef></dataInputAssociation>' +
        '<dataOutputAssociation><sourceRef>out1</sourceRef><targetRef>total</targetRef></dataOutputAssociation>',
    );
    expect(evaluate(loop.collection, { items: [7] })).to.deep.equal([7]);
    expect(loop).to.deep.include({ elementVariable: 'item', outputCollection: 'total' });
  });

  it('multi-instance as the dialects have it', async () => {
    const camunda = await loopOf(
      '<multiInstanceLoopCharacteristics camunda:collection="orders" camunda:elementVariable="order"/>',
    );
    expect(evaluate(camunda.collection, { orders: [1] })).to.deep.equal([1]);
    expect(camunda.elementVariable).to.equal('order');
    const expression = await loopOf(
      '<multiInstanceLoopCharacteristics camunda:collection="${a.b}" camunda:elementVariable="order"/>',
    );
    expect(evaluate(expression.collection, { a: { b: [2] } })).to.deep.equal([2]);
    const zeebe = await loopOf(
      '<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="${orders}" inputElement="order" outputCollection="results" outputElement="${r}"/></extensionElements></multiInstanceLoopCharacteristics>',
    );
    expect(evaluate(zeebe.collection, { orders: [3] })).to.deep.equal([3]);
    expect(zeebe).to.deep.include({ elementVariable: 'order', outputCollection: 'results' });
    expect(evaluate(zeebe.outputElement, { r: 5 })).to.equal(5);
  });

  it('standard loops', async () => {
    const loop =
      '<standardLoopCharacteristics testBefore="true" loopMaximum="3"><loopCondition>again</loopCondition></standardLoopCharacteristics>';
    const graph = await graphOf(processWith(sequence(['A', `<userTask id="A">${loop}</userTask>`])));
    const node = nodeOf(graph, 'A', 'user-task');
    expect(node.loop).to.deep.include({ kind: 'standard', testBefore: true, maximum: 3 });
    expect(node.loop?.kind === 'standard' && evaluate(node.loop.condition, { again: true })).to.equal(true);
  });

  it('a variable with a reserved name is read through variables', async () => {
    const items = '<dataObject id="token"/>';
    const task =
      '<userTask id="A"><multiInstanceLoopCharacteristics><loopDataInputRef>token</loopDataInputRef></multiInstanceLoopCharacteristics></userTask>';
    const { loop } = nodeOf(await graphOf(processWith(items + sequence(['A', task]))), 'A', 'user-task');
    const context = {
      lookup: (name: string) => (name === 'variables' ? { token: [1] } : 'the token'),
      now: 0,
      random: () => 0,
    };
    expect(loop?.kind === 'multi-instance' && loop.collection!.evaluate(context)).to.deep.equal([1]);
  });
});
