/** Transactions: a cancel end event ends what runs, undoes what was completed, then leaves by the cancel boundary event. */
import type { BoundaryEventNode } from '../model/graph.js';
import { fireBoundaryEvent } from './boundary-events.js';
import { beginCompensation } from './compensation.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';

/**
 * BPMN 13.3.4, 10.7.3. Called when the cancel end event is reached, and again when it was left: true while handlers
 * run and the end event must wait.
 */
export function cancelTransaction(step: Step, endEvent: FlowNodeInstance): boolean {
  const transaction = endEvent.scope!;
  if (!endEvent.isLive) {
    leaveCancelled(step, transaction);
    return false;
  }
  for (const child of [...transaction.children].reverse()) if (child !== endEvent) step.cancel(child);
  return beginCompensation(step, endEvent, undefined, transaction);
}

function leaveCancelled(step: Step, transaction: FlowNodeInstance): void {
  const event = transaction.node.boundaryEvents.find(catchesCancel);
  if (event !== undefined) {
    fireBoundaryEvent(step, transaction, event, { payload: undefined, hasPayload: false });
    return;
  }
  step.cancel(transaction);
  step.checkScope(transaction.scope!);
}

function catchesCancel({ eventDefinitions }: BoundaryEventNode): boolean {
  return eventDefinitions.some(({ kind }) => kind === 'cancel');
}
