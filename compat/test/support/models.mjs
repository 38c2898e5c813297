/** Process models in the form the seeds' modelers wrote: prefix `bpmn:`, a collaboration, lanes, `camunda:` extensions. */

const NAMESPACES = [
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
].join(' ');

/** `{id, xml}` of one element: `node('userTask', 'Task', {name: 'A task'}, '<bpmn:extensionElements>…')`. */
export function node(type, id, attributes = {}, content = '') {
  const texts = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  return { id, xml: `<bpmn:${type} id="${id}"${texts.join('')}>${content}</bpmn:${type}>` };
}

export const flow = (source, target, condition) =>
  `<bpmn:sequenceFlow id="${source}_${target}" sourceRef="${source}" targetRef="${target}">${
    condition === undefined
      ? ''
      : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`
  }</bpmn:sequenceFlow>`;

/** The nodes and the flows from each to the next. */
export const inLine = (...nodes) => [
  ...nodes,
  ...nodes.slice(1).map((target, index) => flow(nodes[index].id, target.id)),
];

/**
 * A file with one process. `content`: nodes and XML texts; `lanes`: lane name → ids of its flow nodes; `references`:
 * messages, signals and errors; `executable`: default true.
 */
export function model(id, content, { lanes = {}, references = '', executable = true } = {}) {
  const laneSet = Object.entries(lanes).map(
    ([name, ids], index) =>
      `<bpmn:lane id="Lane_${index}" name="${name}">${ids.map((ref) => `<bpmn:flowNodeRef>${ref}</bpmn:flowNodeRef>`).join('')}</bpmn:lane>`,
  );
  return [
    `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions ${NAMESPACES} id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn">`,
    `<bpmn:collaboration id="Collaboration_1"><bpmn:participant id="Participant_1" name="${id}" processRef="${id}"/></bpmn:collaboration>`,
    references,
    `<bpmn:process id="${id}" name="${id}" isExecutable="${String(executable)}">`,
    laneSet.length === 0 ? '' : `<bpmn:laneSet>${laneSet.join('')}</bpmn:laneSet>`,
    ...content.map((part) => (typeof part === 'string' ? part : part.xml)),
    '</bpmn:process></bpmn:definitions>',
  ].join('');
}

/** Start event `Start`, the nodes one after the other, end event `End`. */
export const line = (id, nodes, options) =>
  model(id, inLine(node('startEvent', 'Start'), ...nodes, node('endEvent', 'End')), options);

export const script = (id, text) => node('scriptTask', id, {}, `<bpmn:script><![CDATA[${text}]]></bpmn:script>`);
export const external = (id, topic) => node('serviceTask', id, { 'camunda:type': 'external', 'camunda:topic': topic });
export const onMessage = (ref) => `<bpmn:messageEventDefinition messageRef="${ref}"/>`;
export const onSignal = (ref) => `<bpmn:signalEventDefinition signalRef="${ref}"/>`;
export const onError = (ref) => `<bpmn:errorEventDefinition errorRef="${ref}"/>`;
export const afterDuration = (duration) =>
  `<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration></bpmn:timerEventDefinition>`;
export const message = (id, name) => `<bpmn:message id="${id}" name="${name}"/>`;
export const signal = (id, name) => `<bpmn:signal id="${id}" name="${name}"/>`;
export const error = (id, code) => `<bpmn:error id="${id}" name="${id}" errorCode="${code}"/>`;
