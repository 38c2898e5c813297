/** Transactions: a cancel end event ends what runs, undoes what was completed, then leaves by the cancel boundary event. */
import type { BoundaryEventNode } from '../model/graph.js';
import { fireBoundaryEvent } from './boundary-events.js';
import { addCompleted, beginCompensation, completedPartOf } from './compensation.js';
import type { FlowNodeInstance } from './instance-state.js';
import { isIteration } from './loop-body.js';
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
  const others = [...transaction.children].filter((child) => child !== endEvent);
  addCompleted(step, transaction, others.flatMap(completedPartOf));
  for (const child of others.reverse()) step.cancel(child);
  return beginCompensation(step, endEvent, undefined, [transaction]);
}

/** Of a looping transaction, the event is that of the body around all iterations. */
function leaveCancelled(step: Step, transaction: FlowNodeInstance): void {
  const host = isIteration(transaction) ? transaction.scope! : transaction;
  const event = host.node.boundaryEvents.find(catchesCancel);
  if (event !== undefined) {
    fireBoundaryEvent(step, host, event, { payload: undefined, hasPayload: false });
    return;
  }
  step.withdraw(transaction);
}

function catchesCancel({ eventDefinitions }: BoundaryEventNode): boolean {
  return eventDefinitions.some(({ kind }) => kind === 'cancel');
}
