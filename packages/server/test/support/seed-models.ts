/** The models the demands of the seeds are shown with. Each has an id of its own, so that tests do not see each other's. */

const NAMESPACES = [
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
].join(' ');

/** A file with one process; `roots` are messages, signals and errors it refers to. */
function file(id: string, content: string, roots = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions ${NAMESPACES} id="Definitions_${id}" targetNamespace="http://example.org/seeds">
${roots}
<bpmn:process id="${id}" isExecutable="true">
${content}
</bpmn:process>
</bpmn:definitions>`;
}

/** Sequence flows between the named nodes: `a b c` is a → b → c. */
function flows(path: string): string {
  const ids = path.split(' ');
  return ids
    .slice(1)
    .map((target, index) => [ids[index]!, target] as const)
    .map(
      ([source, target]) =>
        `<bpmn:sequenceFlow id="${source}_${target}" sourceRef="${source}" targetRef="${target}" />`,
    )
    .join('\n');
}

/** Start → user task with one boolean field → end. */
export const approval = (id: string): string =>
  file(
    id,
    `<bpmn:startEvent id="Start" name="Requested" />
<bpmn:userTask id="Approve" name="Approve">
  <bpmn:extensionElements><camunda:formData>
    <camunda:formField id="approved" label="Approved?" type="boolean" />
  </camunda:formData></bpmn:extensionElements>
</bpmn:userTask>
<bpmn:endEvent id="End" />
${flows('Start Approve End')}`,
  );

/** Start → script that doubles `number` → end, or, where there is none, another end. */
export const doubling = (id: string, script = 'return { doubled: token.current.number * 2 };'): string =>
  file(
    id,
    `<bpmn:startEvent id="Start" />
<bpmn:exclusiveGateway id="IsNumber" default="IsNumber_Refused" />
<bpmn:scriptTask id="Double"><bpmn:script>${script}</bpmn:script></bpmn:scriptTask>
<bpmn:endEvent id="Doubled" />
<bpmn:endEvent id="Refused" />
${flows('Start IsNumber')}
<bpmn:sequenceFlow id="IsNumber_Double" sourceRef="IsNumber" targetRef="Double">
  <bpmn:conditionExpression>typeof token.current.number === 'number'</bpmn:conditionExpression>
</bpmn:sequenceFlow>
${flows('IsNumber Refused')}
${flows('Double Doubled')}`,
  );

/** Start → waits for message `<id> paid` → throws signal `<id> shipped` → waits for signal `<id> delivered` → end. */
export const order = (id: string): string =>
  file(
    id,
    `<bpmn:startEvent id="Start" />
<bpmn:intermediateCatchEvent id="Paid"><bpmn:messageEventDefinition messageRef="Message" /></bpmn:intermediateCatchEvent>
<bpmn:intermediateThrowEvent id="Shipped"><bpmn:signalEventDefinition signalRef="Signal_1" /></bpmn:intermediateThrowEvent>
<bpmn:intermediateCatchEvent id="Delivered"><bpmn:signalEventDefinition signalRef="Signal_2" /></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="End" />
${flows('Start Paid Shipped Delivered End')}`,
    `<bpmn:message id="Message" name="${id}-paid" />
<bpmn:signal id="Signal_1" name="${id}-shipped" />
<bpmn:signal id="Signal_2" name="${id}-delivered" />`,
  );

/** Start → external task of topic `<id>` → end; its BPMN error `refused` leads to another end. */
export const external = (id: string): string =>
  file(
    id,
    `<bpmn:startEvent id="Start" />
<bpmn:serviceTask id="Work" camunda:type="external" camunda:topic="${id}" />
<bpmn:endEvent id="End" />
<bpmn:boundaryEvent id="Refused" attachedToRef="Work"><bpmn:errorEventDefinition errorRef="Error" /></bpmn:boundaryEvent>
<bpmn:endEvent id="EndRefused" />
${flows('Start Work End')}
${flows('Refused EndRefused')}`,
    '<bpmn:error id="Error" name="Refused" errorCode="refused" />',
  );

/** Start → external task that gets and gives data by input and output parameters → end. */
export const mapped = (id: string): string =>
  file(
    id,
    `<bpmn:startEvent id="Start" />
<bpmn:serviceTask id="SendMail" camunda:type="external" camunda:topic="${id}">
  <bpmn:extensionElements><camunda:inputOutput>
    <camunda:inputParameter name="receiver">\${customer.mail}</camunda:inputParameter>
    <camunda:inputParameter name="subject">Your order</camunda:inputParameter>
    <camunda:outputParameter name="mailStatus">\${status}</camunda:outputParameter>
  </camunda:inputOutput>
  <camunda:properties><camunda:property name="payload" value="{ receiver, subject }" /></camunda:properties></bpmn:extensionElements>
</bpmn:serviceTask>
<bpmn:userTask id="Look" />
<bpmn:endEvent id="End" />
${flows('Start SendMail Look End')}`,
  );

/** Start → terminate end event. */
export const terminating = (id: string): string =>
  file(
    id,
    `<bpmn:startEvent id="Start" />
<bpmn:endEvent id="Stop"><bpmn:terminateEventDefinition /></bpmn:endEvent>
${flows('Start Stop')}`,
  );
