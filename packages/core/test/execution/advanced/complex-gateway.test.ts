import { expect } from 'chai';
import { escapeXml, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';

function activation(condition: string): string {
  return `<bpmn:activationCondition>${escapeXml(condition)}</bpmn:activationCondition>`;
}

/** Branches A, B and C, joined by a complex gateway; whoever calls goes on from it. */
function joining(condition = 'activationCount >= 2', attributes = {}): ProcessBuilder {
  return processBuilder('P')
    .startEvent('S')
    .parallelGateway('F')
    .userTask('A')
    .node('complexGateway', 'J', attributes, activation(condition))
    .from('F')
    .userTask('B')
    .to('J')
    .from('F')
    .userTask('C')
    .to('J')
    .from('J');
}

/** Two of three; then a task for the first phase and one for the reset. */
function inTwoPhases(attributes = {}): ProcessBuilder {
  return joining(undefined, attributes)
    .from('J', 'waitingForStart')
    .userTask('Early')
    .endEvent('E1')
    .from('J', '!waitingForStart')
    .userTask('Late')
    .endEvent('E2');
}

describe('A complex gateway that forks', () => {
  const forking = (attributes = {}) =>
    processBuilder('P')
      .startEvent('S')
      .node('complexGateway', 'G', attributes)
      .from('G', 'x > 1')
      .userTask('A')
      .from('G', 'x > 2')
      .userTask('B');

  it('takes every flow whose condition holds', async () => {
    const engine = await scenario([forking()]);
    const { processInstanceId } = await engine.start('P', { x: 3 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'B']);
  });

  it('takes the default flow where none holds', async () => {
    const engine = await scenario([forking({ default: 'G-D' }).from('G').userTask('D')]);
    const { processInstanceId } = await engine.start('P', { x: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['D']);
  });

  it('without a way is a failure of the instance', async () => {
    const engine = await scenario([forking()]);
    const { processInstanceId } = await engine.start('P', { x: 1 });
    expect((await engine.instance(processInstanceId)).error!.message).to.match(/No outgoing SequenceFlow for 'G'/);
  });
});

describe('A complex gateway that joins', () => {
  it('goes on when its activation condition holds', async () => {
    const engine = await scenario([joining().userTask('Z').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { a: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'C', 'J']);
    await engine.finish('B', { b: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C', 'J', 'Z']);
    expect(await engine.payloadAt('Z')).to.deep.equal({ A: { form_fields: { a: 1 } }, B: { form_fields: { b: 2 } } });
  });

  it('is reset by the last token, which goes no further', async () => {
    const engine = await scenario([joining().userTask('Z').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'C', 'B']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    await engine.finish('Z');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('on reset sends tokens where a condition holds then', async () => {
    const engine = await scenario([inTwoPhases()]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C', 'Early', 'J']);
    await engine.finish('C');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Early', 'Late']);
    for (const id of ['Early', 'Late']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('on reset takes the default flow where no condition holds', async () => {
    const model = joining(undefined, { default: 'J-Rest' }).from('J', 'waitingForStart').userTask('Early');
    const engine = await scenario([model.from('J').userTask('Rest')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'C']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Early', 'Rest']);
  });

  it('on reset without a way sends nothing, which is no failure', async () => {
    const engine = await scenario([joining().from('J', 'waitingForStart').userTask('Early').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'C']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Early']);
    await engine.finish('Early');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('is reset when the token it waits for has gone elsewhere', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .node('complexGateway', 'J', {}, activation('activationCount >= 1'))
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .exclusiveGateway('G', { default: 'G-J' })
      .from('G', 'leave')
      .endEvent('Out')
      .from('G')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('Z');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'J']);
    await engine.finish('B', { leave: true });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('starts anew after its reset', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('Again')
      .parallelGateway('F')
      .userTask('A')
      .node('complexGateway', 'J', {}, activation('activationCount >= 1'))
      .userTask('Z')
      .exclusiveGateway('G', { default: 'G-E' })
      .from('G', 'round < 2')
      .to('Again')
      .from('G')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B']) await engine.finish(id);
    await engine.finish('Z', { round: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'B']);
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'J', 'Z']);
    await engine.finish('Z', { round: 2 });
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('while it waits to be reset keeps a further token on a used flow for the next round', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .exclusiveGateway('M')
      .node('complexGateway', 'J', {}, activation('activationCount >= 1'))
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('A2')
      .to('M')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { by: 'A' });
    await engine.finish('A2', { by: 'A2' });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'J', 'Z']);
    await engine.finish('B', { by: 'B' });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z', 'Z']);
    const payloads = (await engine.tasks()).map(({ tokenPayload }) => tokenPayload);
    expect(payloads).to.deep.equal([{ M: { form_fields: { by: 'A' } } }, { M: { form_fields: { by: 'A2' } } }]);
    for (const id of ['Z', 'Z']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('may depend on data, and looks again when they change', async () => {
    const model = joining('enough').userTask('Z').endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { enough: false });
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'C', 'J']);
    await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { enough: true } });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'C', 'J', 'Z']);
  });

  it('without an activation condition goes on with the first token', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .node('complexGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'J', 'Z']);
    await engine.finish('A');
    await engine.finish('Z');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('whose condition never holds keeps the instance running', async () => {
    const engine = await scenario([joining('activationCount >= 4').userTask('Z').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'C']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['J']);
    await engine.terminate(processInstanceId);
  });

  it('of which all flows are filled at once needs no reset', async () => {
    const model = joining('activationCount >= 3').userTask('Z').endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'C']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    await engine.finish('Z');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});
