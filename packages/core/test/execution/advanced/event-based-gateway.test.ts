import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario, type Scenario } from '../../support/scenario.js';

const HOUR = 3_600_000;

/** Waits for a message, a signal, an hour, a condition or a receive task; each leads to a task of its own. */
function choice(): ProcessBuilder {
  return processBuilder('P')
    .root('message', 'M')
    .root('message', 'R')
    .root('signal', 'G')
    .startEvent('S')
    .node('eventBasedGateway', 'Choice')
    .node('intermediateCatchEvent', 'CM', {}, definitions.message('M'))
    .userTask('AM')
    .from('Choice')
    .node('intermediateCatchEvent', 'CG', {}, definitions.signal('G'))
    .userTask('AG')
    .from('Choice')
    .node('intermediateCatchEvent', 'CT', {}, definitions.timer('timeDuration', 'PT1H'))
    .userTask('AT')
    .from('Choice')
    .node('intermediateCatchEvent', 'CC', {}, definitions.conditional('level > 5'))
    .userTask('AC')
    .from('Choice')
    .node('receiveTask', 'CR', { messageRef: 'R' })
    .userTask('AR');
}

async function set(engine: Scenario, processInstanceId: string, variables: Record<string, unknown>): Promise<void> {
  await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables });
  await engine.engine.idle();
}

describe('An event-based gateway', () => {
  const occurrences: readonly (readonly [string, string, (engine: Scenario, id: string) => Promise<void>])[] = [
    ['message', 'M', (engine) => engine.message('M')],
    ['signal', 'G', (engine) => engine.signal('G')],
    ['timer', 'T', (engine) => engine.advance(HOUR)],
    ['condition', 'C', (engine, id) => set(engine, id, { level: 6 })],
    ['receive task', 'R', (engine) => engine.message('R')],
  ];

  for (const [what, letter, occur] of occurrences) {
    it(`goes on with the event that occurs first and drops the others: a ${what}`, async () => {
      const engine = await scenario([choice()]);
      const { processInstanceId } = await engine.start('P', { level: 0 });
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['Choice']);
      expect((await engine.subscriptions()).map(({ flowNodeId }) => flowNodeId).sort()).to.deep.equal([
        'CC',
        'CG',
        'CM',
        'CR',
        'CT',
      ]);
      await occur(engine, processInstanceId);
      expect(await engine.waiting(processInstanceId)).to.deep.equal([`A${letter}`]);
      expect(await engine.subscriptions()).to.deep.equal([]);
      expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'Choice', `C${letter}`]);
    });
  }

  it('hands the payload of the event on, as data too', async () => {
    const engine = await scenario([choice()]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.message('R', { r: 2 });
    expect(await engine.payloadAt('AR')).to.deep.equal({ r: 2 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1, r: 2 });
  });

  it('hands its own payload on where the event has none', async () => {
    const engine = await scenario([choice()]);
    await engine.start('P', { v: 1 });
    await engine.advance(HOUR);
    expect(await engine.payloadAt('AT')).to.deep.equal({ v: 1 });
  });

  it('goes on at once with a condition that holds already', async () => {
    const engine = await scenario([choice()]);
    const { processInstanceId } = await engine.start('P', { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['AC']);
  });

  it('takes a later message of the same name no more', async () => {
    const engine = await scenario([choice()]);
    await engine.start('P');
    await engine.message('M');
    const { deliveredTo } = await engine.engine.managementApi.publishMessage(engine.identity, { name: 'M' });
    expect(deliveredTo).to.deep.equal([]);
  });

  it('in a loop waits anew in each round', async () => {
    const model = processBuilder('P')
      .root('message', 'More')
      .root('message', 'Done')
      .startEvent('S')
      .exclusiveGateway('Again')
      .node('eventBasedGateway', 'Choice')
      .node('intermediateCatchEvent', 'CMore', {}, definitions.message('More'))
      .to('Again')
      .from('Choice')
      .node('intermediateCatchEvent', 'CDone', {}, definitions.message('Done'))
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const name of ['More', 'More', 'Done']) await engine.message(name);
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect((await engine.path(processInstanceId)).filter((id) => id === 'CMore')).to.have.length(2);
  });

  it('several times at once: each signal reaches all of them, each message one', async () => {
    const model = processBuilder('P').root('message', 'M').root('signal', 'G').startEvent('S').parallelGateway('F');
    model
      .exclusiveGateway('Merge')
      .node('eventBasedGateway', 'Choice')
      .node('intermediateCatchEvent', 'CM', {}, definitions.message('M'))
      .userTask('AM')
      .from('Choice')
      .node('intermediateCatchEvent', 'CG', {}, definitions.signal('G'))
      .userTask('AG')
      .flow('F', 'Merge')
      .flow('F', 'Merge');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Choice', 'Choice', 'Choice']);
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['AM', 'Choice', 'Choice']);
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['AG', 'AG', 'AM']);
  });

  it('is dropped with its sub-process', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .root('message', 'Stop')
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .startEvent('IS')
          .node('eventBasedGateway', 'Choice')
          .node('intermediateCatchEvent', 'CM', {}, definitions.message('M'))
          .endEvent('IE')
          .from('Choice')
          .node('intermediateCatchEvent', 'CT', {}, definitions.timer('timeDuration', 'PT1H')),
      )
      .endEvent('E')
      .boundaryEvent('B', 'Sub', definitions.message('Stop'))
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('Stop');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });
});

