import { expect } from 'chai';
import { definitions, processBuilder, type ScopeBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';
import { eventSubProcess } from './advanced/elements.js';

function model(inner: (scope: ScopeBuilder) => ScopeBuilder) {
  return processBuilder('P')
    .root('escalation', 'Late', { escalationCode: 'LATE' })
    .root('escalation', 'Other', { escalationCode: 'OTHER' })
    .startEvent('S')
    .subProcess('SP', inner)
    .userTask('Z')
    .endEvent('E');
}

const thrower = (scope: ScopeBuilder): ScopeBuilder =>
  scope
    .startEvent('IS')
    .node('intermediateThrowEvent', 'T', {}, definitions.escalation('Late'))
    .userTask('IA')
    .endEvent('IE');

describe('An escalation', () => {
  it('is taken by a boundary event that leaves its host running', async () => {
    const engine = await scenario([
      model(thrower)
        .boundaryEvent('B', 'SP', definitions.escalation('Late'), { cancelActivity: false })
        .userTask('H')
        .endEvent('E2'),
    ]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H', 'IA']);
  });

  it('is taken by an interrupting boundary event, which ends the host', async () => {
    const engine = await scenario([
      model(thrower).boundaryEvent('B', 'SP', definitions.escalation('Late')).userTask('H').endEvent('E2'),
    ]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('goes to the event for its code rather than to the one for all', async () => {
    const both = model(thrower)
      .boundaryEvent('All', 'SP', definitions.escalation(), { cancelActivity: false })
      .userTask('HA')
      .endEvent('E2')
      .boundaryEvent('Exact', 'SP', definitions.escalation('Late'), { cancelActivity: false })
      .userTask('HE')
      .endEvent('E3');
    const engine = await scenario([both]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['HE', 'IA']);
  });

  it('nobody takes is ignored, also where events for other codes wait', async () => {
    const engine = await scenario([
      model(thrower).boundaryEvent('B', 'SP', definitions.escalation('Other')).userTask('H').endEvent('E2'),
    ]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('IA');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('of an end event is taken after the end event was reached', async () => {
    const ending = (scope: ScopeBuilder): ScopeBuilder =>
      scope.startEvent('IS').endEvent('IE', definitions.escalation('Late'));
    const engine = await scenario([
      model(ending)
        .boundaryEvent('B', 'SP', definitions.escalation('Late'), { cancelActivity: false })
        .userTask('H')
        .endEvent('E2'),
    ]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H', 'Z']);
  });

  it('starts an event sub-process of its scope', async () => {
    const inner = (scope: ScopeBuilder): ScopeBuilder => {
      thrower(scope);
      return eventSubProcess(
        scope,
        'ESP',
        { start: 'ES', definition: definitions.escalation('Late'), interrupting: false },
        (handler) => handler.userTask('H').endEvent('HE'),
      );
    };
    const engine = await scenario([model(inner)]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H', 'IA']);
    await engine.finish('IA');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    await engine.finish('H');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('of a called process is taken at its call activity, and the called process goes on', async () => {
    const called = processBuilder('Q')
      .root('escalation', 'Late', { escalationCode: 'LATE' })
      .startEvent('QS')
      .node('intermediateThrowEvent', 'QT', {}, definitions.escalation('Late'))
      .userTask('QA')
      .endEvent('QE');
    const caller = processBuilder('P')
      .root('escalation', 'Late', { escalationCode: 'LATE' })
      .startEvent('S')
      .callActivity('C', 'Q')
      .endEvent('E')
      .boundaryEvent('B', 'C', definitions.escalation('Late'), { cancelActivity: false })
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([called, caller]);
    const { processInstanceId } = await engine.start('P');
    expect((await engine.tasks()).map(({ id }) => id).sort()).to.deep.equal(['H', 'QA']);
    await engine.finish('QA');
    await engine.finish('H');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});
