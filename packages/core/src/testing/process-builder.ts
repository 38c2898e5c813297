/** Builds small BPMN models as XML, node by node, for tests. */

interface Attributes {
  readonly [name: string]: string | number | boolean | undefined;
}

interface BuiltFlow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly condition: string | undefined;
}

const NAMESPACES = [
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
  'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
].join(' ');

export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function attributesOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}

/** What every container of flow nodes offers. Each node is connected to the one before it. */
export class ScopeBuilder {
  readonly #nodes: string[] = [];
  readonly #flows: BuiltFlow[] = [];
  #cursor: string | undefined;
  #condition: string | undefined;

  /** Any flow node: its element name, id, attributes and inner XML. Connected to the node before it. */
  node(element: string, id: string, attributes: Attributes = {}, inner = ''): this {
    this.#nodes.push(`<bpmn:${element} id="${id}"${attributesOf(attributes)}>${inner}</bpmn:${element}>`);
    if (this.#cursor !== undefined) this.flow(this.#cursor, id, this.#condition);
    this.#condition = undefined;
    this.#cursor = id;
    return this;
  }

  /** An element without flows: a boundary event, data object, event sub-process … The next node follows it if it is one to follow. */
  apart(element: string, id: string, attributes: Attributes = {}, inner = ''): this {
    this.#cursor = undefined;
    return this.node(element, id, attributes, inner);
  }

  /** Any other XML inside the container. */
  xml(xml: string): this {
    this.#nodes.push(xml);
    return this;
  }

  startEvent(id: string, inner = ''): this {
    return this.apart('startEvent', id, {}, inner);
  }

  endEvent(id: string, inner = ''): this {
    this.node('endEvent', id, {}, inner);
    this.#cursor = undefined;
    return this;
  }

  userTask(id: string, inner = ''): this {
    return this.node('userTask', id, { name: id }, inner);
  }

  scriptTask(id: string, script: string): this {
    return this.node(
      'scriptTask',
      id,
      { scriptFormat: 'javascript' },
      `<bpmn:script>${escapeXml(script)}</bpmn:script>`,
    );
  }

  externalTask(id: string, topic: string, inner = ''): this {
    return this.node('serviceTask', id, { 'camunda:type': 'external', 'camunda:topic': topic }, inner);
  }

  serviceTask(id: string, module: string, properties: Readonly<Record<string, string>> = {}): this {
    return this.node('serviceTask', id, {}, propertiesXml({ module, ...properties }));
  }

  exclusiveGateway(id: string, attributes: Attributes = {}): this {
    return this.node('exclusiveGateway', id, attributes);
  }

  parallelGateway(id: string): this {
    return this.node('parallelGateway', id);
  }

  callActivity(id: string, calledElement: string, inner = ''): this {
    return this.node('callActivity', id, { calledElement }, inner);
  }

  subProcess(id: string, build: (scope: ScopeBuilder) => ScopeBuilder, attributes: Attributes = {}): this {
    return this.node('subProcess', id, attributes, build(new ScopeBuilder()).innerXml());
  }

  boundaryEvent(id: string, attachedToRef: string, inner: string, attributes: Attributes = {}): this {
    return this.apart('boundaryEvent', id, { attachedToRef, ...attributes }, inner);
  }

  /** Goes on from a node that stands already; the next flow may have a condition. */
  from(id: string, condition?: string): this {
    this.#cursor = id;
    this.#condition = condition;
    return this;
  }

  /** Connects to a node that stands already. */
  to(id: string): this {
    this.flow(this.#cursor!, id, this.#condition);
    this.#condition = undefined;
    this.#cursor = undefined;
    return this;
  }

  /** The id is `<from>-<to>`; of a second such flow `<from>-<to>-2`, and so on. */
  flow(from: string, to: string, condition?: string, id = this.#newFlowId(from, to)): this {
    this.#flows.push({ id, from, to, condition });
    return this;
  }

  #newFlowId(from: string, to: string): string {
    const same = this.#flows.filter((flow) => flow.from === from && flow.to === to).length;
    return same === 0 ? `${from}-${to}` : `${from}-${to}-${same + 1}`;
  }

  innerXml(): string {
    const flows = this.#flows.map(({ id, from, to, condition }) => {
      const inner =
        condition === undefined
          ? ''
          : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${escapeXml(condition)}</bpmn:conditionExpression>`;
      return `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${inner}</bpmn:sequenceFlow>`;
    });
    return [...this.#nodes, ...flows].join('\n');
  }
}

/** A process in a file of its own, with the messages, signals and errors it names. */
export class ProcessBuilder extends ScopeBuilder {
  readonly #roots: string[] = [];

  constructor(
    readonly id: string,
    private readonly attributes: Attributes = {},
  ) {
    super();
  }

  /** A message, signal, error, escalation: its element name, id and attributes. */
  root(element: string, id: string, attributes: Attributes = {}): this {
    this.#roots.push(`<bpmn:${element} id="${id}"${attributesOf({ name: id, ...attributes })}/>`);
    return this;
  }

  toXml(): string {
    const process = `<bpmn:process id="${this.id}"${attributesOf({ isExecutable: true, ...this.attributes })}>\n${this.innerXml()}\n</bpmn:process>`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions ${NAMESPACES} id="definitions" targetNamespace="test">\n${[...this.#roots, process].join('\n')}\n</bpmn:definitions>`;
  }
}

export function processBuilder(id: string, attributes: Attributes = {}): ProcessBuilder {
  return new ProcessBuilder(id, attributes);
}

/** `extensionElements` with extension properties. */
export function propertiesXml(properties: Readonly<Record<string, string>>): string {
  const rows = Object.entries(properties).map(
    ([name, value]) => `<camunda:property name="${escapeXml(name)}" value="${escapeXml(value)}"/>`,
  );
  return `<bpmn:extensionElements><camunda:properties>${rows.join('')}</camunda:properties></bpmn:extensionElements>`;
}

export const definitions = {
  timer: (kind: 'timeDate' | 'timeDuration' | 'timeCycle', text: string) =>
    `<bpmn:timerEventDefinition><bpmn:${kind}>${escapeXml(text)}</bpmn:${kind}></bpmn:timerEventDefinition>`,
  message: (ref: string) => `<bpmn:messageEventDefinition messageRef="${ref}"/>`,
  signal: (ref: string) => `<bpmn:signalEventDefinition signalRef="${ref}"/>`,
  error: (ref?: string) => `<bpmn:errorEventDefinition${ref === undefined ? '' : ` errorRef="${ref}"`}/>`,
  escalation: (ref?: string) =>
    `<bpmn:escalationEventDefinition${ref === undefined ? '' : ` escalationRef="${ref}"`}/>`,
  conditional: (condition: string) =>
    `<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">${escapeXml(condition)}</bpmn:condition></bpmn:conditionalEventDefinition>`,
  terminate: () => '<bpmn:terminateEventDefinition/>',
  cancel: () => '<bpmn:cancelEventDefinition/>',
  compensation: (activityRef?: string) =>
    `<bpmn:compensateEventDefinition${activityRef === undefined ? '' : ` activityRef="${activityRef}"`}/>`,
  link: (name: string) => `<bpmn:linkEventDefinition name="${name}"/>`,
} as const;
