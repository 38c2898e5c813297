import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder, type ScopeBuilder } from '../../../dist/testing/index.js';
import { scenario, type Scenario } from '../../support/scenario.js';
import { dataObjects, eventSubProcess } from './elements.js';

const HOUR = 3_600_000;

function withRoots(): ProcessBuilder {
  return processBuilder('P')
    .root('message', 'M')
    .root('message', 'N')
    .root('signal', 'G')
    .root('error', 'X', { errorCode: 'X' })
    .root('error', 'Y', { errorCode: 'Y' })
    .root('escalation', 'Esc', { escalationCode: 'Esc' });
}

/** A process with a task A and an event sub-process with a task H. */
function handling(definition: string, interrupting: boolean): ProcessBuilder {
  const model = withRoots().startEvent('S').userTask('A').userTask('B').endEvent('E');
  return eventSubProcess(model, 'Handler', { start: 'ES', definition, interrupting }, toTask);
}

function toTask(inner: ScopeBuilder): ScopeBuilder {
  return inner.userTask('H').endEvent('HE');
}

async function set(engine: Scenario, processInstanceId: string, variables: Record<string, unknown>): Promise<void> {
  await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables });
  await engine.engine.idle();
}

describe('An event sub-process', () => {
  const triggers: readonly (readonly [string, string, (engine: Scenario, id: string) => Promise<void>])[] = [
    ['message', definitions.message('M'), (engine) => engine.message('M', { m: 1 })],
    ['signal', definitions.signal('G'), (engine) => engine.signal('G', { m: 1 })],
    ['timer', definitions.timer('timeDuration', 'PT1H'), (engine) => engine.advance(HOUR)],
    ['condition', definitions.conditional('level > 5'), (engine, id) => set(engine, id, { level: 6 })],
  ];

  for (const [what, definition, occur] of triggers) {
    it(`that interrupts by a ${what} ends all else and then the process`, async () => {
      const engine = await scenario([handling(definition, true)]);
      const { processInstanceId } = await engine.start('P');
      await occur(engine, processInstanceId);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
      expect(await engine.subscriptions()).to.deep.equal([]);
      await engine.finish('H');
      expect(await engine.state(processInstanceId)).to.equal('finished');
      expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'ES', 'H', 'HE', 'Handler']);
    });

    it(`that does not interrupt runs beside the rest, started by a ${what}`, async () => {
      const engine = await scenario([handling(definition, false)]);
      const { processInstanceId } = await engine.start('P');
      await occur(engine, processInstanceId);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
      for (const id of ['A', 'B']) await engine.finish(id);
      expect(await engine.state(processInstanceId)).to.equal('running');
      await engine.finish('H');
      expect(await engine.state(processInstanceId)).to.equal('finished');
    });
  }

  for (const [what, throwing] of [
    ['error', definitions.error('X')],
    ['escalation', definitions.escalation('Esc')],
  ] as const) {
    it(`is started by an ${what} thrown in its scope`, async () => {
      const model = withRoots()
        .startEvent('S')
        .parallelGateway('F')
        .userTask('A')
        .endEvent('T', throwing)
        .from('F')
        .userTask('B');
      eventSubProcess(model, 'Handler', { start: 'ES', definition: throwing }, toTask);
      const engine = await scenario([model]);
      const { processInstanceId } = await engine.start('P');
      await engine.finish('A');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
      await engine.finish('H');
      expect(await engine.state(processInstanceId)).to.equal('finished');
    });
  }

  it('without code catches any error, one with the code goes first', async () => {
    const model = withRoots().startEvent('S').externalTask('A', 'topic').endEvent('E');
    eventSubProcess(model, 'Any', { start: 'AnyS', definition: definitions.error() }, (inner) =>
      inner.userTask('HAny').endEvent('AnyE'),
    );
    eventSubProcess(model, 'OnlyX', { start: 'XS', definition: definitions.error('X') }, (inner) =>
      inner.userTask('HX').endEvent('XE'),
    );
    const engine = await scenario([model]);
    const x = await engine.start('P');
    await engine.failWork('topic', 'no', 'X');
    expect(await engine.waiting(x.processInstanceId)).to.deep.equal(['HX']);
    const y = await engine.start('P');
    await engine.failWork('topic', 'no', 'other');
    expect(await engine.waiting(y.processInstanceId)).to.deep.equal(['HAny']);
  });

  it('that catches an error interrupts, whatever its attribute says', async () => {
    const model = withRoots().startEvent('S').parallelGateway('F').externalTask('A', 'topic').from('F').userTask('B');
    const start = { start: 'ES', definition: definitions.error('X'), interrupting: false };
    const engine = await scenario([eventSubProcess(model, 'Handler', start, toTask)]);
    const { processInstanceId } = await engine.start('P');
    await engine.failWork('topic', 'no', 'X');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.fetch('topic')).to.deep.equal([]);
  });

  it('of a sub-process is nearer than the boundary event', async () => {
    const model = withRoots()
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        eventSubProcess(
          inner.startEvent('IS').userTask('A').endEvent('IE', definitions.error('X')),
          'Handler',
          { start: 'ES', definition: definitions.error() },
          toTask,
        ),
      );
    model
      .userTask('B')
      .endEvent('E')
      .boundaryEvent('Bound', 'Sub', definitions.error('X'))
      .userTask('HB')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    await engine.finish('H');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('sends its own errors outward, not to its siblings or itself', async () => {
    const model = withRoots()
      .startEvent('S')
      .subProcess('Sub', (inner) => {
        inner.startEvent('IS').userTask('A').endEvent('IE', definitions.error('X'));
        eventSubProcess(inner, 'OnX', { start: 'XS', definition: definitions.error('X') }, (handler) =>
          handler.userTask('H').endEvent('HE', definitions.error('Y')),
        );
        return eventSubProcess(inner, 'OnY', { start: 'YS', definition: definitions.error('Y') }, (handler) =>
          handler.userTask('Wrong').endEvent('YE'),
        );
      });
    model
      .userTask('B')
      .endEvent('E')
      .boundaryEvent('Bound', 'Sub', definitions.error('Y'))
      .userTask('HB')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('H');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['HB']);
  });

  it('that fails without anyone to catch it ends the process', async () => {
    const model = withRoots().startEvent('S').userTask('A').endEvent('E');
    eventSubProcess(
      model,
      'Handler',
      { start: 'ES', definition: definitions.message('M'), interrupting: false },
      (inner) => inner.userTask('H').endEvent('HE', definitions.error('X')),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    await engine.finish('H');
    expect((await engine.instance(processInstanceId)).error).to.include({ code: 'X' });
    expect(await engine.tasks()).to.deep.equal([]);
  });

  it('makes the payload of its event data', async () => {
    const engine = await scenario([handling(definitions.message('M'), false)]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.message('M', { m: 2 });
    expect(await engine.payloadAt('H')).to.deep.equal({ m: 2 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1, m: 2 });
  });

  it('goes on with the payload of its scope where the event has none', async () => {
    const engine = await scenario([handling(definitions.timer('timeDuration', 'PT1H'), false)]);
    await engine.start('P', { v: 1 });
    await engine.advance(HOUR);
    expect(await engine.payloadAt('H')).to.deep.equal({ v: 1 });
  });

  it('has data of its own, and sees and changes those of its scope', async () => {
    const model = withRoots().xml(dataObjects('shared', 'hidden')).startEvent('S').userTask('A').endEvent('E');
    eventSubProcess(
      model,
      'Handler',
      { start: 'ES', definition: definitions.message('M'), interrupting: false },
      (inner) => inner.xml('<bpmn:dataObject id="hidden2" name="hidden"/>').userTask('H').endEvent('HE'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { hidden: 'outside', shared: 1 });
    await engine.message('M');
    await engine.finish('H', { hidden: 'inside', shared: 2 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ hidden: 'outside', shared: 2 });
  });

  it('that does not interrupt may run several times at once', async () => {
    const engine = await scenario([handling(definitions.message('M'), false)]);
    const { processInstanceId } = await engine.start('P');
    for (let count = 0; count < 3; count += 1) await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H', 'H']);
    await engine.finish('H');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H', 'H']);
  });

  it('that interrupts runs once, and disarms the others', async () => {
    const model = handling(definitions.message('M'), true);
    eventSubProcess(
      model,
      'Other',
      { start: 'OS', definition: definitions.signal('G'), interrupting: false },
      (inner) => inner.userTask('O').endEvent('OE'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    await engine.message('M');
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('is disarmed when its scope has ended', async () => {
    const model = withRoots()
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        eventSubProcess(
          inner.startEvent('IS').userTask('A').endEvent('IE'),
          'Handler',
          { start: 'ES', definition: definitions.message('M') },
          toTask,
        ),
      );
    const engine = await scenario([model.userTask('B').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    expect((await engine.subscriptions()).map(({ flowNodeId }) => flowNodeId)).to.deep.equal(['ES']);
    await engine.finish('A');
    expect(await engine.subscriptions()).to.deep.equal([]);
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('starts no more when only event sub-processes of its scope still run', async () => {
    const engine = await scenario([handling(definitions.message('M'), false)]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    for (const id of ['A', 'B']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.subscriptions()).to.deep.equal([]);
    const { deliveredTo } = await engine.engine.managementApi.publishMessage(engine.identity, { name: 'M' });
    expect(deliveredTo).to.deep.equal([]);
    await engine.finish('H');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('fires as often as its timer repeats', async () => {
    const engine = await scenario([handling(definitions.timer('timeCycle', 'R2/PT1H'), false)]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(HOUR);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    await engine.advance(5 * HOUR);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
  });

  it('ends with the sub-process that a boundary event interrupts', async () => {
    const model = withRoots()
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        eventSubProcess(
          inner.startEvent('IS').userTask('A').endEvent('IE'),
          'Handler',
          { start: 'ES', definition: definitions.message('M'), interrupting: false },
          toTask,
        ),
      );
    model
      .userTask('B')
      .endEvent('E')
      .boundaryEvent('Bound', 'Sub', definitions.signal('G'))
      .userTask('HB')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['HB']);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });

  it('in another is armed while that one runs', async () => {
    const model = withRoots().startEvent('S').userTask('A').endEvent('E');
    eventSubProcess(model, 'Outer', { start: 'OS', definition: definitions.message('M') }, (outer) =>
      eventSubProcess(
        outer.userTask('O').endEvent('OE'),
        'Inner',
        { start: 'IS', definition: definitions.message('N') },
        (inner) => inner.userTask('I').endEvent('IE'),
      ),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('N');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.message('M');
    await engine.message('N');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['I']);
    await engine.finish('I');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('of the outer scope ends the inner one with all that runs in it', async () => {
    const model = withRoots()
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        eventSubProcess(
          inner.startEvent('IS').userTask('A').endEvent('IE'),
          'Inner',
          { start: 'InnerS', definition: definitions.message('N'), interrupting: false },
          (handler) => handler.userTask('HI').endEvent('HIE'),
        ),
      );
    eventSubProcess(model.endEvent('E'), 'Outer', { start: 'OuterS', definition: definitions.message('M') }, toTask);
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('N');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('that terminates ends itself, not its scope', async () => {
    const model = withRoots().startEvent('S').userTask('A').endEvent('E');
    eventSubProcess(
      model,
      'Handler',
      { start: 'ES', definition: definitions.message('M'), interrupting: false },
      (inner) =>
        inner
          .parallelGateway('F')
          .userTask('H')
          .endEvent('T', definitions.terminate())
          .from('F')
          .userTask('K')
          .endEvent('HE'),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    await engine.finish('H');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('of a called process catches an error there, and the caller goes on', async () => {
    const called = processBuilder('Q')
      .root('error', 'X', { errorCode: 'X' })
      .startEvent('QS')
      .userTask('QA')
      .endEvent('QE', definitions.error('X'));
    eventSubProcess(called, 'Handler', { start: 'ES', definition: definitions.error('X') }, toTask);
    const model = processBuilder('P').startEvent('S').callActivity('C', 'Q').userTask('B').endEvent('E');
    const engine = await scenario([model, called]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('QA');
    await engine.finish('H');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });
});
