import { expect } from 'chai';
import { definitions, processBuilder, propertiesXml, type ProcessBuilder } from '../../dist/testing/index.js';
import { scenario, type Scenario } from '../support/scenario.js';

/** A service that answers with what it was asked to show. */
const show = { show: (...seen: unknown[]) => ({ seen: seen.map((value) => value ?? null) }) };
const look = (model: ProcessBuilder, id: string, params: string) =>
  model.serviceTask(id, 'show', { method: 'show', params });

async function seen(engine: Scenario, processInstanceId: string, id: string): Promise<unknown[]> {
  return ((await engine.result(processInstanceId, id)) as { seen: unknown[] }).seen;
}

describe('The token', () => {
  it('current is the result of the node before, history the last result of each node on the path', async () => {
    const model = processBuilder('P').startEvent('S').userTask('A').exclusiveGateway('G');
    look(
      model,
      'L',
      '[token.current, token.history.S, token.history.A, token.history.G, token.history.Never]',
    ).endEvent('E');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.finish('A', { a: 1 });
    const form = { form_fields: { a: 1 } };
    expect(await seen(engine, processInstanceId, 'L')).to.deep.equal([form, { v: 1 }, form, form, null]);
  });

  it('history holds the last result where a node ran again', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('Again')
      .userTask('A')
      .exclusiveGateway('G', { default: 'G-Again' });
    model.from('G', 'done');
    look(model, 'L', '[token.history.A]').endEvent('E').from('G').to('Again');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { n: 1 });
    await engine.finish('A', { n: 2, done: true });
    expect(await seen(engine, processInstanceId, 'L')).to.deep.equal([{ form_fields: { n: 2, done: true } }]);
  });

  it('shows each path its own history', async () => {
    const model = processBuilder('P').startEvent('S').parallelGateway('F').userTask('A');
    look(model, 'LA', '[token.history.A, token.history.B]').endEvent('E1').from('F').userTask('B');
    look(model, 'LB', '[token.history.A, token.history.B]').endEvent('E2');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { n: 'a' });
    await engine.finish('B', { n: 'b' });
    expect(await seen(engine, processInstanceId, 'LA')).to.deep.equal([{ form_fields: { n: 'a' } }, null]);
    expect(await seen(engine, processInstanceId, 'LB')).to.deep.equal([null, { form_fields: { n: 'b' } }]);
  });

  it('used as a whole has every result, also those no literal path mentions', async () => {
    const model = processBuilder('P').startEvent('S').userTask('A').userTask('B');
    look(model, 'L', '[Object.keys(token.history).sort(), token.history[which]]').endEvent('E');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P', { which: 'A' });
    await engine.finish('A', { n: 1 });
    await engine.finish('B');
    expect(await seen(engine, processInstanceId, 'L')).to.deep.equal([['A', 'B', 'S'], { form_fields: { n: 1 } }]);
  });

  it('after a throw event the current result is empty, and the payload is what was sent', async () => {
    const model = processBuilder('P')
      .root('signal', 'G')
      .startEvent('S')
      .node('intermediateThrowEvent', 'T', {}, definitions.signal('G'));
    look(model, 'L', '[token.current]').endEvent('E').from('T').userTask('A');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect(await seen(engine, processInstanceId, 'L')).to.deep.equal([{}]);
    expect(await engine.payloadAt('A')).to.deep.equal({ v: 1 });
  });
});

