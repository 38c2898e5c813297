import { expect } from 'chai';
import { definitions, processBuilder, propertiesXml, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';
import { eventSubProcess, multiInstance } from './elements.js';

function withEscalations(id = 'P'): ProcessBuilder {
  return processBuilder(id)
    .root('escalation', 'Esc1', { escalationCode: '1' })
    .root('escalation', 'Esc2', { escalationCode: '2' });
}

interface Bound {
  readonly escalation?: string;
  readonly interrupting?: boolean;
}

/** A sub-process that throws Esc1 and goes on to a task A; boundary events as given, each with a task `H<id>`. */
function throwing(bounds: Readonly<Record<string, Bound>>, thrown: 'throw' | 'end' = 'throw'): ProcessBuilder {
  const model = withEscalations().startEvent('S');
  model.subProcess('Sub', (inner) => {
    inner.startEvent('IS').parallelGateway('F');
    if (thrown === 'throw') inner.node('intermediateThrowEvent', 'T', {}, definitions.escalation('Esc1'));
    else inner.endEvent('T', definitions.escalation('Esc1')).from('F');
    return inner.userTask('A').endEvent('IE');
  });
  model.userTask('B').endEvent('E');
  for (const [id, { escalation, interrupting = true }] of Object.entries(bounds)) {
    model.boundaryEvent(id, 'Sub', definitions.escalation(escalation), { cancelActivity: interrupting });
    model.userTask(`H${id}`).endEvent(`E${id}`);
  }
  return model;
}

describe('An escalation', () => {
  for (const thrown of ['throw', 'end'] as const) {
    it(`that interrupts ends the sub-process (${thrown} event)`, async () => {
      const engine = await scenario([throwing({ X: { escalation: 'Esc1' } }, thrown)]);
      const { processInstanceId } = await engine.start('P');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['HX']);
      expect(await engine.path(processInstanceId)).to.include('T');
      await engine.finish('HX');
      expect(await engine.state(processInstanceId)).to.equal('finished');
    });

    it(`that does not interrupt leaves the sub-process running (${thrown} event)`, async () => {
      const engine = await scenario([throwing({ X: { escalation: 'Esc1', interrupting: false } }, thrown)]);
      const { processInstanceId } = await engine.start('P');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'HX']);
      for (const id of ['A', 'HX', 'B']) await engine.finish(id);
      expect(await engine.state(processInstanceId)).to.equal('finished');
    });

    it(`that nobody catches is ignored (${thrown} event)`, async () => {
      const engine = await scenario([throwing({ X: { escalation: 'Esc2' } }, thrown)]);
      const { processInstanceId } = await engine.start('P');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
      for (const id of ['A', 'B']) await engine.finish(id);
      expect(await engine.state(processInstanceId)).to.equal('finished');
    });
  }

  it('goes to the event of its code, before one without a code', async () => {
    const engine = await scenario([throwing({ Any: {}, One: { escalation: 'Esc1' } })]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['HOne']);
  });

  it('goes to an event without a code where none has its code', async () => {
    const engine = await scenario([throwing({ Two: { escalation: 'Esc2' }, Any: {} })]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['HAny']);
  });

  it('without a code goes only to an event without a code', async () => {
    const model = withEscalations()
      .startEvent('S')
      .subProcess('Sub', (inner) => inner.startEvent('IS').endEvent('T', definitions.escalation()));
    model.userTask('B').endEvent('E');
    model.boundaryEvent('One', 'Sub', definitions.escalation('Esc1')).userTask('HOne');
    model.boundaryEvent('Any', 'Sub', definitions.escalation()).userTask('HAny');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['HAny']);
  });

  it('goes to the nearest scope that catches it, and to no other', async () => {
    const model = withEscalations()
      .startEvent('S')
      .subProcess('Outer', (outer) =>
        outer
          .startEvent('OS')
          .subProcess('Inner', (inner) => inner.startEvent('IS').endEvent('T', definitions.escalation('Esc1')))
          .userTask('A')
          .endEvent('OE')
          .boundaryEvent('Near', 'Inner', definitions.escalation(), { cancelActivity: false })
          .userTask('HNear')
          .endEvent('NE'),
      );
    model.endEvent('E').boundaryEvent('Far', 'Outer', definitions.escalation('Esc1')).userTask('HFar').endEvent('FE');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'HNear']);
  });

  it('goes to an event sub-process of its scope first', async () => {
    const model = withEscalations()
      .startEvent('S')
      .subProcess('Sub', (inner) => {
        inner
          .startEvent('IS')
          .node('intermediateThrowEvent', 'T', {}, definitions.escalation('Esc1'))
          .userTask('A')
          .endEvent('IE');
        const start = { start: 'ES', definition: definitions.escalation('Esc1'), interrupting: false };
        return eventSubProcess(inner, 'Handler', start, (handler) => handler.userTask('H').endEvent('HE'));
      });
    model.endEvent('E').boundaryEvent('Bound', 'Sub', definitions.escalation('Esc1')).userTask('HB').endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
  });

  it('of the process itself goes to its event sub-process, and may end all else', async () => {
    const model = withEscalations()
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .endEvent('T', definitions.escalation('Esc1'));
    eventSubProcess(model, 'Handler', { start: 'ES', definition: definitions.escalation() }, (inner) =>
      inner.userTask('H').endEvent('HE'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('from an event sub-process goes outward', async () => {
    const model = withEscalations()
      .root('message', 'M')
      .startEvent('S')
      .subProcess('Sub', (inner) => {
        inner.startEvent('IS').userTask('A').endEvent('IE');
        const start = { start: 'ES', definition: definitions.message('M'), interrupting: false };
        return eventSubProcess(inner, 'Handler', start, (handler) =>
          handler.endEvent('HE', definitions.escalation('Esc1')),
        );
      });
    model
      .endEvent('E')
      .boundaryEvent('Bound', 'Sub', definitions.escalation('Esc1'), { cancelActivity: false })
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
  });

  it('is thrown as often as its event is reached', async () => {
    const model = withEscalations()
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .xml(multiInstance({ sequential: true, cardinality: '3' }))
          .startEvent('IS')
          .endEvent('T', definitions.escalation('Esc1')),
      );
    model
      .userTask('B')
      .endEvent('E')
      .boundaryEvent('Bound', 'Sub', definitions.escalation('Esc1'), { cancelActivity: false })
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'H', 'H', 'H']);
  });

  it('hands its payload on, which changes no data', async () => {
    const model = withEscalations()
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .startEvent('IS')
          .userTask('A')
          .endEvent(
            'T',
            propertiesXml({ inputValues: '({ why: token.current.form_fields.why, v: 0 })' }) +
              definitions.escalation('Esc1'),
          ),
      );
    model.endEvent('E').boundaryEvent('Bound', 'Sub', definitions.escalation('Esc1')).userTask('H').endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.finish('A', { why: 'late' });
    expect(await engine.payloadAt('H')).to.deep.equal({ why: 'late', v: 0 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1, why: 'late' });
  });
});

