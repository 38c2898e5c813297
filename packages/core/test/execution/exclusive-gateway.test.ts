import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

/** A split with the conditions, in model order, each to an end event `E0`, `E1` …; the last one is the default flow. */
function split(conditions: readonly string[], withDefault = false) {
  const model = processBuilder('P')
    .startEvent('S')
    .exclusiveGateway('G', withDefault ? { default: 'G-Default' } : {});
  conditions.forEach((condition, index) => model.from('G', condition).endEvent(`E${index}`));
  return withDefault ? model.from('G').endEvent('Default') : model;
}

describe('An exclusive gateway', () => {
  it('takes the first flow whose condition holds, in model order', async () => {
    const engine = await scenario([split(['x > 10', 'x > 5', 'x > 5', 'true'])]);
    expect((await engine.call('P', { x: 11 })).endEventId).to.equal('E0');
    expect((await engine.call('P', { x: 7 })).endEventId).to.equal('E1');
    expect((await engine.call('P', { x: 1 })).endEventId).to.equal('E3');
  });

  it('takes the default flow where no condition holds', async () => {
    const engine = await scenario([split(['x > 10'], true)]);
    expect((await engine.call('P', { x: 11 })).endEventId).to.equal('E0');
    expect((await engine.call('P', { x: 1 })).endEventId).to.equal('Default');
    expect((await engine.call('P')).endEventId).to.equal('Default');
  });

  it('without a way fails the instance with 400', async () => {
    const engine = await scenario([split(['x > 10', 'x < 0'])]);
    const error = await errorOf(engine.call('P', { x: 1 }));
    expect(error.code).to.equal(400);
    expect(error.message).to.match(/no outgoing sequenceflow.*had a truthy condition/i);
    const [id] = await engine.instancesOf('P');
    expect((await engine.entry(id!, 'G')).state).to.equal('error');
  });

  it('never takes a flow without condition that is not the default, beside others', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('G')
      .endEvent('Plain')
      .from('G', 'x > 1')
      .endEvent('Conditional');
    const engine = await scenario([model]);
    expect((await engine.call('P', { x: 2 })).endEventId).to.equal('Conditional');
    expect(await errorOf(engine.call('P', { x: 0 }))).to.include({ code: 400 });
  });

  it('with one flow takes it, if its condition holds', async () => {
    const plain = processBuilder('P').startEvent('S').exclusiveGateway('G').endEvent('E');
    const conditional = processBuilder('Q').startEvent('QS').exclusiveGateway('QG').from('QG', 'x > 1').endEvent('QE');
    const engine = await scenario([plain, conditional]);
    expect((await engine.call('P')).endEventId).to.equal('E');
    expect((await engine.call('Q', { x: 2 })).endEventId).to.equal('QE');
    expect(await errorOf(engine.call('Q', { x: 1 }))).to.include({ code: 400 });
  });

  it('passes every token that arrives through, and passes the payload on', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .exclusiveGateway('M')
      .userTask('A')
      .endEvent('E')
      .from('F')
      .to('M');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A']);
    expect((await engine.tasks()).map(({ tokenPayload }) => tokenPayload)).to.deep.equal([{ v: 1 }, { v: 1 }]);
    await engine.finish('A');
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('may merge and split at once', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .exclusiveGateway('G', { default: 'G-Small' })
      .from('G', 'x > 5')
      .endEvent('Big')
      .from('G')
      .endEvent('Small')
      .from('F')
      .to('G');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.call('P', { x: 9 });
    expect((await engine.path(processInstanceId!)).sort()).to.deep.equal(['Big', 'Big', 'F', 'G', 'G', 'S']);
  });

  it("conditions see the token's current result and history, the identity and the instance", async () => {
    const conditions = [
      "token.current.v === 1 && token.history.S.v === 1 && identity.userId === 'tester' && correlationId === 'c' && processInstanceId.length === 36",
    ];
    const engine = await scenario([split(conditions, true)]);
    expect((await engine.call('P', { v: 1 }, { correlationId: 'c' })).endEventId).to.equal('E0');
  });

  it('a condition that fails is false', async () => {
    const engine = await scenario([split(['token.current.a.b.c > 1', 'nothing.at.all', '${empty nothing}'], true)]);
    expect((await engine.call('P')).endEventId).to.equal('E2');
  });

  it('its history entry is the payload that came in', async () => {
    const engine = await scenario([split(['true'])]);
    const { processInstanceId } = await engine.call('P', { v: 1 });
    expect(await engine.result(processInstanceId!, 'G')).to.deep.equal({ v: 1 });
  });
});
