/** The BPMN texts of the suite, made of small pieces. */

export interface Node {
  readonly id: string;
  readonly xml: string;
}

const NAMESPACES = [
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
].join(' ');

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function attributes(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(value!)}"`)
    .join('');
}

function element(type: string, values: Readonly<Record<string, string | undefined>>, content = ''): string {
  return `<bpmn:${type}${attributes(values)}>${content}</bpmn:${type}>`;
}

function node(type: string, id: string, values: Readonly<Record<string, string>> = {}, content = ''): Node {
  return { id, xml: element(type, { id, ...values }, content) };
}

function properties(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values).map(
    ([name, value]) => `<camunda:property name="${escaped(name)}" value="${escaped(value)}"/>`,
  );
  if (entries.length === 0) return '';
  return `<bpmn:extensionElements><camunda:properties>${entries.join('')}</camunda:properties></bpmn:extensionElements>`;
}

/** A file: processes, and the messages, signals and errors they refer to. */
export function definitions(...content: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions ${NAMESPACES} id="Definitions" targetNamespace="http://example.org/suite">${content.join('')}</bpmn:definitions>`;
}

export function process(id: string, content: readonly (Node | string)[], isExecutable = true): string {
  const inner = content.map((part) => (typeof part === 'string' ? part : part.xml)).join('');
  return element('process', { id, name: id, isExecutable: String(isExecutable) }, inner);
}

export function flow(source: string, target: string, condition?: string): string {
  const expression =
    condition === undefined
      ? ''
      : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${escaped(condition)}</bpmn:conditionExpression>`;
  return element('sequenceFlow', { id: `${source}_to_${target}`, sourceRef: source, targetRef: target }, expression);
}

/** The nodes, and the flows from each to the next. */
export function inLine(...nodes: readonly Node[]): string[] {
  const flows = nodes.slice(1).map((target, index) => flow(nodes[index]!.id, target.id));
  return [...nodes.map(({ xml }) => xml), ...flows];
}

/** A file with one process: start event `Start`, the nodes one after the other, end event `End`. */
export function line(id: string, nodes: readonly Node[] = [], references: readonly string[] = []): string {
  return definitions(...references, process(id, inLine(startEvent(), ...nodes, endEvent())));
}

export const startEvent = (id = 'Start', definition = '') => node('startEvent', id, { name: `${id} name` }, definition);
export const endEvent = (id = 'End', definition = '') => node('endEvent', id, {}, definition);
export const task = (id: string) => node('task', id, { name: `${id} name` });
export const manualTask = (id: string) => node('manualTask', id, { name: `${id} name` });
export const parallelGateway = (id: string) => node('parallelGateway', id);
export const exclusiveGateway = (id: string) => node('exclusiveGateway', id);
export const catchEvent = (id: string, definition: string) => node('intermediateCatchEvent', id, {}, definition);
export const throwEvent = (id: string, definition: string) => node('intermediateThrowEvent', id, {}, definition);
export const boundaryEvent = (id: string, host: string, definition: string) =>
  node('boundaryEvent', id, { attachedToRef: host }, definition);
export const scriptTask = (id: string, script: string, values: Readonly<Record<string, string>> = {}) =>
  node('scriptTask', id, { scriptFormat: 'javascript', ...values }, element('script', {}, escaped(script)));
/** Offers its activities; they start when somebody activates them. */
export const adHocSubProcess = (id: string, content: readonly Node[]) =>
  node('adHocSubProcess', id, {}, content.map(({ xml }) => xml).join(''));
export const callActivity = (id: string, calledElement: string) => node('callActivity', id, { calledElement });
/** Its module is not registered: a finding of severity error. */
export const serviceTaskWithoutBinding = (id: string) => node('serviceTask', id);

export function externalTask(id: string, topic: string, payload?: string): Node {
  const values = { 'camunda:type': 'external', 'camunda:topic': topic };
  return node('serviceTask', id, values, payload === undefined ? '' : properties({ payload }));
}

export function userTask(id: string, formFields = '', texts: Readonly<Record<string, string>> = {}): Node {
  const propertyList = properties(texts).replace(/<\/?bpmn:extensionElements>/g, '');
  const extensions = `${propertyList}<camunda:formData>${formFields}</camunda:formData>`;
  const content = element('extensionElements', {}, extensions);
  return node('userTask', id, { name: `${id} name` }, content);
}

/** With attributes that say whom it is for. */
export const userTaskFor = (id: string, values: Readonly<Record<string, string>>) => node('userTask', id, values);

export function formField(
  values: Readonly<Record<string, string>>,
  options: Readonly<Record<string, string>> = {},
  constraints: readonly string[] = [],
) {
  const content = Object.entries(options).map(([id, name]) => `<camunda:value${attributes({ id, name })}/>`);
  if (constraints.length > 0) content.push(`<camunda:validation>${constraints.join('')}</camunda:validation>`);
  return `<camunda:formField${attributes(values)}>${content.join('')}</camunda:formField>`;
}

export function constraint(name: string, config?: string): string {
  return `<camunda:constraint${attributes({ name, config })}/>`;
}

export const message = (id: string, name: string) => element('message', { id, name });
export const signal = (id: string, name: string) => element('signal', { id, name });
export const error = (id: string, errorCode: string) => element('error', { id, name: `${id} name`, errorCode });

export const onMessage = (messageRef: string) => element('messageEventDefinition', { messageRef });
export const onSignal = (signalRef: string) => element('signalEventDefinition', { signalRef });
export const onError = (errorRef?: string) => element('errorEventDefinition', { errorRef });
export const terminates = element('terminateEventDefinition', {});
export const cycle = (schedule: string) =>
  element('timerEventDefinition', {}, `<bpmn:timeCycle xsi:type="bpmn:tFormalExpression">${schedule}</bpmn:timeCycle>`);
export const afterDuration = (duration: string) =>
  element(
    'timerEventDefinition',
    {},
    `<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration>`,
  );
