import { expect } from 'chai';
import {
  definitions,
  escapeXml,
  processBuilder,
  type ProcessBuilder,
  type ScopeBuilder,
} from '../../../dist/testing/index.js';
import { errorOf, scenario, type Scenario } from '../../support/scenario.js';
import { dataObjects, multiInstance } from './elements.js';

interface AdHoc {
  readonly condition?: string;
  readonly attributes?: Readonly<Record<string, string | boolean>>;
}

/** An ad-hoc sub-process with this content, then a task Z. */
function adHoc(
  build: (inner: ScopeBuilder) => ScopeBuilder,
  { condition, attributes = {} }: AdHoc = {},
): ProcessBuilder {
  const completion =
    condition === undefined
      ? ''
      : `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${escapeXml(condition)}</bpmn:completionCondition>`;
  const content = build(processBuilder('unused')).innerXml();
  return processBuilder('P')
    .root('message', 'M')
    .startEvent('S')
    .node('adHocSubProcess', 'Sub', attributes, content + completion)
    .userTask('Z')
    .endEvent('E');
}

/** Activities A and B without flows. */
const two = (inner: ScopeBuilder): ScopeBuilder => inner.userTask('A').apart('userTask', 'B');

async function activate(engine: Scenario, processInstanceId: string, ...ids: readonly string[]): Promise<void> {
  for (const flowNodeId of ids) {
    await engine.engine.managementApi.activateAdHocActivity(engine.identity, processInstanceId, { flowNodeId });
    await engine.engine.idle();
  }
}

