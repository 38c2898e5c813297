import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';
import { dataObjects, standardLoop, type StandardLoop } from './elements.js';

/** A user task with this loop, then a task B. */
function looping(loop: StandardLoop): ProcessBuilder {
  return processBuilder('P').startEvent('S').userTask('A', standardLoop(loop)).userTask('B').endEvent('E');
}

async function roundsOf(model: ProcessBuilder, variables = {}): Promise<number> {
  const engine = await scenario([model]);
  const { processInstanceId } = await engine.start('P', variables);
  let rounds = 0;
  while ((await engine.waiting(processInstanceId))[0] === 'A') {
    rounds += 1;
    await engine.finish('A', { n: rounds });
  }
  expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  await engine.finish('B');
  expect(await engine.state(processInstanceId)).to.equal('finished');
  return rounds;
}

describe('A standard loop', () => {
  const cases: readonly (readonly [string, StandardLoop, number])[] = [
    [
      'tested before each round does not run at all where its condition is false',
      { testBefore: true, condition: 'n < 0' },
      0,
    ],
    ['tested after each round runs once even then', { condition: 'n < 0' }, 1],
    ['tested before each round runs while its condition holds', { testBefore: true, condition: 'n < 3' }, 3],
    ['tested after each round runs while its condition holds', { condition: 'n < 3' }, 3],
    ['ends at its maximum', { condition: 'true', maximum: 2 }, 2],
    ['ends at its maximum, tested before each round', { testBefore: true, condition: 'true', maximum: 2 }, 2],
    ['ends before its maximum when its condition is false', { condition: 'n < 2', maximum: 5 }, 2],
    ['without condition runs up to its maximum', { maximum: 3 }, 3],
    ['with a maximum of 0, tested before, does not run', { testBefore: true, condition: 'true', maximum: 0 }, 0],
    ['without condition and maximum runs once', {}, 1],
    ['counts its rounds', { condition: 'loopCounter < 4' }, 4],
    ['counts its rounds, tested before', { testBefore: true, condition: 'loopCounter < 4' }, 4],
    ['counts what it has completed', { condition: 'numberOfCompletedInstances < 3' }, 3],
    [
      'counts what it has completed, tested before',
      { testBefore: true, condition: 'numberOfCompletedInstances < 3' },
      3,
    ],
    ['whose condition cannot be evaluated ends', { condition: 'no.such.thing' }, 1],
  ];

  for (const [what, loop, rounds] of cases) {
    it(what, async () => {
      expect(await roundsOf(looping(loop), { n: 0 })).to.equal(rounds);
    });
  }

  it('shows each round the result of the one before, and goes on with the last', async () => {
    const show = { show: (...seen: unknown[]) => ({ seen }) };
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .xml(standardLoop({ condition: 'token.current.form_fields.again' }))
          .startEvent('IS')
          .serviceTask('Show', 'show', { method: 'show', params: '[loopCounter, token.current]' })
          .userTask('A')
          .endEvent('IE'),
      );
    model.userTask('B').endEvent('E');
    const engine = await scenario([model], { services: { show } });
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.finish('A', { again: true });
    await engine.finish('A', { again: false });
    const shown = (await engine.history(processInstanceId))
      .filter(({ flowNodeId }) => flowNodeId === 'Show')
      .map(({ result }) => (result as { seen: unknown[] }).seen);
    expect(shown).to.deep.equal([
      [0, { v: 1 }],
      [1, { form_fields: { again: true } }],
    ]);
    expect(await engine.payloadAt('B')).to.deep.equal({ form_fields: { again: false } });
  });

  it('around a sub-process begins each round with fresh data objects', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .xml(dataObjects('own') + standardLoop({ condition: 'again' }))
          .startEvent('IS')
          .exclusiveGateway('G', { default: 'G-Stale' })
          .from('G', 'own === null')
          .userTask('Fresh')
          .endEvent('IE')
          .from('G')
          .userTask('Stale'),
      );
    const engine = await scenario([model.userTask('B').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('Fresh', { own: 1, again: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Fresh']);
    await engine.finish('Fresh', { own: 2, again: false });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('in another runs anew in each round of it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .xml(standardLoop({ maximum: 2 }))
          .startEvent('IS')
          .userTask('A', standardLoop({ maximum: 3 }))
          .endEvent('IE'),
      );
    expect(await roundsOf(model.userTask('B').endEvent('E'))).to.equal(6);
  });

  it('goes on at once from round to round where nothing waits', async () => {
    const count = { count: (n: number) => ({ n: n + 1 }) };
    const model = processBuilder('P').startEvent('S');
    model
      .node(
        'serviceTask',
        'A',
        {},
        `<bpmn:extensionElements><camunda:properties><camunda:property name="module" value="count"/><camunda:property name="method" value="count"/><camunda:property name="params" value="[n]"/></camunda:properties></bpmn:extensionElements>${standardLoop({ condition: 'n < 300' })}`,
      )
      .endEvent('E');
    const engine = await scenario([model], { services: { count } });
    const { processInstanceId } = await engine.start('P', { n: 0 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ n: 300 });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('is ended by an interrupting boundary event, in whatever round', async () => {
    const model = looping({ condition: 'true' }).root('message', 'M');
    model.boundaryEvent('Bound', 'A', definitions.message('M')).userTask('H').endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (let round = 0; round < 2; round += 1) await engine.finish('A');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('keeps its boundary event armed over the rounds: it is timed as a whole', async () => {
    const model = looping({ condition: 'true' });
    model.boundaryEvent('Bound', 'A', definitions.timer('timeDuration', 'PT1H')).userTask('H').endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(3_000_000);
    await engine.finish('A');
    await engine.advance(600_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('around external work offers it in each round', async () => {
    const model = processBuilder('P').startEvent('S');
    model
      .externalTask('A', 'topic', standardLoop({ condition: 'more' }))
      .userTask('B')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const more of [true, true, false]) await engine.work('topic', { more });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('is left by an error of a round', async () => {
    const model = processBuilder('P').root('error', 'X', { errorCode: 'X' }).startEvent('S');
    model.externalTask('A', 'topic', standardLoop({ condition: 'true' })).endEvent('E');
    model.boundaryEvent('Bound', 'A', definitions.error('X')).userTask('H').endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.work('topic', {});
    await engine.failWork('topic', 'no', 'X');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('around a sub-process that terminates goes on with the next round', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .xml(standardLoop({ maximum: 2 }))
          .startEvent('IS')
          .parallelGateway('F')
          .userTask('A')
          .endEvent('T', definitions.terminate())
          .from('F')
          .node('intermediateCatchEvent', 'Never', {}, definitions.timer('timeDuration', 'PT1H'))
          .endEvent('IE'),
      );
    expect(await roundsOf(model.userTask('B').endEvent('E'))).to.equal(2);
  });
});
