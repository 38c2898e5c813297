import { expect } from 'chai';
import { service } from '../../dist/runtime/services.js';
import { definitions, processBuilder, type ScopeBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

/** A chain of nodes that do not wait. */
function chain(length: number) {
  const model = processBuilder('P').startEvent('S');
  for (let i = 1; i <= length; i += 1) model.serviceTask(`T${i}`, 'count');
  return model.endEvent('E');
}

/** A fork into branches that do not wait, and their join. */
function fan(width: number) {
  const model = processBuilder('P')
    .startEvent('S')
    .parallelGateway('F')
    .serviceTask('T1', 'count')
    .parallelGateway('J')
    .endEvent('E');
  for (let i = 2; i <= width; i += 1) model.from('F').serviceTask(`T${i}`, 'count').to('J');
  return model;
}

const counting = () => {
  let n = 0;
  return { count: service(() => ({ n: (n += 1) }), { inline: true }) };
};

describe('A step over its budget', () => {
  for (const maxEntries of [1, 2, 3, 7, 500]) {
    it(`of ${maxEntries} entries goes on in further steps, none larger, with the same outcome`, async () => {
      const engine = await scenario([chain(20)], { services: counting(), step: { maxEntries } });
      const { tokenPayload, processInstanceId } = await engine.call('P');
      expect(tokenPayload).to.deep.equal({ n: 20 });
      expect(await engine.path(processInstanceId!)).to.deep.equal([
        'S',
        ...Array.from({ length: 20 }, (_, i) => `T${i + 1}`),
        'E',
      ]);
      expect(engine.steps.map(({ length }) => length)).to.deep.equal(
        Array.from({ length: Math.ceil(22 / maxEntries) }, (_, i) => Math.min(maxEntries, 22 - i * maxEntries)),
      );
    });

    it(`of ${maxEntries} entries joins what was forked`, async () => {
      const engine = await scenario([fan(10)], { services: counting(), step: { maxEntries } });
      const { tokenPayload, processInstanceId } = await engine.call('P');
      expect(Object.keys(tokenPayload as object)).to.have.length(10);
      expect(await engine.path(processInstanceId!)).to.have.length(14);
      for (const step of engine.steps) expect(step.length).to.be.at.most(maxEntries);
    });
  }

  it('of 500 entries by default, ends before the five hundred and first', async () => {
    const engine = await scenario([chain(1_200)], { services: counting() });
    await engine.call('P');
    expect(engine.steps.map(({ length }) => length)).to.deep.equal([500, 500, 202]);
  });

  it('of rows goes on in further steps', async () => {
    const engine = await scenario([fan(40)], { services: counting(), step: { maxRows: 10 } });
    const { processInstanceId } = await engine.call('P');
    expect(await engine.path(processInstanceId!)).to.have.length(44);
    expect(engine.steps.length).to.be.greaterThan(3);
  });

  it('of rows ends with the row that reaches it: one of each node that is left or entered, and of each variable', async () => {
    const engine = await scenario([chain(6)], { services: counting(), step: { maxRows: 4 } });
    await engine.call('P');
    expect(engine.steps).to.deep.equal([
      ['S', 'T1'],
      ['T2', 'T3'],
      ['T4', 'T5'],
      ['T6', 'E'],
    ]);
  });

  it('of script work goes on in further steps', async () => {
    const model = processBuilder('P').startEvent('S');
    const busy = 'let n = 0; for (let i = 0; i < 200000; i += 1) n += i; return { n };';
    for (let i = 1; i <= 4; i += 1) model.scriptTask(`T${i}`, busy);
    const engine = await scenario([model.endEvent('E')], { step: { maxWork: 1 } });
    await engine.call('P');
    expect(engine.steps.length).to.be.greaterThan(1);
  });

  it('inside sub-processes and loops has the same outcome', async () => {
    const body = (inner: ScopeBuilder) => inner.startEvent('IS').serviceTask('T', 'count').endEvent('IE');
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('Again')
      .subProcess('SP', body)
      .exclusiveGateway('G', { default: 'G-Again' })
      .from('G', 'token.history.SP.n >= 25')
      .endEvent('E')
      .from('G')
      .to('Again');
    const engine = await scenario([model], { services: counting(), step: { maxEntries: 3 } });
    const { processInstanceId } = await engine.call('P');
    expect((await engine.path(processInstanceId!)).filter((id) => id === 'T')).to.have.length(25);
    for (const step of engine.steps) expect(step.length).to.be.at.most(5);
  });

  it('an endless loop does not hold the engine up: others run, and it can be terminated', async () => {
    const endless = processBuilder('P').startEvent('S').exclusiveGateway('G').serviceTask('T', 'count').to('G');
    const other = processBuilder('Q').startEvent('QS').endEvent('QE');
    const engine = await scenario([endless, other], { services: counting(), step: { maxEntries: 50 } });
    const { processInstanceId } = await engine.engine.consumerApi.startProcessInstance(engine.identity, 'P');
    const { consumerApi, managementApi } = engine.engine;
    expect((await consumerApi.startProcessInstance(engine.identity, 'Q', {}, 2)).endEventId).to.equal('QE');
    await managementApi.terminateProcessInstance(engine.identity, processInstanceId!);
    await engine.engine.idle();
    expect(await engine.state(processInstanceId!)).to.equal('terminated');
  });

  for (const maxEntries of [1, 2, 3, 4, 5]) {
    it(`of ${maxEntries} entries still resolves an inclusive join`, async () => {
      const model = processBuilder('P')
        .startEvent('S')
        .node('inclusiveGateway', 'F')
        .from('F', 'true')
        .serviceTask('T1', 'count')
        .node('inclusiveGateway', 'J')
        .endEvent('E')
        .from('F', 'true')
        .serviceTask('T2', 'count')
        .to('J')
        .from('F', 'false')
        .serviceTask('T3', 'count')
        .to('J');
      const engine = await scenario([model], { services: counting(), step: { maxEntries } });
      const { processInstanceId } = await engine.start('P');
      expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'F', 'T1', 'T2', 'J', 'E']);
    });
  }

  it('goes on although more tokens are put off than a step may have rows', async () => {
    const engine = await scenario([fan(100)], { services: counting(), step: { maxEntries: 5, maxRows: 20 } });
    expect((await engine.call('P')).endEventId).to.equal('E');
  });

  it('what was put off is cancelled with its scope', async () => {
    const model = processBuilder('P').startEvent('S').parallelGateway('F').endEvent('T', definitions.terminate());
    for (let i = 1; i <= 5; i += 1) model.from('F').serviceTask(`T${i}`, 'count').endEvent(`E${i}`);
    const engine = await scenario([model], { services: counting(), step: { maxEntries: 3 } });
    expect((await errorOf(engine.call('P'))).message).to.match(/terminated/);
    const [id] = await engine.instancesOf('P');
    expect((await engine.history(id!)).filter(({ state }) => state === 'cancelled')).to.have.length(5);
    expect((await engine.storage.findJobs({ tenantId: '' })).items).to.deep.equal([]);
  });
});