describe('An ad-hoc sub-process', () => {
  it('starts nothing by itself', async () => {
    const engine = await scenario([adHoc(two)]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal([]);
    expect(await engine.state(processInstanceId)).to.equal('running');
  });

  it('runs its activities side by side, as often as they are started', async () => {
    const engine = await scenario([adHoc(two, { condition: 'done' })]);
    const { processInstanceId } = await engine.start('P', { done: false });
    await activate(engine, processInstanceId, 'A', 'B', 'A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A', 'B']);
    for (const id of ['A', 'A', 'B']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal([]);
    await activate(engine, processInstanceId, 'B');
    await engine.finish('B', { done: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('without a condition is done when nothing runs any more', async () => {
    const engine = await scenario([adHoc(two)]);
    const { processInstanceId } = await engine.start('P');
    await activate(engine, processInstanceId, 'A', 'B');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('cancels what still runs when its condition holds', async () => {
    const engine = await scenario([adHoc(two, { condition: 'done' })]);
    const { processInstanceId } = await engine.start('P');
    await activate(engine, processInstanceId, 'A', 'B');
    await engine.finish('A', { done: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    expect((await engine.entry(processInstanceId, 'B')).state).to.equal('cancelled');
  });

  it('lets what still runs come to its end where it must not cancel it, but starts nothing more', async () => {
    const attributes = { cancelRemainingInstances: false };
    const engine = await scenario([adHoc(two, { condition: 'done', attributes })]);
    const { processInstanceId } = await engine.start('P');
    await activate(engine, processInstanceId, 'A', 'B');
    await engine.finish('A', { done: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    expect(await errorOf(activate(engine, processInstanceId, 'A'))).to.include({ code: 409 });
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('in sequential ordering runs one at a time', async () => {
    const engine = await scenario([adHoc(two, { condition: 'done', attributes: { ordering: 'Sequential' } })]);
    const { processInstanceId } = await engine.start('P');
    await activate(engine, processInstanceId, 'A');
    expect(await errorOf(activate(engine, processInstanceId, 'B'))).to.include({ code: 409 });
    await engine.finish('A');
    await activate(engine, processInstanceId, 'B');
    await engine.finish('B', { done: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('goes along its inner flows, and offers only where they begin', async () => {
    const engine = await scenario([adHoc((inner) => inner.userTask('A').userTask('B'), { condition: 'done' })]);
    const { processInstanceId } = await engine.start('P');
    expect(await errorOf(activate(engine, processInstanceId, 'B'))).to.include({ code: 409 });
    await activate(engine, processInstanceId, 'A');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    await engine.finish('B', { done: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  for (const cancelRemainingInstances of [true, false]) {
    it(`runs nothing further when its condition holds (${cancelRemainingInstances ? 'cancels' : 'keeps'} the rest)`, async () => {
      const build = (inner: ScopeBuilder): ScopeBuilder => inner.userTask('A').userTask('B').apart('userTask', 'C');
      const engine = await scenario([adHoc(build, { condition: 'done', attributes: { cancelRemainingInstances } })]);
      const { processInstanceId } = await engine.start('P');
      await activate(engine, processInstanceId, 'A', 'C');
      await engine.finish('A', { done: true });
      expect(await engine.waiting(processInstanceId)).to.deep.equal([cancelRemainingInstances ? 'Z' : 'C']);
      expect(await engine.path(processInstanceId)).not.to.include('B');
    });
  }

  it('joins its inner flows', async () => {
    const build = (inner: ScopeBuilder): ScopeBuilder =>
      inner.userTask('A').parallelGateway('J').userTask('C').apart('userTask', 'B').to('J');
    const engine = await scenario([adHoc(build)]);
    const { processInstanceId } = await engine.start('P');
    await activate(engine, processInstanceId, 'A', 'B');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'J']);
    await engine.finish('B');
    await engine.finish('C');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('goes on with the payload it came with', async () => {
    const engine = await scenario([adHoc(two)]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await activate(engine, processInstanceId, 'A');
    expect(await engine.payloadAt('A')).to.deep.equal({ v: 1 });
    await engine.finish('A', { a: 1 });
    expect(await engine.payloadAt('Z')).to.deep.equal({ v: 1 });
  });

  it('is ended by its boundary event', async () => {
    const model = adHoc(two, { condition: 'done' });
    model.boundaryEvent('Bound', 'Sub', definitions.message('M')).userTask('H').endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('may run its work elsewhere', async () => {
    const build = (inner: ScopeBuilder): ScopeBuilder => inner.externalTask('A', 'topic');
    const engine = await scenario([adHoc(build, { condition: 'n === 2' })]);
    const { processInstanceId } = await engine.start('P');
    await activate(engine, processInstanceId, 'A', 'A');
    for (const n of [1, 2]) await engine.work('topic', { n });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('of several instances offers its activities in each', async () => {
    const build = (inner: ScopeBuilder): ScopeBuilder => inner.xml(multiInstance({ cardinality: '2' })).userTask('A');
    const engine = await scenario([adHoc(build)]);
    const { processInstanceId } = await engine.start('P');
    const scopes = (await engine.history(processInstanceId)).filter(
      ({ flowNodeId, scopeId }) => flowNodeId === 'Sub' && scopeId !== processInstanceId,
    );
    for (const { flowNodeInstanceId: scopeId } of scopes) {
      const activity = { flowNodeId: 'A', scopeId };
      await engine.engine.managementApi.activateAdHocActivity(engine.identity, processInstanceId, activity);
    }
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('of several instances takes an activity in the first that may run it', async () => {
    const build = (inner: ScopeBuilder): ScopeBuilder => inner.xml(multiInstance({ cardinality: '2' })).userTask('A');
    const engine = await scenario([adHoc(build, { attributes: { ordering: 'Sequential' } })]);
    const { processInstanceId } = await engine.start('P');
    await activate(engine, processInstanceId, 'A', 'A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A']);
    for (let count = 0; count < 2; count += 1) await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('has data objects of its own', async () => {
    const engine = await scenario([adHoc((inner) => two(inner.xml(dataObjects('own'))), { condition: 'own === 2' })]);
    const { processInstanceId } = await engine.start('P', { own: 2 });
    await activate(engine, processInstanceId, 'A');
    await engine.finish('A', { own: 1 });
    await activate(engine, processInstanceId, 'B');
    await engine.finish('B', { own: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ own: 2 });
  });

  it('is not there for activities of another kind, or when it has ended', async () => {
    const engine = await scenario([adHoc(two)]);
    const { processInstanceId } = await engine.start('P');
    expect(await errorOf(activate(engine, processInstanceId, 'Z'))).to.include({ code: 409 });
    await activate(engine, processInstanceId, 'A');
    await engine.finish('A');
    expect(await errorOf(activate(engine, processInstanceId, 'A'))).to.include({ code: 409 });
  });
});
