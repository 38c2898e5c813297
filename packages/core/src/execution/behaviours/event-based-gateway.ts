import type { EventBasedGatewayNode, FlowNode } from '../../model/graph.js';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Step } from '../step.js';
import { closeWaitsOf, hasEventWaits, openEventWaits, subscribe } from '../waits.js';
import { enterArrived } from '../arrived-event.js';
import { passThrough, type Behaviour } from './behaviour.js';

/**
 * BPMN 13.4.4: one instance with the waits of all events behind it; the first that occurs takes the token, the others
 * are dropped. One that started the process instance has seen its first event already; a parallel one then waits for
 * all the others too.
 */
export const eventBasedGateway: Behaviour<EventBasedGatewayNode> = {
  enter(step, instance, node) {
    const occurred = instance.local?.occurred;
    if (occurred !== undefined && !node.parallel) return leave(step, instance);
    step.suspend(instance);
    for (const { target } of node.outgoing) if (target.id !== occurred) openWaitsOf(step, instance, target);
  },
  resume(step, instance, node, trigger) {
    if (trigger.kind !== 'event') return;
    closeWaitsOf(step, instance, trigger.event.id);
    enterArrived(step, trigger.event, instance, trigger);
    if (!node.parallel || !hasEventWaits(instance)) leave(step, instance);
  },
};

function leave(step: Step, instance: FlowNodeInstance): void {
  step.leave(instance, { result: instance.payload, payload: passThrough(instance), flows: [] });
}

function openWaitsOf(step: Step, instance: FlowNodeInstance, target: FlowNode): void {
  if (target.kind === 'receive-task') subscribe(step, instance, target, target.message);
  else if (target.kind === 'intermediate-catch-event') openEventWaits(step, instance, target);
}
