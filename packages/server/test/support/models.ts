/** A model with one user task. */
export function userTaskModel(processModelId: string, taskName = 'Decide'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="Definitions_1" targetNamespace="http://example.org">
  <bpmn:process id="${processModelId}" isExecutable="true">
    <bpmn:startEvent id="Start" />
    <bpmn:sequenceFlow id="Flow_1" sourceRef="Start" targetRef="Task" />
    <bpmn:userTask id="Task" name="${taskName}" />
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Task" targetRef="End" />
    <bpmn:endEvent id="End" />
  </bpmn:process>
</bpmn:definitions>
`;
}

/** A model no engine accepts: its sequence flow leads nowhere. */
export const BROKEN_MODEL = userTaskModel('broken').replace('targetRef="End"', 'targetRef="Nowhere"');
