import { expect } from 'chai';
import { definitions, processBuilder } from '../../../dist/testing/index.js';
import { errorOf, scenario } from '../../support/scenario.js';

describe('Link events', () => {
  it('go on at the catch event of the same name, with the payload and its history', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .userTask('A')
      .node('intermediateThrowEvent', 'Jump', {}, definitions.link('there'))
      .apart('intermediateCatchEvent', 'Land', {}, definitions.link('there'))
      .exclusiveGateway('G', { default: 'G-No' })
      .from('G', 'token.history.A.form_fields.a === 1')
      .userTask('B')
      .endEvent('E')
      .from('G')
      .endEvent('No');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { a: 1 });
    expect(await engine.payloadAt('B')).to.deep.equal({ form_fields: { a: 1 } });
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'Jump', 'Land', 'G']);
  });

  it('may be several that lead to one', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateThrowEvent', 'Jump1', {}, definitions.link('there'))
      .from('F')
      .node('intermediateThrowEvent', 'Jump2', {}, definitions.link('there'))
      .apart('intermediateCatchEvent', 'Land', {}, definitions.link('there'))
      .userTask('A')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A']);
  });

  it('stay inside their sub-process: a name may be used again in another', async () => {
    const within = (id: string) => (inner: Parameters<Parameters<typeof model.subProcess>[1]>[0]) =>
      inner
        .startEvent(`${id}S`)
        .node('intermediateThrowEvent', `${id}Jump`, {}, definitions.link('there'))
        .apart('intermediateCatchEvent', `${id}Land`, {}, definitions.link('there'))
        .userTask(`${id}A`)
        .endEvent(`${id}E`);
    const model = processBuilder('P').startEvent('S');
    model.subProcess('One', within('One')).subProcess('Two', within('Two')).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['OneA']);
    await engine.finish('OneA');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['TwoA']);
    await engine.finish('TwoA');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('may lead back', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('M')
      .userTask('A')
      .exclusiveGateway('G', { default: 'G-E' })
      .from('G', 'again')
      .node('intermediateThrowEvent', 'Jump', {}, definitions.link('back'))
      .from('G')
      .endEvent('E')
      .apart('intermediateCatchEvent', 'Land', {}, definitions.link('back'))
      .to('M');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { again: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.finish('A', { again: false });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('without a catch event are refused at deployment', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('intermediateThrowEvent', 'Jump', {}, definitions.link('away'));
    const engine = await scenario([]);
    expect((await errorOf(engine.deploy(model))).message).to.include('Jump');
  });
});
