import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

const FORK_AND_JOIN = processBuilder('P')
  .startEvent('S')
  .parallelGateway('F')
  .userTask('A')
  .parallelGateway('J')
  .userTask('Z')
  .endEvent('E')
  .from('F')
  .userTask('B')
  .to('J');

describe('A parallel gateway', () => {
  it('sends a token along every outgoing flow, with the payload', async () => {
    const engine = await scenario([FORK_AND_JOIN]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'B']);
    expect((await engine.tasks()).map(({ tokenPayload }) => tokenPayload)).to.deep.equal([{ v: 1 }, { v: 1 }]);
    expect(await engine.result(processInstanceId, 'F')).to.deep.equal({});
  });

  for (const order of [
    ['A', 'B'],
    ['B', 'A'],
  ] as const) {
    it(`waits for all branches and joins their results by source node (${order.join(' first, then ')})`, async () => {
      const engine = await scenario([FORK_AND_JOIN]);
      const { processInstanceId } = await engine.start('P');
      await engine.finish(order[0], { by: order[0] });
      expect(await engine.waiting(processInstanceId)).to.deep.equal([order[1], 'J'].sort());
      await engine.finish(order[1], { by: order[1] });
      const joined = { A: { form_fields: { by: 'A' } }, B: { form_fields: { by: 'B' } } };
      expect(await engine.payloadAt('Z')).to.deep.equal(joined);
      expect(await engine.result(processInstanceId, 'J')).to.deep.equal(joined);
      expect((await engine.history(processInstanceId)).filter(({ flowNodeId }) => flowNodeId === 'J')).to.have.length(
        1,
      );
    });
  }

  it('after the join all branches are in the history', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .parallelGateway('J')
      .exclusiveGateway('G', { default: 'G-No' })
      .from(
        'G',
        'token.history.A.form_fields.a === 1 && token.history.B.form_fields.b === 2 && token.current.B.form_fields.b === 2',
      )
      .endEvent('Yes')
      .from('G')
      .endEvent('No')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    const { answer } = await engine.begin('P');
    await engine.finish('A', { a: 1 });
    await engine.finish('B', { b: 2 });
    expect((await answer).endEventId).to.equal('Yes');
  });

  it('joins by flow: two flows from one source are both needed', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('G')
      .from('G', 'true')
      .parallelGateway('J')
      .endEvent('E');
    const engine = await scenario([model.from('G', 'true').to('J')]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['J']);
  });

  it('keeps surplus arrivals for the next round', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .exclusiveGateway('M')
      .parallelGateway('J')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('A2')
      .to('M')
      .from('F')
      .userTask('B')
      .exclusiveGateway('N')
      .to('J')
      .from('F')
      .userTask('B2')
      .to('N');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'A2']) await engine.finish(id, { by: id });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'B2', 'J']);
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B2', 'J', 'Z']);
    expect(await engine.payloadAt('Z')).to.have.nested.property('M.form_fields.by', 'A');
    await engine.finish('Z');
    await engine.finish('B2');
    expect(await engine.payloadAt('Z')).to.have.nested.property('M.form_fields.by', 'A2');
    await engine.finish('Z');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('that can never be complete keeps the instance running', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .exclusiveGateway('G', { default: 'G-E' })
      .endEvent('E')
      .from('G', 'false')
      .parallelGateway('J')
      .endEvent('E2')
      .from('F')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['J']);
    await engine.terminate(processInstanceId);
    expect(await engine.state(processInstanceId)).to.equal('terminated');
  });

  it('may join and fork at once, and one with a single flow passes on', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .parallelGateway('Single')
      .parallelGateway('JF')
      .userTask('C')
      .endEvent('E')
      .from('F')
      .to('JF')
      .from('JF')
      .userTask('D')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C', 'D']);
  });

  it('keys the result of a boundary event by its host', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('E0')
      .from('F')
      .parallelGateway('J')
      .userTask('Z')
      .endEvent('E')
      .boundaryEvent('B', 'A', definitions.timer('timeDuration', 'PT1S'))
      .to('J');
    const engine = await scenario([model]);
    await engine.start('P', { v: 1 });
    await engine.advance(1_000);
    expect(await engine.payloadAt('Z')).to.deep.equal({ F: {}, A: { v: 1 } });
  });

  it('in a loop shows the results of the last round', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('Again')
      .parallelGateway('F')
      .userTask('A')
      .parallelGateway('J')
      .exclusiveGateway('G', { default: 'G-Again' })
      .from('G', 'round === 2')
      .serviceTask('Show', 'show', { method: 'show', params: '[token.history.A, token.history.B]' })
      .endEvent('E')
      .from('G')
      .to('Again')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model], { services: { show: { show: (a: unknown, b: unknown) => ({ a, b }) } } });
    const { answer } = await engine.begin('P');
    for (const round of [1, 2]) {
      await engine.finish('B', { b: round });
      await engine.finish('A', { a: round, round });
    }
    expect((await answer).tokenPayload).to.deep.equal({
      a: { form_fields: { a: 2, round: 2 } },
      b: { form_fields: { b: 2 } },
    });
  });
});