describe('Variables', () => {
  it('are written by nodes that bring new data, and by no others', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .node('manualTask', 'Manual')
      .node('task', 'Untyped')
      .exclusiveGateway('G')
      .parallelGateway('F')
      .userTask('A')
      .externalTask('X', 'topic')
      .node('intermediateCatchEvent', 'C', {}, definitions.message('M'))
      .node('intermediateCatchEvent', 'T', {}, definitions.timer('timeDuration', 'PT1H'))
      .endEvent('E', propertiesXml({ inputValues: '({ notWritten: true })' }));
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { start: 1 });
    for (const id of ['Manual', 'Untyped', 'A']) await engine.finish(id, { user: 2 });
    await engine.work('topic', { worker: 3 });
    await engine.message('M', { message: 4 });
    await engine.advance(3_600_000);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ start: 1, user: 2, worker: 3, message: 4 });
  });

  it('are overwritten by name, and keep the last value', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').userTask('B').endEvent('E')]);
    const { processInstanceId } = await engine.start('P', { v: 1, keep: true });
    await engine.finish('A', { v: { deep: 2 } });
    await engine.finish('B', { v: null });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: null, keep: true });
  });

  it('with the names of the built-in ones are seen as variables.<name>', async () => {
    const model = processBuilder('P').startEvent('S');
    look(
      model,
      'L',
      '[token.current.token, variables.token, variables.identity, identity.userId, variables.v, v]',
    ).endEvent('E');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P', { token: 1, identity: 2, v: 3 });
    expect(await seen(engine, processInstanceId, 'L')).to.deep.equal([1, 1, 2, 'tester', 3, 3]);
  });

  it('of a sub-process hide those around it, and are written in the nearest scope that has the name', async () => {
    const model = processBuilder('P')
      .xml('<bpmn:dataObject id="d0" name="v"/>')
      .startEvent('S')
      .subProcess('Outer', (outer) =>
        outer
          .xml('<bpmn:property id="p1" name="v"/>')
          .startEvent('OS')
          .subProcess('Inner', (inner) =>
            inner
              .startEvent('IS')
              .userTask('A')
              .serviceTask('LI', 'show', { method: 'show', params: '[v, top]' })
              .endEvent('IE'),
          )
          .endEvent('OE'),
      );
    look(model, 'LP', '[v, top]').endEvent('E');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P', { v: 'process' });
    await engine.finish('A', { v: 'inner', top: 'new' });
    expect(await seen(engine, processInstanceId, 'LI')).to.deep.equal(['inner', 'new']);
    expect(await seen(engine, processInstanceId, 'LP')).to.deep.equal(['process', 'new']);
    expect(await engine.variables(processInstanceId)).to.deep.include({ v: 'process', top: 'new' });
  });

  it('declared as data objects are null from the beginning', async () => {
    const model = processBuilder('P')
      .xml('<bpmn:dataObject id="d1" name="named"/><bpmn:dataObject id="d2"/>')
      .startEvent('S')
      .userTask('A')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { named: 5 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ named: 5, d2: null });
  });
});

describe('The option `data`', () => {
  const model = () =>
    look(processBuilder('P').startEvent('S').userTask('A'), 'L', '[typeof token, typeof v, typeof variables]').endEvent(
      'E',
    );

  for (const [data, types] of [
    ['both', ['object', 'number', 'object']],
    ['token', ['object', 'undefined', 'undefined']],
    ['variables', ['undefined', 'number', 'object']],
  ] as const) {
    it(`${data}: expressions see ${types.join(', ')} of token, variable and variables`, async () => {
      const engine = await scenario([model()], { services: { show }, data });
      const { processInstanceId } = await engine.start('P', { v: 1 });
      await engine.finish('A', { w: 1 });
      expect(await seen(engine, processInstanceId, 'L')).to.deep.equal(types);
      const names = Object.keys(await engine.variables(processInstanceId)).sort();
      expect(names).to.deep.equal(data === 'token' ? [] : ['seen', 'v', 'w']);
    });
  }

  it('of the model goes before that of the engine', async () => {
    const xml = model()
      .toXml()
      .replace(/(<bpmn:process [^>]*>)/, `$1${propertiesXml({ data: 'variables' })}`);
    const engine = await scenario([xml], { services: { show }, data: 'token' });
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.finish('A');
    expect(await seen(engine, processInstanceId, 'L')).to.deep.equal(['undefined', 'number', 'object']);
  });
});
