import type { FlowNode } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation, Draft } from './compilation.js';

/**
 * Finds for each activity what undoes it (BPMN 10.7.1): the activity associated with its compensation boundary event, or
 * for a sub-process the event sub-process in it that starts by compensation.
 */
export function linkCompensation(compilation: Compilation, containers: readonly BpmnElement[]): void {
  const handlers = associatedActivities(containers);
  for (const { element, node } of compilation.entries.values()) {
    if (node.kind === 'boundary-event' && throwsOrCatchesCompensation(node)) {
      setHandler(compilation, node.attachedTo, { event: element, handlers: handlers.get(element) ?? [] });
    } else if (node.kind === 'event-sub-process' && node.startEvents.some(throwsOrCatchesCompensation)) {
      const { scope } = node;
      if (scope !== undefined && scope.kind !== 'process') writable(scope).compensationHandler = node;
    }
  }
}

function throwsOrCatchesCompensation(node: {
  readonly eventDefinitions: readonly { readonly kind: string }[];
}): boolean {
  return node.eventDefinitions.some(({ kind }) => kind === 'compensation');
}

/** What is associated with what; the direction is often left out or drawn the other way round. */
function associatedActivities(containers: readonly BpmnElement[]): Map<BpmnElement, BpmnElement[]> {
  const connected = new Map<BpmnElement, BpmnElement[]>();
  const connect = (from: BpmnElement, to: BpmnElement): void => {
    connected.set(from, [...(connected.get(from) ?? []), to]);
  };
  for (const { $type, sourceRef, targetRef } of containers.flatMap(({ artifacts }) => artifacts ?? [])) {
    if ($type !== 'bpmn:Association' || sourceRef === undefined || targetRef === undefined) continue;
    connect(sourceRef as BpmnElement, targetRef);
    connect(targetRef, sourceRef as BpmnElement);
  }
  return connected;
}

interface HandlerLink {
  readonly event: BpmnElement;
  readonly handlers: readonly BpmnElement[];
}

function setHandler(compilation: Compilation, host: FlowNode, { event, handlers }: HandlerLink): void {
  const found = handlers
    .map((handler) => compilation.entries.get(handler)?.node)
    .filter((node) => node?.isForCompensation);
  const [handler] = found;
  if (handler !== undefined && found.length === 1) {
    writable(host).compensationHandler = handler;
    return;
  }
  const message =
    handler === undefined
      ? `The compensation event '${event.id}' is not associated with an activity that is marked isForCompensation.`
      : `The compensation event '${event.id}' is associated with more than one activity for compensation.`;
  compilation.report('compensation-handler', event, message);
}

function writable(node: FlowNode): Draft<FlowNode> {
  return node;
}
