import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

function scripted(script: string) {
  return processBuilder('P').startEvent('S').scriptTask('T', script).userTask('A').endEvent('E');
}

describe('A script task', () => {
  it('leaves what it returns, and its fields become variables', async () => {
    const engine = await scenario([scripted('return { sum: a + b, list: [a, b] };')]);
    const { processInstanceId } = await engine.start('P', { a: 2, b: 3 });
    expect(await engine.result(processInstanceId, 'T')).to.deep.equal({ sum: 5, list: [2, 3] });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ a: 2, b: 3, sum: 5, list: [2, 3] });
    expect(await engine.payloadAt('A')).to.deep.equal({ sum: 5, list: [2, 3] });
  });

  it('sees the token, its history and the identity without a bearer token', async () => {
    const engine = await scenario([scripted('return { current: token.current, start: token.history.S, identity };')]);
    const { processInstanceId } = await engine.start('P', { a: 1 });
    const seen = { current: { a: 1 }, start: { a: 1 }, identity: { userId: 'tester', token: '' } };
    expect(await engine.result(processInstanceId, 'T')).to.deep.equal(seen);
  });

  for (const nothing of ['', 'return;', 'return null;', 'const unused = 1;']) {
    it(`that gives nothing (${nothing === '' ? 'empty' : nothing}) leaves an empty object`, async () => {
      const engine = await scenario([scripted(nothing)]);
      const { processInstanceId } = await engine.start('P', { a: 1 });
      expect(await engine.result(processInstanceId, 'T')).to.deep.equal({});
    });
  }

  it('that gives a plain value leaves it, and no variables', async () => {
    const engine = await scenario([scripted('return a + 1;')]);
    const { processInstanceId } = await engine.start('P', { a: 1 });
    expect(await engine.result(processInstanceId, 'T')).to.equal(2);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ a: 1 });
  });

  it('cannot change what others see of the history', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .scriptTask('Changes', 'token.history.S.a = 99; token.current.a = 99; return {};')
      .scriptTask('Reads', 'return token.history.S;')
      .endEvent('E');
    const engine = await scenario([model]);
    expect((await engine.call('P', { a: 1 })).tokenPayload).to.deep.equal({ a: 1 });
  });

  it('that throws fails the instance with its error', async () => {
    const engine = await scenario([scripted("throw Object.assign(new TypeError('no good'), { code: 'C1' });")]);
    const error = await errorOf(engine.call('P'));
    expect(error).to.include({ code: 500, message: 'no good' });
    expect(error.additionalInformation).to.deep.include({ flowNodeId: 'T' });
    const [processInstanceId] = await engine.instancesOf('P');
    expect((await engine.instance(processInstanceId!)).error).to.include({
      name: 'TypeError',
      code: 'C1',
      message: 'no good',
    });
    expect((await engine.entry(processInstanceId!, 'T')).state).to.equal('error');
  });

  it('has the time and the randomness of its step: run again, they are the same', async () => {
    const model = scripted('return { at: Date.now(), random: [Math.random(), Math.random()] };');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    const { at, random } = (await engine.result(processInstanceId, 'T')) as { at: number; random: number[] };
    expect(at).to.equal(Date.UTC(2030, 0, 1));
    expect(random[0]).to.be.within(0, 1).and.not.to.equal(random[1]);
  });

  it('logs after the commit', async () => {
    const engine = await scenario([scripted("console.log('hello', 5); return {};")]);
    const { processInstanceId } = await engine.start('P');
    const entry = engine.log.find(({ message }) => message.startsWith('hello'));
    expect(entry?.fields).to.include({ processInstanceId, flowNodeId: 'T' });
  });

  it('in FEEL is an expression', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('scriptTask', 'T', { scriptFormat: 'feel' }, '<bpmn:script>{ total: sum(prices) }</bpmn:script>')
      .endEvent('E');
    const engine = await scenario([model]);
    expect((await engine.call('P', { prices: [1, 2, 3] })).tokenPayload).to.deep.equal({ total: 6 });
  });
});
