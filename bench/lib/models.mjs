/** The processes that are run, as BPMN. */

const NAMESPACES = [
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
].join(' ');

/**
 * @typedef {object} Node
 * @property {string} id
 * @property {string} xml
 * @typedef {object} Flow
 * @property {string} from
 * @property {string} to
 * @property {string} [condition]
 */

/** A process: start event `start`, the nodes in a line, end event `end`. */
export function straightModel(id, nodes) {
  const ids = ['start', ...nodes.map((node) => node.id), 'end'];
  const flows = ids.slice(1).map((target, at) => ({ from: ids[at], to: target }));
  return model(id, nodes, flows);
}

/**
 * A process of a start event `start`, an end event `end`, the nodes, and the flows between them.
 *
 * @param {Node[]} nodes
 * @param {Flow[]} flows
 * @param {{ language?: string, roots?: string }} [options] `language` of the conditions; `roots`: messages and the like
 */
export function model(id, nodes, flows, { language, roots = '' } = {}) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions ${NAMESPACES} id="definitions-${id}" targetNamespace="bench">
${roots}
<bpmn:process id="${id}" isExecutable="true">
${inner('start', 'end', nodes, flows, language)}
</bpmn:process>
</bpmn:definitions>`;
}

function inner(start, end, nodes, flows, language) {
  return [
    `<bpmn:startEvent id="${start}" />`,
    ...nodes.map(({ xml }) => xml),
    `<bpmn:endEvent id="${end}" />`,
    ...flows.map((flow) => flowXml(flow, language)),
  ].join('\n');
}

function flowXml({ from, to, condition }, language) {
  const attribute = language === undefined ? '' : ` language="${language}"`;
  const expression =
    condition === undefined
      ? ''
      : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"${attribute}>${escape(condition)}</bpmn:conditionExpression>`;
  return `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}">${expression}</bpmn:sequenceFlow>`;
}

/** @returns {Node} */
export function node(element, id, { attributes = '', inner: content = '' } = {}) {
  return { id, xml: `<bpmn:${element} id="${id}" ${attributes}>${content}</bpmn:${element}>` };
}

/** A service task that both engines understand: each reads what concerns it. */
export function serviceTask(id, content = '') {
  const property = '<camunda:property name="module" value="noop" />';
  return node('serviceTask', id, {
    attributes: 'implementation="${environment.services.noop}"',
    inner: `<bpmn:extensionElements><camunda:properties>${property}</camunda:properties></bpmn:extensionElements>${content}`,
  });
}

export function serviceTasks(count) {
  return Array.from({ length: count }, (_, at) => serviceTask(`service_${at + 1}`));
}

export function scriptTask(id, script) {
  return node('scriptTask', id, {
    attributes: 'scriptFormat="javascript"',
    inner: `<bpmn:script>${escape(script)}</bpmn:script>`,
  });
}

/** A sub-process with the nodes in a line. */
export function subProcess(id, nodes) {
  const ids = [`${id}_start`, ...nodes.map((child) => child.id), `${id}_end`];
  const flows = ids.slice(1).map((target, at) => ({ from: ids[at], to: target }));
  return node('subProcess', id, { inner: inner(`${id}_start`, `${id}_end`, nodes, flows) });
}

/**
 * Exclusive decision, parallel fork and join of three, inclusive decision of two out of three: 14 activities run.
 *
 * @param {{ big: string, small: string, first: string, second: string, third: string }} conditions of which `big`,
 *   `first` and `second` hold
 */
export function gatewayModel({ big, small, first, second, third }, language) {
  const nodes = [
    node('exclusiveGateway', 'decide'),
    serviceTask('do_big'),
    serviceTask('do_small'),
    node('exclusiveGateway', 'decided'),
    node('parallelGateway', 'fork'),
    ...['left', 'middle', 'right'].map((id) => serviceTask(id)),
    node('parallelGateway', 'join'),
    node('inclusiveGateway', 'choose'),
    ...['first', 'second', 'third'].map((id) => serviceTask(id)),
    node('inclusiveGateway', 'chosen'),
  ];
  const flows = [
    { from: 'start', to: 'decide' },
    { from: 'decide', to: 'do_big', condition: big },
    { from: 'decide', to: 'do_small', condition: small },
    { from: 'do_big', to: 'decided' },
    { from: 'do_small', to: 'decided' },
    { from: 'decided', to: 'fork' },
    ...['left', 'middle', 'right'].flatMap((id) => [
      { from: 'fork', to: id },
      { from: id, to: 'join' },
    ]),
    { from: 'join', to: 'choose' },
    { from: 'choose', to: 'first', condition: first },
    { from: 'choose', to: 'second', condition: second },
    { from: 'choose', to: 'third', condition: third },
    ...['first', 'second', 'third'].map((id) => ({ from: id, to: 'chosen' })),
    { from: 'chosen', to: 'end' },
  ];
  return model('gateways', nodes, flows, { language });
}

function escape(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
