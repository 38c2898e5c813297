/** Event sub-processes: handlers inside a scope, started by an event of their start event (BPMN 13.3.4, 13.5.4). */
import type { ScopeNode, StartEventNode, SubProcessNode } from '../model/graph.js';
import { bringsData, type Occurrence } from './boundary-events.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';
import { closeEventSubProcesses } from './waits.js';

/** Enters the event sub-process as a child of the scope; an interrupting one first ends everything else in the scope. */
export function fireEventSubProcess(
  step: Step,
  scope: FlowNodeInstance,
  start: StartEventNode,
  occurrence: Occurrence,
): void {
  const node = start.scope as SubProcessNode;
  const { payload, hasPayload, hostState } = occurrence;
  const token = {
    payload: hasPayload ? payload : scope.payload,
    payloadFrom: hasPayload ? null : scope.payloadFrom,
    trail: scope.trail,
    previousId: null,
  };
  // An error always interrupts, whatever the attribute says (BPMN 10.5.2).
  if (start.interrupting || hostState === 'error') {
    closeEventSubProcesses(step, scope);
    for (const child of [...scope.children].reverse()) step.cancel(child);
  }
  const instance = step.spawn(node, scope, token);
  instance.local = { startEventId: start.id, ...(bringsData(occurrence) ? { received: true } : {}) };
}

/** BPMN 13.5.4: when only event sub-processes still run, their scope is about to complete and starts no more of them. */
export function disarmIfCompleting(step: Step, scope: FlowNodeInstance): void {
  const { kind, eventSubProcesses = [] } = scope.node as Partial<ScopeNode>;
  if (eventSubProcesses.length === 0 || kind === 'ad-hoc-sub-process') return;
  for (const { node } of scope.children) if (node.kind !== 'event-sub-process') return;
  closeEventSubProcesses(step, scope);
}
