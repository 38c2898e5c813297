/** The processes that are run, as BPMN. Flows run from each node to the next unless they are given. */

const NAMESPACES = [
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
].join(' ');

/** Start, nodes, end in a line. */
export function straightModel(id, nodes) {
  const ids = ['start', ...nodes.map((node) => node.id), 'end'];
  const flows = ids.slice(1).map((target, at) => ({ from: ids[at], to: target }));
  return model(id, nodes, flows);
}

/** A process of a start event `start`, an end event `end`, the nodes and the flows `{from, to, condition?, isDefault?}`. */
export function model(id, nodes, flows) {
  const flowXml = flows.map(({ from, to, condition }) => {
    const inner =
      condition === undefined
        ? ''
        : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" language="javascript">${escape(condition)}</bpmn:conditionExpression>`;
    return `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}">${inner}</bpmn:sequenceFlow>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions ${NAMESPACES} id="definitions-${id}" targetNamespace="bench">
<bpmn:process id="${id}" isExecutable="true">
<bpmn:startEvent id="start" />
${nodes.map(({ xml }) => xml).join('\n')}
<bpmn:endEvent id="end" />
${flowXml.join('\n')}
</bpmn:process>
</bpmn:definitions>`;
}

export function node(element, id, { attributes = '', inner = '' } = {}) {
  return { id, xml: `<bpmn:${element} id="${id}" ${attributes}>${inner}</bpmn:${element}>` };
}

/** A service task both engines understand: each reads what concerns it. */
export function serviceTask(id) {
  return node('serviceTask', id, {
    attributes: 'implementation="${environment.services.noop}"',
    inner: `<bpmn:extensionElements><camunda:properties><camunda:property name="module" value="noop" /></camunda:properties></bpmn:extensionElements>`,
  });
}

export function serviceTasks(count) {
  return Array.from({ length: count }, (_, at) => serviceTask(`service_${at + 1}`));
}

function escape(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
