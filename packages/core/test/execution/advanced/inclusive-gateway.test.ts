import { expect } from 'chai';
import { processBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';
import { inclusiveBranches } from './elements.js';

describe('An inclusive gateway that forks', () => {
  for (const [x, taken] of [
    [0, ['D']],
    [1, ['A']],
    [2, ['A', 'B']],
  ] as const) {
    it(`takes every flow whose condition holds, else the default flow (x = ${x})`, async () => {
      const engine = await scenario([inclusiveBranches(processBuilder('P').startEvent('S'))]);
      const { processInstanceId } = await engine.start('P', { x });
      expect(await engine.waiting(processInstanceId)).to.deep.equal(taken);
      for (const id of taken) await engine.finish(id);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
      await engine.finish('Z');
      expect(await engine.state(processInstanceId)).to.equal('finished');
    });
  }

  it('without a way is a failure of the instance', async () => {
    const model = processBuilder('P').startEvent('S').node('inclusiveGateway', 'F').from('F', 'x > 1').userTask('A');
    const engine = await scenario([model.from('F', 'x > 2').userTask('B')]);
    const { processInstanceId } = await engine.start('P', { x: 1 });
    expect((await engine.instance(processInstanceId)).error!.message).to.match(/No outgoing SequenceFlow for 'F'/);
  });

  it('takes flows without a condition always', async () => {
    const model = processBuilder('P').startEvent('S').node('inclusiveGateway', 'F').from('F', 'x > 1').userTask('A');
    const engine = await scenario([model.from('F').userTask('B')]);
    const { processInstanceId } = await engine.start('P', { x: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('counts a condition that cannot be evaluated as false', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('inclusiveGateway', 'F', { default: 'F-B' })
      .from('F', 'no.such.thing > 1')
      .userTask('A')
      .from('F')
      .userTask('B');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('sees the results of the path', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .userTask('Q')
      .node('inclusiveGateway', 'F', { default: 'F-B' })
      .from('F', 'token.history.Q.form_fields.go && token.current.form_fields.go')
      .userTask('A')
      .from('F')
      .userTask('B');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('Q', { go: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });
});