describe('An escalation of a called process', () => {
  function called(thrown: 'throw' | 'end'): ProcessBuilder {
    const model = withEscalations('Q').startEvent('QS');
    if (thrown === 'end') return model.endEvent('T', definitions.escalation('Esc1'));
    return model.node('intermediateThrowEvent', 'T', {}, definitions.escalation('Esc1')).userTask('QA').endEvent('QE');
  }

  function calling(interrupting: boolean): ProcessBuilder {
    const model = withEscalations().startEvent('S').callActivity('C', 'Q').userTask('B').endEvent('E');
    const event = model.boundaryEvent('Bound', 'C', definitions.escalation('Esc1'), { cancelActivity: interrupting });
    return event.userTask('H').endEvent('E2');
  }

  it('goes to the call activity and ends the called process where it interrupts', async () => {
    const engine = await scenario([calling(true), called('throw')]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    const [child] = await engine.instancesOf('Q');
    expect(await engine.state(child!)).to.equal('terminated');
  });

  it('leaves the called process running where it does not interrupt', async () => {
    const engine = await scenario([calling(false), called('throw')]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C', 'H']);
    await engine.finish('QA');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'H']);
  });

  for (const interrupting of [true, false]) {
    it(`by its end event comes before the call activity goes on (${interrupting ? '' : 'not '}interrupting)`, async () => {
      const engine = await scenario([calling(interrupting), called('end')]);
      const { processInstanceId } = await engine.start('P');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(interrupting ? ['H'] : ['B', 'H']);
    });
  }

  it('that nobody catches there either is ignored', async () => {
    const model = processBuilder('P').startEvent('S').callActivity('C', 'Q').userTask('B').endEvent('E');
    const engine = await scenario([model, called('end')]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('goes on through several calls', async () => {
    const between = processBuilder('R').startEvent('RS').callActivity('RC', 'Q').endEvent('RE');
    const model = withEscalations().startEvent('S').callActivity('C', 'R').userTask('B').endEvent('E');
    model.boundaryEvent('Bound', 'C', definitions.escalation('Esc1')).userTask('H').endEvent('E2');
    const engine = await scenario([model, between, called('throw')]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    const [child] = await engine.instancesOf('Q');
    expect(await engine.state(child!)).to.equal('terminated');
  });
});
