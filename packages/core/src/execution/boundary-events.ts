/** Boundary events: what fires them and what that does to their host (BPMN 13.5.3). */
import type { JsonValue } from '@process-engine/contracts';
import type { BoundaryEventNode } from '../model/graph.js';
import type { FlowNodeInstance } from './instance-state.js';
import { notify } from './notify.js';
import type { Step } from './step.js';

/** What an event brings. Without a payload of its own, the host's goes on. */
export interface Occurrence {
  readonly payload: JsonValue | undefined;
  readonly hasPayload: boolean;
  /** State of an interrupted host in its history. */
  readonly hostState?: 'cancelled' | 'error';
  /** Thrown by what goes on here (errors, escalations): its payload goes on, and changes no data. */
  readonly isThrown?: boolean;
}

/** True where the payload's fields become variables: those of a message, not those of an error (name, code, message). */
export function bringsData({ hasPayload, isThrown = false }: Occurrence): boolean {
  return hasPayload && !isThrown;
}

/** Enters the boundary event beside its host; an interrupting one then ends the host. */
export function fireBoundaryEvent(
  step: Step,
  host: FlowNodeInstance,
  event: BoundaryEventNode,
  occurrence: Occurrence,
): void {
  const { payload, hasPayload, hostState = 'cancelled' } = occurrence;
  const own = { value: payload, from: null };
  const inherited = { value: host.payload, from: host.payloadFrom };
  const token = {
    ...step.tokenAfter(host, hasPayload ? own : inherited),
    trail: hostState === 'error' ? step.tokenAfter(host, own).trail : host.trail,
  };
  const instance = step.spawn(event, host.scope!, token);
  if (bringsData(occurrence)) instance.local = { received: true };
  notify(step, 'boundary_event_triggered', instance, payload);
  if (event.interrupting) step.cancel(host, hostState);
}
