import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario, type Scenario } from '../support/scenario.js';

function model(attributes: Record<string, string | boolean>, condition?: string) {
  const inner = processBuilder('inner').apart('userTask', 'A', { name: 'A' }).apart('userTask', 'B', { name: 'B' });
  const completion =
    condition === undefined
      ? ''
      : `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${condition}</bpmn:completionCondition>`;
  return processBuilder('P')
    .startEvent('S')
    .node('adHocSubProcess', 'AH', attributes, inner.innerXml() + completion)
    .userTask('Z')
    .endEvent('E');
}

async function activate(engine: Scenario, processInstanceId: string, flowNodeId: string): Promise<void> {
  await engine.engine.managementApi.activateAdHocActivity(engine.identity, processInstanceId, { flowNodeId });
  await engine.engine.idle();
}

describe('An ad-hoc sub-process', () => {
  it('starts nothing by itself; its activities run when somebody starts them, as often as they like', async () => {
    const engine = await scenario([model({}, 'done')]);
    const { processInstanceId } = await engine.start('P', { done: false });
    expect(await engine.tasks()).to.deep.equal([]);
    await activate(engine, processInstanceId, 'A');
    await activate(engine, processInstanceId, 'A');
    await activate(engine, processInstanceId, 'B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A', 'B']);
  });

  it('is done when its completion condition holds after an activity; what still runs is ended', async () => {
    const engine = await scenario([model({}, 'done')]);
    const { processInstanceId } = await engine.start('P', { done: false });
    await activate(engine, processInstanceId, 'A');
    await activate(engine, processInstanceId, 'B');
    await engine.finish('A', { done: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    expect(await engine.path(processInstanceId)).to.not.include('B');
  });

  it('lets what still runs end where it does not cancel it, and takes nothing new', async () => {
    const engine = await scenario([model({ cancelRemainingInstances: false }, 'done')]);
    const { processInstanceId } = await engine.start('P', { done: false });
    await activate(engine, processInstanceId, 'A');
    await activate(engine, processInstanceId, 'B');
    await engine.finish('A', { done: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    expect(await errorOf(activate(engine, processInstanceId, 'A'))).to.include({
      code: 409,
      reason: 'activity-not-offered',
    });
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('with sequential ordering runs one activity at a time', async () => {
    const engine = await scenario([model({ ordering: 'Sequential' }, 'done')]);
    const { processInstanceId } = await engine.start('P', { done: false });
    await activate(engine, processInstanceId, 'A');
    expect(await errorOf(activate(engine, processInstanceId, 'B'))).to.include({ code: 409 });
    await engine.finish('A');
    await activate(engine, processInstanceId, 'B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('without a condition is done when nothing runs any more', async () => {
    const engine = await scenario([model({})]);
    const { processInstanceId } = await engine.start('P');
    await activate(engine, processInstanceId, 'A');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('does not offer activities of other scopes, or unknown ones', async () => {
    const engine = await scenario([model({})]);
    const { processInstanceId } = await engine.start('P');
    expect(await errorOf(activate(engine, processInstanceId, 'Z'))).to.include({ code: 409 });
    expect(await errorOf(activate(engine, processInstanceId, 'Nothing'))).to.include({ code: 404 });
  });
});
