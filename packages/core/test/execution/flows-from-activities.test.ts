import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

/** A user task with conditional flows `[target, condition]`, and a default flow where `fallback` is given. */
function branching(flows: readonly (readonly [string, string?])[], fallback?: string) {
  const model = processBuilder('P').startEvent('S');
  model.node('userTask', 'A', { name: 'A', ...(fallback === undefined ? {} : { default: `A-${fallback}` }) });
  for (const [target, condition] of flows) model.from('A', condition).endEvent(target);
  return fallback === undefined ? model : model.from('A').endEvent(fallback);
}

async function reached(model: ReturnType<typeof branching>, fields: Record<string, unknown>) {
  const engine = await scenario([model]);
  const { processInstanceId } = await engine.start('P');
  await engine.finish('A', fields);
  return (await engine.path(processInstanceId)).slice(2);
}

describe('Leaving an activity', () => {
  it('takes every flow without condition (implicit split)', async () => {
    expect(await reached(branching([['E1'], ['E2'], ['E3']]), {})).to.deep.equal(['E1', 'E2', 'E3']);
  });

  it('takes every flow whose condition holds, and those without condition', async () => {
    const model = branching([['E1', 'x > 1'], ['E2', 'x > 2'], ['E3', 'x > 3'], ['Always']]);
    expect(await reached(model, { x: 3 })).to.deep.equal(['E1', 'E2', 'Always']);
  });

  it('takes the default flow only where no condition holds', async () => {
    const model = branching(
      [
        ['E1', 'x > 1'],
        ['E2', 'x > 2'],
      ],
      'Default',
    );
    expect(await reached(model, { x: 2 })).to.deep.equal(['E1']);
    expect(await reached(model, { x: 0 })).to.deep.equal(['Default']);
  });

  it('conditions see the result of the activity, before and by the token', async () => {
    const model = branching(
      [
        ['E1', 'token.current.form_fields.x === 1'],
        ['E2', 'token.history.A.form_fields.x === 1'],
        ['E3', 'x === 1'],
      ],
      'Default',
    );
    expect(await reached(model, { x: 1 })).to.deep.equal(['E1', 'E2', 'E3']);
  });

  it('without a way fails with 400 where a flow has to be taken', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .scriptTask('T', 'return { x: 1 };')
      .from('T', 'x > 5')
      .endEvent('E');
    const engine = await scenario([model]);
    expect(await errorOf(engine.call('P'))).to.include({ code: 400 });
  });

  it('without any flow ends the path', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('several flows into an activity start it once for each token (implicit merge)', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('Z');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { a: 1 });
    await engine.finish('B', { b: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z', 'Z']);
    expect((await engine.tasks()).map(({ tokenPayload }) => tokenPayload)).to.deep.equal([
      { form_fields: { a: 1 } },
      { form_fields: { b: 1 } },
    ]);
  });

  it('a start event may split, too', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .userTask('A')
      .endEvent('E1')
      .from('S')
      .userTask('B')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'B']);
  });
});
