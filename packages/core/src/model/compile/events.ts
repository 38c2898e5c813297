import type {
  BoundaryEventNode,
  CatchEventNode,
  EndEventNode,
  ExternalTaskNode,
  StartEventNode,
  ThrowEventNode,
} from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import { compileEventDefinitions } from './event-definitions.js';
import type { NodeSource } from './node-base.js';
import { externalTask } from './external-task.js';

export function startEvent(source: NodeSource): StartEventNode {
  const { compilation, element, extensions, base } = source;
  noteAttributes(source);
  const isDisabled = extensions.properties['enabled'] === 'false';
  const definitions = compileEventDefinitions(compilation, element);
  return {
    ...base,
    kind: 'start-event',
    eventDefinitions: isDisabled
      ? definitions.map((definition) => (definition.kind === 'timer' ? { ...definition, enabled: false } : definition))
      : definitions,
    interrupting: element.isInterrupting !== false,
    parallelMultiple: element.parallelMultiple === true,
  };
}

export function endEvent(source: NodeSource): EndEventNode {
  const { compilation, element, extensions, base } = source;
  refuseWork(source, extensions.topic === undefined ? undefined : 'a topic');
  return {
    ...base,
    kind: 'end-event',
    eventDefinitions: compileEventDefinitions(compilation, element),
    payload: extensions.payload,
  };
}

/** One with a topic is sent by an external worker, as a task would be. */
export function throwEvent(source: NodeSource): ThrowEventNode | ExternalTaskNode {
  const { compilation, element, extensions, base } = source;
  refuseWork(source);
  return (
    externalTask(source) ?? {
      ...base,
      kind: 'intermediate-throw-event',
      eventDefinitions: compileEventDefinitions(compilation, element),
      payload: extensions.payload,
    }
  );
}

export function catchEvent(source: NodeSource): CatchEventNode {
  const { compilation, element, base } = source;
  noteAttributes(source);
  return {
    ...base,
    kind: 'intermediate-catch-event',
    eventDefinitions: compileEventDefinitions(compilation, element),
    parallelMultiple: element.parallelMultiple === true,
  };
}

/** Needs its host, so it is compiled after the other nodes of its scope. */
export function boundaryEvent(source: NodeSource): BoundaryEventNode | undefined {
  const { compilation, element, base } = source;
  const host = element.attachedToRef && compilation.entries.get(element.attachedToRef);
  if (host === undefined || host.node.scope !== base.scope) {
    reportMissingHost(source);
    return undefined;
  }
  noteAttributes(source);
  const eventDefinitions = compileEventDefinitions(compilation, element);
  const node: BoundaryEventNode = {
    ...base,
    kind: 'boundary-event',
    eventDefinitions,
    attachedTo: host.node,
    interrupting: isInterrupting(source, eventDefinitions),
    parallelMultiple: element.parallelMultiple === true,
  };
  host.boundaryEvents.push(node);
  return node;
}

const WORK_ATTRIBUTES = ['camunda:type', 'camunda:class', 'camunda:expression', 'camunda:delegateExpression'] as const;

/** Work bound to an end event, or to the message definition of an event, instead of a task. */
function refuseWork({ compilation, element }: NodeSource, found?: string): void {
  const attributes = dialectAttributes(element);
  const work = found ?? WORK_ATTRIBUTES.find((name) => attributes.includes(name));
  if (work === undefined) return;
  const message = `'${element.id}' has ${work}, which this engine does not run on events of its kind; use a task before it.`;
  compilation.report('unsupported-extension', element, message);
}

/** An error ends its activity, whatever the attribute says (BPMN 10.5.4). */
function isInterrupting(
  { compilation, element }: NodeSource,
  definitions: BoundaryEventNode['eventDefinitions'],
): boolean {
  if (element.cancelActivity !== false) return true;
  const alwaysEnds = definitions.find(({ kind }) => kind === 'error' || kind === 'cancel');
  if (alwaysEnds === undefined) return false;
  const message = `The ${alwaysEnds.kind} boundary event '${element.id}' interrupts its activity although cancelActivity is false.`;
  compilation.report('always-interrupting', element, message);
  return true;
}

/** Attributes of the event's definitions that say more than BPMN, and do nothing here. */
function noteAttributes({ compilation, element }: NodeSource): void {
  for (const name of dialectAttributes(element)) {
    const message = `The definition of '${element.id}' has ${name}, which has no effect.`;
    compilation.report('extension-without-effect', element, message);
  }
}

function dialectAttributes({ eventDefinitions = [] }: BpmnElement): string[] {
  return eventDefinitions
    .flatMap(({ $attrs = {} }) => Object.keys($attrs))
    .filter((name) => /^(?:camunda|zeebe):/.test(name));
}

function reportMissingHost({ compilation, element }: NodeSource): void {
  const { attachedToRef } = element;
  if (attachedToRef === undefined) {
    if (compilation.hasUnresolvedReference(element)) return;
    compilation.report(
      'missing-reference',
      element,
      `The boundary event '${element.id}' is not attached to an activity.`,
    );
    return;
  }
  if (compilation.failed.has(attachedToRef)) return;
  const message = `The boundary event '${element.id}' is attached to '${attachedToRef.id}', which is no activity beside it.`;
  compilation.report('invalid-boundary-host', element, message);
}
