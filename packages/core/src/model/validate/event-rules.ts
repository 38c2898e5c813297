import type { Compilation } from '../compile/compilation.js';
import type { EventDefinition, FlowNode, ProcessGraph } from '../graph.js';
import { eventPosition } from './support-rules.js';

type Trigger = EventDefinition['kind'] | 'none';

/** Which event may have which definitions where (BPMN 10.5.2 to 10.5.5). A none catch event passes through. */
const ALLOWED: Readonly<Record<string, readonly Trigger[]>> = {
  'start-event': ['none', 'message', 'signal', 'timer', 'conditional'],
  'embedded start-event': ['none'],
  'event-sub-process-start': ['message', 'signal', 'timer', 'conditional', 'error', 'escalation', 'compensation'],
  'intermediate-catch-event': ['none', 'message', 'signal', 'timer', 'conditional', 'link'],
  'intermediate-throw-event': ['none', 'message', 'signal', 'escalation', 'compensation', 'link'],
  'boundary-event': ['message', 'signal', 'timer', 'conditional', 'error', 'escalation', 'cancel', 'compensation'],
  'end-event': ['none', 'message', 'signal', 'error', 'escalation', 'cancel', 'compensation', 'terminate'],
};

export function checkEventDefinitions(compilation: Compilation, { nodesById }: ProcessGraph): void {
  for (const node of nodesById.values()) {
    if (!('eventDefinitions' in node)) continue;
    // A definition that could not be compiled is reported; without it the event is no none event.
    if (node.eventDefinitions.length < definitionsOf(compilation, node)) continue;
    checkPosition(compilation, node);
    checkCancelEnd(compilation, node);
  }
}

type EventNode = Extract<FlowNode, { eventDefinitions: unknown }>;

function definitionsOf(compilation: Compilation, { id }: FlowNode): number {
  const element = compilation.model.elementsById[id];
  return (element?.eventDefinitions?.length ?? 0) + (element?.eventDefinitionRef?.length ?? 0);
}

function checkPosition(compilation: Compilation, node: EventNode): void {
  const position = isEmbeddedStart(node) ? 'embedded start-event' : eventPosition(node);
  // An event sub-process's start event without trigger is reported with its container.
  if (position === 'event-sub-process-start' && node.eventDefinitions.length === 0) return;
  const triggers: readonly Trigger[] =
    node.eventDefinitions.length === 0 ? ['none'] : node.eventDefinitions.map(({ kind }) => kind);
  const allowed = ALLOWED[position] ?? [];
  for (const trigger of triggers.filter((candidate) => !allowed.includes(candidate))) {
    const where =
      position === 'embedded start-event' ? 'a start event of a sub-process' : `a ${position.replaceAll('-', ' ')}`;
    const message = `'${node.id}' is ${where} and cannot have ${trigger === 'none' ? 'no trigger' : `a ${trigger} definition`}; possible: ${allowed.join(', ')}.`;
    compilation.report('forbidden-event-definition', node, message);
  }
}

function isEmbeddedStart({ kind, scope }: EventNode): boolean {
  return (
    kind === 'start-event' && scope !== undefined && scope.kind !== 'process' && scope.kind !== 'event-sub-process'
  );
}

function checkCancelEnd(compilation: Compilation, node: EventNode): void {
  if (node.kind !== 'end-event' || !node.eventDefinitions.some(({ kind }) => kind === 'cancel')) return;
  if (node.scope?.kind === 'transaction') return;
  const message = `The cancel end event '${node.id}' is not in a transaction.`;
  compilation.report('forbidden-event-definition', node, message);
}
