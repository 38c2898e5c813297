import { expect } from 'chai';
import { processBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';
import { multiInstance, standardLoop } from './elements.js';

const mapped = (inputs: Record<string, string>, outputs: Record<string, string>): string => {
  const rows = (element: string, parameters: Record<string, string>) =>
    Object.entries(parameters).map(
      ([name, value]) => `<camunda:${element} name="${name}">${value}</camunda:${element}>`,
    );
  const all = [...rows('inputParameter', inputs), ...rows('outputParameter', outputs)].join('');
  return `<bpmn:extensionElements><camunda:inputOutput>${all}</camunda:inputOutput></bpmn:extensionElements>`;
};

const ITEMS = multiInstance({ collection: 'list', item: 'it', sequential: true });
const LIST = '<bpmn:dataObject id="list" name="list"/>';

describe('Mappings of a looping activity', () => {
  it('are those of each of its instances: inputs see the item, outputs the result', async () => {
    const inner = mapped({ tenfold: '${it * 10}' }, { seen: '${seen + tenfold + done}' }) + ITEMS;
    const model = processBuilder('P').xml(LIST).startEvent('S').externalTask('X', 'x', inner).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { list: [1, 2], seen: 0 });
    const inputs: unknown[] = [];
    for (const done of [1, 2]) {
      const rows = await engine.storage.findVariables(processInstanceId);
      inputs.push(rows.filter(({ name }) => name === 'tenfold').map(({ value }) => value));
      await engine.work('x', { done });
    }
    expect(inputs).to.deep.equal([[10], [20]]);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ list: [1, 2], seen: 33 });
  });

  it('an output that names the item stays in its instance', async () => {
    const inner = mapped({}, { it: '${done}' }) + ITEMS;
    const model = processBuilder('P').xml(LIST).startEvent('S').externalTask('X', 'x', inner).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { list: [1], it: 'outer' });
    await engine.work('x', { done: 'inner' });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ list: [1], it: 'outer' });
  });

  it('a result variable is set by each instance, not once more by the loop', async () => {
    const task = { 'camunda:type': 'external', 'camunda:topic': 'x', 'camunda:resultVariable': 'last' };
    const model = processBuilder('P')
      .startEvent('S')
      .node('serviceTask', 'X', task, standardLoop({ maximum: 2 }))
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.work('x', { n: 1 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ last: { n: 1 } });
    await engine.work('x', { n: 2 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ last: { n: 2 } });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('the output collection is collected by the loop, other outputs are written by each instance', async () => {
    const loop = multiInstance({ collection: 'list', item: 'it', outputCollection: 'all', outputItem: 'one' });
    const inner = mapped({}, { one: '${done}', count: '${count + 1}' }) + loop;
    const model = processBuilder('P')
      .xml(`${LIST}<bpmn:dataObject id="all" name="all"/>`)
      .startEvent('S')
      .externalTask('X', 'x', inner)
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { list: [1, 2], count: 0 });
    await engine.work('x', { done: 'a' });
    expect((await engine.variables(processInstanceId))['all']).to.equal(null);
    await engine.work('x', { done: 'b' });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ list: [1, 2], count: 2, all: ['a', 'b'] });
  });
});
