import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { errorOf, scenario, type Scenario } from '../../support/scenario.js';
import { eventSubProcess } from './elements.js';

const HOUR = 3_600_000;
const TRIGGERS = definitions.message('M') + definitions.signal('G');

function withRoots(id = 'P'): ProcessBuilder {
  return processBuilder(id).root('message', 'M').root('message', 'N').root('signal', 'G');
}

function catching(inner: string, attributes = {}): ProcessBuilder {
  return withRoots().startEvent('S').node('intermediateCatchEvent', 'C', attributes, inner).userTask('A').endEvent('E');
}

function hosting(inner: string, attributes = {}): ProcessBuilder {
  const model = withRoots().startEvent('S').userTask('A').endEvent('E');
  return model.boundaryEvent('Bound', 'A', inner, attributes).userTask('H').endEvent('E2');
}

const ALL = { parallelMultiple: true };

async function set(engine: Scenario, processInstanceId: string, variables: Record<string, unknown>): Promise<void> {
  await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables });
  await engine.engine.idle();
}

describe('A multiple catch event', () => {
  for (const [what, occur] of [
    ['message', (engine: Scenario) => engine.message('M')],
    ['signal', (engine: Scenario) => engine.signal('G')],
    ['timer', (engine: Scenario) => engine.advance(HOUR)],
  ] as const) {
    it(`goes on with the first of its triggers and drops the others: a ${what}`, async () => {
      const engine = await scenario([catching(TRIGGERS + definitions.timer('timeDuration', 'PT1H'))]);
      const { processInstanceId } = await engine.start('P');
      expect(await engine.subscriptions()).to.have.length(3);
      await occur(engine);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
      expect(await engine.subscriptions()).to.deep.equal([]);
    });
  }
});

