import { expect } from 'chai';
import { BpmnError } from '../../dist/execution/bpmn-error.js';
import { service } from '../../dist/runtime/services.js';
import { definitions, processBuilder, type ScopeBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

/** Two branches and their join, in a sub-process with an interrupting message event. */
const forked = (scope: ScopeBuilder) =>
  scope
    .startEvent('IS')
    .parallelGateway('F')
    .userTask('A')
    .parallelGateway('J')
    .userTask('AfterJoin')
    .endEvent('IE')
    .from('F')
    .userTask('B')
    .to('J');

function interruptible(body: (scope: ScopeBuilder) => ScopeBuilder) {
  return processBuilder('P')
    .root('message', 'M')
    .startEvent('S')
    .exclusiveGateway('Again')
    .subProcess('SP', body)
    .endEvent('E')
    .boundaryEvent('B1', 'SP', definitions.message('M'))
    .to('Again');
}

describe('Cancelling while a join waits', () => {
  it('ends the join with its scope, and the next entry begins with an empty one', async () => {
    const engine = await scenario([interruptible(forked)]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { round: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'J']);
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'B']);
    await engine.finish('B', { round: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'J']);
    await engine.finish('A', { round: 2 });
    expect(await engine.payloadAt('AfterJoin')).to.deep.equal({
      A: { form_fields: { round: 2 } },
      B: { form_fields: { round: 2 } },
    });
  });

  it('joins of two scopes of one sub-process are not mixed up', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('Two')
      .exclusiveGateway('M')
      .subProcess('SP', forked)
      .endEvent('E')
      .from('Two')
      .to('M');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    const tasks = await engine.tasks();
    const [firstA, secondA] = tasks.filter(({ id }) => id === 'A');
    const bs = tasks.filter(({ id }) => id === 'B');
    const scopeOf = async (id: string) =>
      (await engine.history(processInstanceId)).find((row) => row.flowNodeInstanceId === id)!.scopeId;
    const otherB =
      (await scopeOf(bs[0]!.flowNodeInstanceId)) === (await scopeOf(firstA!.flowNodeInstanceId)) ? bs[1]! : bs[0]!;
    await engine.finishTask(firstA!);
    await engine.finishTask(otherB);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'B', 'J', 'J']);
    await engine.finishTask(secondA!);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['AfterJoin', 'B', 'J']);
  });

  it('by the last branch: an error beside a full join ends all', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (scope) =>
        scope
          .startEvent('IS')
          .parallelGateway('F')
          .node('task', 'Pass1')
          .parallelGateway('J')
          .userTask('AfterJoin')
          .endEvent('IE')
          .from('F')
          .node('task', 'Pass2')
          .to('J')
          .from('F')
          .serviceTask('T', 'boom')
          .endEvent('IE2'),
      )
      .endEvent('E')
      .boundaryEvent('B1', 'SP', definitions.error())
      .endEvent('Caught');
    const boom = service(
      () => {
        throw new BpmnError('X');
      },
      { inline: true },
    );
    const engine = await scenario([model], { services: { boom }, untypedTasks: 'pass' });
    const { endEventId, processInstanceId } = await engine.call('P');
    expect(endEventId).to.equal('Caught');
    expect((await engine.history(processInstanceId!)).every(({ leftAt }) => leftAt !== undefined)).to.equal(true);
  });

  it('the step that completes the join may be the one that is cancelled', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .parallelGateway('J')
      .endEvent('Terminates', definitions.terminate())
      .from('F')
      .userTask('B')
      .to('J')
      .from('F')
      .userTask('C')
      .parallelGateway('J2')
      .endEvent('E')
      .from('F')
      .userTask('D')
      .to('J2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['C', 'A', 'B']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('terminated');
    expect((await engine.entry(processInstanceId, 'J2')).state).to.equal('cancelled');
  });
});
