import { expect } from 'chai';
import { definitions, processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const ENDLESS =
  '[1,2,3,4,5,6,7,8].flatMap(a => [1,2,3,4,5,6,7,8].flatMap(b => [1,2,3,4,5,6,7,8].flatMap(c => [1,2,3,4,5,6,7,8].flatMap(d => [1,2,3,4,5,6,7,8].flatMap(e => [1,2,3,4,5,6,7,8].map(f => f)))))).length > 0';

describe('An expression that cannot be evaluated', () => {
  for (const [what, inner, message] of [
    [
      'payload of an end event',
      propertiesXml({ inputValues: 'token.current.a.b.c' }),
      /payload configuration of 'E' is invalid/,
    ],
    [
      'payload of a message end event',
      propertiesXml({ inputValues: 'token.current.a.b.c' }) + definitions.message('M'),
      /payload configuration of 'E' is invalid/,
    ],
  ] as const) {
    it(`as the ${what} fails the instance, naming the element`, async () => {
      const engine = await scenario([processBuilder('P').root('message', 'M').startEvent('S').endEvent('E', inner)]);
      const error = await errorOf(engine.call('P'));
      expect(error.code).to.equal(500);
      expect(error.message).to.match(message);
      expect(error.additionalInformation).to.deep.equal({ flowNodeId: 'E', expression: 'token.current.a.b.c' });
    });
  }

  it('as a message name fails the node that throws or waits', async () => {
    const root = ['message', 'M', { name: '${a.b.c.d}' }] as const;
    const throwing = processBuilder('P')
      .root(...root)
      .startEvent('S')
      .node('intermediateThrowEvent', 'T', {}, definitions.message('M'))
      .endEvent('E');
    const waiting = processBuilder('Q')
      .root(...root)
      .startEvent('QS')
      .node('intermediateCatchEvent', 'C', {}, definitions.message('M'))
      .endEvent('QE');
    const engine = await scenario([throwing, waiting]);
    expect((await errorOf(engine.call('P', { a: 1 }))).message).to.match(/message name of 'T' is invalid/);
    expect((await errorOf(engine.call('Q', { a: 1 }))).message).to.match(/message name of 'C' is invalid/);
  });

  it('as a message name at a boundary event fails its host, which is not listed', async () => {
    const model = processBuilder('P')
      .root('message', 'M', { name: '${a.b.c.d}' })
      .startEvent('S')
      .userTask('A')
      .endEvent('E')
      .boundaryEvent('B', 'A', definitions.message('M'))
      .endEvent('E2');
    const engine = await scenario([model]);
    expect((await errorOf(engine.call('P', { a: 1 }))).message).to.match(/message name of 'A' is invalid/);
    expect(await engine.tasks()).to.deep.equal([]);
  });

  it('in a condition is false, but a hit limit is a failure', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('G', { default: 'G-Default' })
      .from('G', ENDLESS)
      .endEvent('E')
      .from('G')
      .endEvent('Default');
    const engine = await scenario([model]);
    const error = await errorOf(engine.call('P'));
    expect(error.message).to.match(/condition at 'G' exceeded its limit/);
  });

  it('leaves nothing behind that its node had begun', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .externalTask('X', 'topic')
      .endEvent('E')
      .boundaryEvent('B1', 'X', definitions.timer('timeDuration', 'PT1H'))
      .endEvent('E1')
      .boundaryEvent('B2', 'X', definitions.timer('timeDuration', '${soon}'))
      .endEvent('E2');
    const engine = await scenario([model]);
    expect(await errorOf(engine.call('P', { soon: 'x' }))).to.include({ code: 422 });
    expect(await engine.fetch('topic')).to.deep.equal([]);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });

  it('as the timer of an event sub-process fails the instance as it starts', async () => {
    const timer = definitions.timer('timeDuration', '${soon}');
    const model = processBuilder('P')
      .xml(
        `<bpmn:subProcess id="ESP" triggeredByEvent="true"><bpmn:startEvent id="ES">${timer}</bpmn:startEvent></bpmn:subProcess>`,
      )
      .startEvent('S')
      .userTask('A')
      .endEvent('E');
    const engine = await scenario([model]);
    expect(await errorOf(engine.call('P', { soon: 'x' }))).to.include({ code: 422 });
    const [id] = await engine.instancesOf('P');
    expect(await engine.state(id!)).to.equal('error');
  });

  it('gives what JSON can hold', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .endEvent(
        'E',
        propertiesXml({ inputValues: '({ list: [1, undefined, 1 / 0], gone: undefined, ok: [{ n: 0 / 0 }] })' }),
      );
    const engine = await scenario([model]);
    const { tokenPayload } = await engine.call('P');
    expect(JSON.parse(JSON.stringify(tokenPayload))).to.deep.equal({ list: [1, null, null], ok: [{ n: null }] });
    expect(tokenPayload).to.have.deep.property('list', [1, null, null]);
  });

  it('of a boundary event leaves none of the others armed', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .userTask('A')
      .endEvent('E')
      .boundaryEvent('B1', 'A', definitions.message('M'))
      .endEvent('E1')
      .boundaryEvent('B2', 'A', definitions.timer('timeDuration', '${soon}'))
      .endEvent('E2');
    const engine = await scenario([model], { onFailure: 'incident' });
    await engine.start('P');
    expect(await engine.incidents()).to.have.length(1);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });
});
