import { expect } from 'chai';
import { definitions, processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

/** A process that calls `G`, and the global task beside it. */
function calling(globalTask: string, inner = ''): string {
  const caller = processBuilder('P').startEvent('S').callActivity('C', 'tns:G', inner).userTask('Z').endEvent('E');
  return caller.toXml().replace('<bpmn:process', `${globalTask}\n<bpmn:process`);
}

describe('A call activity that calls a global task', () => {
  it('is that user task, with its form, under its own id', async () => {
    const form =
      '<bpmn:extensionElements><camunda:formData><camunda:formField id="f" type="string" label="F"/></camunda:formData></bpmn:extensionElements>';
    const engine = await scenario([
      calling(`<bpmn:globalUserTask id="G" name="Approve">${form}</bpmn:globalUserTask>`),
    ]);
    const { processInstanceId } = await engine.start('P');
    const [task] = await engine.tasks();
    expect(task).to.deep.include({ id: 'C', flowNodeType: 'bpmn:UserTask' });
    await engine.finish('C', { f: 'yes' });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ f: 'yes' });
    expect(await engine.instancesOf('G')).to.deep.equal([]);
  });

  it('runs a global script', async () => {
    const script = '<bpmn:script>return { sum: a + 1 };</bpmn:script>';
    const engine = await scenario([
      calling(`<bpmn:globalScriptTask id="G" scriptLanguage="javascript">${script}</bpmn:globalScriptTask>`),
    ]);
    const { processInstanceId } = await engine.start('P', { a: 1 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ a: 1, sum: 2 });
  });

  it('waits for a global manual task, for one without type, and for the worker of a business rule', async () => {
    const tasks = [
      '<bpmn:globalManualTask id="G"/>',
      '<bpmn:globalTask id="G"/>',
      '<bpmn:globalBusinessRuleTask id="G" camunda:type="external" camunda:topic="rules"/>',
    ];
    const kinds: string[] = [];
    for (const task of tasks) {
      const engine = await scenario([calling(task)]);
      const { processInstanceId } = await engine.start('P');
      kinds.push((await engine.entry(processInstanceId, 'C')).flowNodeType);
      if (task.includes('external')) await engine.work('rules', { ok: true });
      else await engine.finish('C');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    }
    expect(kinds).to.deep.equal(['bpmn:ManualTask', 'bpmn:Task', 'bpmn:BusinessRuleTask']);
  });

  it("maps the call's variables in and out", async () => {
    const mapping =
      '<bpmn:extensionElements><camunda:in source="a" target="x"/><camunda:out source="y" target="b"/></bpmn:extensionElements>';
    const script = '<bpmn:script>return { y: x * 2 };</bpmn:script>';
    const engine = await scenario([
      calling(`<bpmn:globalScriptTask id="G" scriptLanguage="javascript">${script}</bpmn:globalScriptTask>`, mapping),
    ]);
    const { processInstanceId } = await engine.start('P', { a: 21 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ a: 21, b: 42 });
  });

  it('has the boundary events and the loop of the call', async () => {
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    const caller = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .callActivity('C', 'G', loop)
      .endEvent('E')
      .boundaryEvent('B', 'C', definitions.message('M'))
      .userTask('H');
    const engine = await scenario([
      caller.toXml().replace('<bpmn:process', '<bpmn:globalUserTask id="G"/><bpmn:process'),
    ]);
    const { processInstanceId } = await engine.start('P');
    expect((await engine.tasks()).map(({ id }) => id)).to.deep.equal(['C', 'C']);
    await engine.engine.managementApi.publishMessage(engine.identity, { name: 'M' });
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('without binding is refused like the task itself', async () => {
    const engine = await scenario([]);
    const refused = engine.deploy(
      calling(`<bpmn:globalBusinessRuleTask id="G">${propertiesXml({ a: 'b' })}</bpmn:globalBusinessRuleTask>`),
    );
    const error = (await refused.catch((reason: unknown) => reason)) as {
      additionalInformation: { findings: object[] };
    };
    expect(error.additionalInformation.findings[0]).to.deep.include({ code: 'missing-binding', elementId: 'C' });
  });
});
