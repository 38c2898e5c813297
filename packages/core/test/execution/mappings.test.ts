import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const io = (inner: string) =>
  `<bpmn:extensionElements><camunda:inputOutput>${inner}</camunda:inputOutput></bpmn:extensionElements>`;
const input = (name: string, value: string) =>
  `<camunda:inputParameter name="${name}">${value}</camunda:inputParameter>`;
const output = (name: string, value: string) =>
  `<camunda:outputParameter name="${name}">${value}</camunda:outputParameter>`;

function task(inner: string, attributes: Readonly<Record<string, string>> = {}) {
  const external = { 'camunda:type': 'external', 'camunda:topic': 'topic', ...attributes };
  return processBuilder('P').startEvent('S').node('serviceTask', 'X', external, inner).userTask('Z').endEvent('E');
}

describe('Input mappings', () => {
  it('are local variables of the activity, each seeing those before, and end with it', async () => {
    const engine = await scenario([
      task(io(input('a', '${v + 1}') + input('b', '${a * 10}') + input('text', 'plain'))),
    ]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    const { flowNodeInstanceId } = await engine.entry(processInstanceId, 'X');
    const local = (await engine.storage.findVariables(processInstanceId)).filter(
      ({ scopeId }) => scopeId === flowNodeInstanceId,
    );
    expect(Object.fromEntries(local.map(({ name, value }) => [name, value]))).to.deep.equal({
      a: 2,
      b: 20,
      text: 'plain',
    });
    await engine.work('topic', {});
    expect((await engine.storage.findVariables(processInstanceId)).map(({ name }) => name)).to.deep.equal(['v']);
  });

  it('hide variables around the activity, and results are written there', async () => {
    const engine = await scenario([task(io(input('v', 'mine')))]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.work('topic', { v: 2 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 2 });
  });

  it('that cannot be evaluated fail the activity', async () => {
    const engine = await scenario([task(io(input('a', '${v.b.c.d}')))]);
    expect((await errorOf(engine.call('P', { v: 1 }))).message).to.match(/input 'a' of 'X' is invalid/);
  });
});

describe('Output mappings', () => {
  it('replace the writing of the result; they see its fields and the new current token', async () => {
    const engine = await scenario([
      task(io(output('total', '${price * 2}') + output('again', '${token.current.price}'))),
    ]);
    const { processInstanceId } = await engine.start('P');
    await engine.work('topic', { price: 5, other: 1 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ total: 10, again: 5 });
    expect(await engine.payloadAt('Z')).to.deep.equal({ price: 5, other: 1 });
  });

  it('see the inputs of the activity', async () => {
    const engine = await scenario([task(io(input('factor', '${3}') + output('total', '${factor * price}')))]);
    const { processInstanceId } = await engine.start('P');
    await engine.work('topic', { price: 5 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ total: 15 });
  });

  it('that cannot be evaluated fail the activity after its work', async () => {
    const engine = await scenario([task(io(output('a', '${v.b.c.d}')))]);
    const { answer, processInstanceId } = await engine.begin('P', { v: 1 });
    await engine.work('topic', {});
    expect((await errorOf(answer)).message).to.match(/output 'a' of 'X' is invalid/);
    expect((await engine.entry(processInstanceId, 'X')).state).to.equal('error');
  });

  it('of a sub-process are set from what is inside it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) =>
        inner
          .xml(io(output('taken', '${mine}')))
          .xml('<bpmn:dataObject id="own" name="mine"/>')
          .startEvent('IS')
          .userTask('A')
          .endEvent('IE'),
      )
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { mine: 5 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ taken: 5 });
  });
});

describe('A result variable', () => {
  it('takes the whole result instead of its fields', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('serviceTask', 'T', {
        'camunda:resultVariable': 'answer',
        'camunda:type': 'external',
        'camunda:topic': 'topic',
      })
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.work('topic', { price: 5 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ answer: { price: 5 } });
  });

  it('is null where there is no result', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('serviceTask', 'T', {
        'camunda:resultVariable': 'answer',
        'camunda:type': 'external',
        'camunda:topic': 'topic',
      })
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.work('topic');
    expect(await engine.variables(processInstanceId)).to.deep.equal({ answer: null });
  });
});

describe('Variables set from outside', () => {
  const waiting = processBuilder('P')
    .startEvent('S')
    .subProcess('SP', (inner) => inner.startEvent('IS').userTask('A').endEvent('IE'))
    .endEvent('E');
  const set = (
    engine: Awaited<ReturnType<typeof scenario>>,
    id: string,
    variables: Record<string, unknown>,
    scopeId?: string,
  ) => engine.engine.managementApi.setVariables(engine.identity, id, { variables, scopeId });

  it('are those of the instance, or of the scope that is named', async () => {
    const engine = await scenario([waiting]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await set(engine, processInstanceId, { v: 2, w: [1] });
    const { flowNodeInstanceId } = await engine.entry(processInstanceId, 'SP');
    await set(engine, processInstanceId, { local: true }, flowNodeInstanceId);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 2, w: [1] });
    expect((await engine.storage.findVariables(processInstanceId)).find(({ name }) => name === 'local')).to.include({
      scopeId: flowNodeInstanceId,
    });
    await engine.finish('A');
    expect((await engine.storage.findVariables(processInstanceId)).map(({ name }) => name)).to.deep.equal(['v', 'w']);
  });

  it('of an unknown or ended instance, or of an unknown scope, are refused', async () => {
    const engine = await scenario([waiting]);
    const { processInstanceId } = await engine.start('P');
    expect(await errorOf(set(engine, 'nobody', {}))).to.include({ code: 404 });
    expect(await errorOf(set(engine, processInstanceId, {}, 'nothing'))).to.include({ code: 410 });
    expect(await errorOf(set(engine, processInstanceId, null as never))).to.include({ code: 400 });
    expect(await errorOf(set(engine, processInstanceId, [] as never))).to.include({ code: 400 });
    await engine.terminate(processInstanceId);
    expect(await errorOf(set(engine, processInstanceId, {}))).to.include({ code: 410 });
  });
});
