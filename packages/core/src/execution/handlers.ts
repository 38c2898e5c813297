/** Which event takes an error or escalation: the search all thrown events share (BPMN 10.5.6). */
import type { BoundaryEventNode, EventDefinition, ScopeNode, StartEventNode } from '../model/graph.js';
import { fireBoundaryEvent, type Occurrence } from './boundary-events.js';
import { fireEventSubProcess } from './event-sub-processes.js';
import type { FlowNodeInstance } from './instance-state.js';
import { isIteration } from './loop-body.js';
import type { Step } from './step.js';

export type Handler =
  | { readonly kind: 'boundary-event'; readonly host: FlowNodeInstance; readonly event: BoundaryEventNode }
  | { readonly kind: 'event-sub-process'; readonly scope: FlowNodeInstance; readonly start: StartEventNode };

export interface Thrown {
  readonly kind: 'error' | 'escalation';
  readonly code: string;
}

/** The nearest scope outward with an event for the exact code, else for any. */
export function findHandler(from: FlowNodeInstance, thrown: Thrown): Handler | undefined {
  for (let host = from; host.scope !== undefined; host = host.scope) {
    // The boundary events, and what is around the activity, are those of its body.
    if (isIteration(host)) continue;
    const event = isReopened(host) ? undefined : bestMatch(host.node.boundaryEvents, thrown);
    if (event !== undefined) return { kind: 'boundary-event', host, event };
    const inner = host.node.kind === 'event-sub-process' ? undefined : findHandlerIn(host.scope, thrown);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** An event sub-process of this very scope. What is thrown inside an event sub-process is never taken by its siblings. */
export function findHandlerIn(scope: FlowNodeInstance, thrown: Thrown): Handler | undefined {
  if (isReopened(scope)) return undefined;
  const start = bestMatch(eventSubProcessStarts(scope), thrown);
  return start === undefined ? undefined : { kind: 'event-sub-process', scope, start };
}

/** Lets the event take what was thrown. */
export function handOver(step: Step, handler: Handler, occurrence: Occurrence): void {
  if (handler.kind === 'boundary-event') fireBoundaryEvent(step, handler.host, handler.event, occurrence);
  else fireEventSubProcess(step, handler.scope, handler.start, occurrence);
}

/** A completed activity that is being undone: its events are no longer armed. */
function isReopened({ local }: FlowNodeInstance): boolean {
  return local?.reopened === true;
}

function eventSubProcessStarts(scope: FlowNodeInstance): readonly StartEventNode[] {
  const node = scope.node as Partial<ScopeNode>;
  return node.eventSubProcesses?.flatMap(({ startEvents }) => startEvents) ?? [];
}

function bestMatch<E extends BoundaryEventNode | StartEventNode>(
  events: readonly E[],
  { kind, code }: Thrown,
): E | undefined {
  const codeOf = (event: E): string | undefined => {
    const definition = event.eventDefinitions.find((candidate) => candidate.kind === kind) as
      (EventDefinition & { code?: string }) | undefined;
    return definition === undefined ? undefined : (definition.code ?? '');
  };
  return events.find((event) => code !== '' && codeOf(event) === code) ?? events.find((event) => codeOf(event) === '');
}