/** Started by one of two messages; each leads to a task of its own, then to the end. */
function starting(attributes: Readonly<Record<string, string | boolean>> = {}): ProcessBuilder {
  return processBuilder('P')
    .root('message', 'M')
    .root('message', 'N')
    .node('eventBasedGateway', 'Choice', { instantiate: true, ...attributes })
    .node('intermediateCatchEvent', 'CM', {}, definitions.message('M'))
    .userTask('AM')
    .endEvent('EM')
    .from('Choice')
    .node('receiveTask', 'CN', { messageRef: 'N' })
    .userTask('AN')
    .endEvent('EN');
}

describe('An event-based gateway that starts the process', () => {
  it('starts an instance of its own for each event, and waits for none of the others', async () => {
    const engine = await scenario([starting()]);
    await engine.message('N', { n: 1 });
    await engine.message('M', { m: 2 });
    const [first, second] = await engine.instancesOf('P');
    expect(await engine.waiting(first!)).to.deep.equal(['AN']);
    expect(await engine.waiting(second!)).to.deep.equal(['AM']);
    expect(await engine.variables(first!)).to.deep.equal({ n: 1 });
    expect(await engine.payloadAt('AM')).to.deep.equal({ m: 2 });
    for (const id of ['AM', 'AN']) await engine.finish(id);
    for (const id of [first!, second!]) expect(await engine.state(id)).to.equal('finished');
  });

  it('of the parallel kind waits for all its events in the same instance', async () => {
    const engine = await scenario([starting({ eventGatewayType: 'Parallel' })]);
    await engine.message('N', { n: 1 });
    const [id] = await engine.instancesOf('P');
    expect(await engine.waiting(id!)).to.deep.equal(['AN', 'Choice']);
    await engine.finish('AN');
    expect(await engine.state(id!)).to.equal('running');
    await engine.message('M', { m: 2 });
    expect(await engine.instancesOf('P')).to.deep.equal([id]);
    expect(await engine.waiting(id!)).to.deep.equal(['AM']);
    expect(await engine.variables(id!)).to.deep.equal({ n: 1, m: 2 });
    await engine.finish('AM');
    expect(await engine.state(id!)).to.equal('finished');
  });

  it('of the parallel kind starts another instance by a second first event', async () => {
    const engine = await scenario([starting({ eventGatewayType: 'Parallel' })]);
    await engine.message('N');
    await engine.message('N');
    expect(await engine.instancesOf('P')).to.have.length(2);
    await engine.message('M');
    const [first, second] = await engine.instancesOf('P');
    expect(await engine.waiting(first!)).to.deep.equal(['AM', 'AN']);
    expect(await engine.waiting(second!)).to.deep.equal(['AN', 'Choice']);
  });
});
