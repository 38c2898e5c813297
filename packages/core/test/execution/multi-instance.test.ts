import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';
import { dataObjects, multiInstance, standardLoop, type MultiInstance } from './advanced/elements.js';

function overItems(loop: MultiInstance): ProcessBuilder {
  return processBuilder('P')
    .xml(dataObjects('items', 'results'))
    .startEvent('S')
    .userTask('A', multiInstance(loop))
    .userTask('Z')
    .endEvent('E');
}

const ITEMS = { collection: 'items', item: 'item' };

describe('A multi-instance activity', () => {
  it('runs its instances side by side and goes on when all are done', async () => {
    const engine = await scenario([overItems({ cardinality: '3' })]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A', 'A']);
    for (let round = 0; round < 3; round += 1) await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('runs them one after the other where it is sequential', async () => {
    const engine = await scenario([overItems({ ...ITEMS, sequential: true })]);
    const { processInstanceId } = await engine.start('P', { items: ['a', 'b'] });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  for (const sequential of [true, false]) {
    it(`over an empty collection passes on (${sequential ? 'sequential' : 'parallel'})`, async () => {
      const engine = await scenario([overItems({ ...ITEMS, sequential })]);
      const { processInstanceId } = await engine.start('P', { items: [] });
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    });
  }

  it('fails over something that is no list, and with a cardinality that is no number', async () => {
    const engine = await scenario([overItems(ITEMS)]);
    expect(await engine.state((await engine.start('P', { items: 'abc' })).processInstanceId)).to.equal('error');
    await engine.deploy(overItems({ cardinality: 'many' }));
    expect(await engine.state((await engine.start('P', { many: -1 })).processInstanceId)).to.equal('error');
  });

  it('collects what its instances leave, in the order of the items', async () => {
    const script = '<bpmn:script>return { double: item * 2 };</bpmn:script>';
    const loop = multiInstance({ ...ITEMS, outputCollection: 'results', outputItem: 'double' });
    const model = processBuilder('P')
      .xml(dataObjects('items', 'results'))
      .startEvent('S')
      .node('scriptTask', 'A', { scriptFormat: 'javascript' }, script + loop)
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { items: [3, 1, 2] });
    expect(await engine.variables(processInstanceId)).to.deep.include({ results: [6, 2, 4] });
  });

  it('ends early when its completion condition holds, by counters the condition can read', async () => {
    const condition =
      'numberOfCompletedInstances >= 2 && numberOfInstances === 3 && numberOfActiveInstances === 1 && numberOfTerminatedInstances === 0';
    const engine = await scenario([overItems({ cardinality: '3', completionCondition: condition })]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('counts its instances for expressions, and a boundary event belongs to all of them', async () => {
    const loop = multiInstance({ cardinality: '2' });
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .userTask(
        'A',
        `<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="number">\${loopCounter}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements>${loop}`,
      )
      .endEvent('E')
      .boundaryEvent('B', 'A', definitions.message('M'))
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect((await engine.subscriptions()).map(({ flowNodeId }) => flowNodeId)).to.deep.equal(['B']);
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('of many parallel instances keeps to the budget of a step', async () => {
    const count = 1_000;
    const engine = await scenario([overItems({ cardinality: String(count) })]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.have.length(count);
    const largest = Math.max(
      ...engine.storage.commits.map(({ flowNodeInstances }) => flowNodeInstances?.insert?.length ?? 0),
    );
    expect(largest).to.be.at.most(501);
  });
});

describe('A standard loop', () => {
  const looping = (loop: string): ProcessBuilder =>
    processBuilder('P').startEvent('S').userTask('A', loop).userTask('Z').endEvent('E');

  it('repeats while its condition holds, tested after each round', async () => {
    const engine = await scenario([looping(standardLoop({ condition: 'again' }))]);
    const { processInstanceId } = await engine.start('P', { again: false });
    await engine.finish('A', { again: true });
    await engine.finish('A', { again: false });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('tested before, may not run at all', async () => {
    const engine = await scenario([looping(standardLoop({ condition: 'again', testBefore: true }))]);
    const { processInstanceId } = await engine.start('P', { again: false });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('ends at its maximum', async () => {
    const engine = await scenario([looping(standardLoop({ condition: 'true', maximum: 2 }))]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('without a condition runs as often as its maximum says, the counter counting from 0', async () => {
    const engine = await scenario([
      looping(standardLoop({ maximum: 3 })),
      looping(standardLoop({ condition: 'loopCounter < 2' }))
        .toXml()
        .replace(/"P"/g, '"Q"'),
    ]);
    for (const [model, rounds] of [
      ['P', 3],
      ['Q', 2],
    ] as const) {
      const { processInstanceId } = await engine.start(model);
      for (let round = 0; round < rounds; round += 1) await engine.finish('A');
      expect(await engine.waiting(processInstanceId), model).to.deep.equal(['Z']);
    }
  });
});