describe('A parallel multiple catch event', () => {
  for (const order of [
    ['M', 'G'],
    ['G', 'M'],
  ]) {
    it(`needs all of its triggers (${order.join(' then ')}), and brings the data of all`, async () => {
      const engine = await scenario([catching(TRIGGERS, ALL)]);
      const { processInstanceId } = await engine.start('P');
      const occur = (name: string) => (name === 'M' ? engine.message('M', { m: 1 }) : engine.signal('G', { g: 2 }));
      await occur(order[0]!);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
      await occur(order[0]!);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
      await occur(order[1]!);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
      expect(await engine.payloadAt('A')).to.deep.equal({ m: 1, g: 2 });
      expect(await engine.variables(processInstanceId)).to.deep.equal({ m: 1, g: 2 });
    });
  }

  it('keeps the payload of a message where a timer comes last', async () => {
    const engine = await scenario([
      catching(definitions.message('M') + definitions.timer('timeDuration', 'PT1H'), ALL),
    ]);
    await engine.start('P');
    await engine.message('M', 'text');
    await engine.advance(HOUR);
    expect(await engine.payloadAt('A')).to.equal('text');
  });

  it('goes on with the later of two payloads where they are no objects both', async () => {
    for (const [message, signal] of [
      ['text', { g: 2 }],
      [{ m: 1 }, 'text'],
    ]) {
      const engine = await scenario([catching(TRIGGERS, ALL)]);
      await engine.start('P');
      await engine.message('M', message);
      await engine.signal('G', signal);
      expect(await engine.payloadAt('A')).to.deep.equal(signal);
    }
  });

  it('needs each of its conditions', async () => {
    const conditions = definitions.conditional('a > 5') + definitions.conditional('b > 5');
    const engine = await scenario([catching(conditions, ALL)]);
    const { processInstanceId } = await engine.start('P');
    await set(engine, processInstanceId, { a: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
    await set(engine, processInstanceId, { a: 0, b: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });

  it('behind an event-based gateway needs all of its triggers too', async () => {
    const model = withRoots()
      .startEvent('S')
      .node('eventBasedGateway', 'Choice')
      .node('intermediateCatchEvent', 'C', ALL, TRIGGERS)
      .userTask('A')
      .from('Choice')
      .node('intermediateCatchEvent', 'CN', {}, definitions.message('N'))
      .userTask('B');
    const engine = await scenario([model]);
    const first = await engine.start('P');
    await engine.message('M', { m: 1 });
    expect(await engine.waiting(first.processInstanceId)).to.deep.equal(['Choice']);
    await engine.signal('G', { g: 2 });
    expect(await engine.payloadAt('A')).to.deep.equal({ m: 1, g: 2 });
    const second = await engine.start('P');
    await engine.message('M');
    await engine.message('N');
    expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['B']);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });
});

describe('A multiple boundary event', () => {
  it('that interrupts is fired by any of its triggers', async () => {
    const engine = await scenario([hosting(TRIGGERS)]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });

  it('that does not interrupt is fired by each of them', async () => {
    const engine = await scenario([hosting(TRIGGERS, { cancelActivity: false })]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G');
    await engine.message('M');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H', 'H']);
  });

  it('may catch an error or an escalation beside its other triggers', async () => {
    const model = withRoots()
      .root('error', 'X', { errorCode: 'X' })
      .startEvent('S')
      .externalTask('A', 'topic')
      .endEvent('E');
    model
      .boundaryEvent('Bound', 'A', definitions.error('X') + definitions.message('M'))
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.failWork('topic', 'no', 'X');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('of the parallel kind needs all of its triggers', async () => {
    const engine = await scenario([hosting(TRIGGERS, ALL)]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M', { m: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.signal('G', { g: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.payloadAt('H')).to.deep.equal({ m: 1, g: 2 });
  });

  it('of the parallel kind that does not interrupt needs all of them each time', async () => {
    const engine = await scenario([hosting(TRIGGERS, { ...ALL, cancelActivity: false })]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M', { m: 1 });
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    await engine.signal('G', { g: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    await engine.message('M', { m: 3 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
    expect((await engine.tasks()).map(({ tokenPayload }) => tokenPayload)).to.deep.include({ g: 2, m: 3 });
  });

  it('of the parallel kind, a condition that still holds has to become true again', async () => {
    const inner = definitions.conditional('a > 5') + definitions.conditional('b > 5');
    const engine = await scenario([hosting(inner, { ...ALL, cancelActivity: false })]);
    const { processInstanceId } = await engine.start('P', { a: 6, b: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    await set(engine, processInstanceId, { a: 0 });
    await set(engine, processInstanceId, { a: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    await set(engine, processInstanceId, { b: 0 });
    await set(engine, processInstanceId, { b: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
  });
});

describe('A multiple start event of an event sub-process', () => {
  function handling(attributes: Readonly<Record<string, boolean>>, interrupting: boolean): ProcessBuilder {
    const model = withRoots().startEvent('S').userTask('A').endEvent('E');
    const build = eventSubProcess(model, 'Handler', { start: 'ES', definition: TRIGGERS, interrupting }, (inner) =>
      inner.userTask('H').endEvent('HE'),
    );
    return attributes['parallelMultiple'] === true ? withAttribute(build) : build;
  }

  /** The helper for event sub-processes knows nothing of this attribute. */
  function withAttribute(model: ProcessBuilder): ProcessBuilder {
    const toXml = model.toXml.bind(model);
    model.toXml = () => toXml().replace('<bpmn:startEvent id="ES"', '<bpmn:startEvent id="ES" parallelMultiple="true"');
    return model;
  }

  it('is started by any of its triggers', async () => {
    const engine = await scenario([handling({}, true)]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });

  it('of the parallel kind needs all of them, each time', async () => {
    const engine = await scenario([handling(ALL, false)]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G', { g: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.message('M', { m: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ g: 1, m: 2 });
    await engine.message('M');
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
  });
});

describe('A multiple start event', () => {
  it('starts an instance by each of its triggers', async () => {
    const model = withRoots().startEvent('S', TRIGGERS).userTask('A').endEvent('E');
    const engine = await scenario([model]);
    await engine.message('M', { m: 1 });
    await engine.signal('G', { g: 2 });
    const [first, second] = await engine.instancesOf('P');
    expect(await engine.variables(first!)).to.deep.equal({ m: 1 });
    expect(await engine.variables(second!)).to.deep.equal({ g: 2 });
  });

  it('of the parallel kind is refused at deployment', async () => {
    const model = withRoots().node('startEvent', 'S', ALL, TRIGGERS).userTask('A').endEvent('E');
    const engine = await scenario([]);
    expect((await errorOf(engine.deploy(model))).message).to.include('S');
  });
});

describe('A multiple throw or end event', () => {
  function receiver(id: string, definition: string): ProcessBuilder {
    return withRoots(id)
      .startEvent(`${id}S`)
      .node('intermediateCatchEvent', `${id}C`, {}, definition)
      .endEvent(`${id}E`);
  }

  for (const element of ['intermediateThrowEvent', 'endEvent']) {
    it(`throws everything it names (${element})`, async () => {
      const model = withRoots()
        .root('escalation', 'Esc', { escalationCode: 'Esc' })
        .startEvent('S')
        .subProcess('Sub', (inner) =>
          inner.startEvent('IS').node(element, 'T', {}, TRIGGERS + definitions.escalation('Esc')),
        );
      model.userTask('A').endEvent('E');
      model
        .boundaryEvent('Bound', 'Sub', definitions.escalation('Esc'), { cancelActivity: false })
        .userTask('H')
        .endEvent('E2');
      const engine = await scenario([
        model,
        receiver('QM', definitions.message('M')),
        receiver('QG', definitions.signal('G')),
      ]);
      const waiting = [await engine.start('QM'), await engine.start('QG')];
      const { processInstanceId } = await engine.start('P');
      for (const { processInstanceId: id } of waiting) expect(await engine.state(id)).to.equal('finished');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    });
  }

  it('may send and terminate', async () => {
    const model = withRoots()
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('T', definitions.message('M') + definitions.terminate());
    model.from('F').userTask('B');
    const engine = await scenario([model, receiver('QM', definitions.message('M'))]);
    const waiting = await engine.start('QM');
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('terminated');
    expect(await engine.state(waiting.processInstanceId)).to.equal('finished');
  });
});
