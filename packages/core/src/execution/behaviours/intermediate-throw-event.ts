import type { LinkEventDefinition, ScopeNode, ThrowEventNode } from '../../model/graph.js';
import { beginCompensation, undoNext } from '../compensation.js';
import { evaluate } from '../evaluation.js';
import { failure } from '../failures.js';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Step } from '../step.js';
import { compensationOf, escalateAll, sendAll } from '../throw-events.js';
import { passThrough, type Behaviour } from './behaviour.js';

/**
 * BPMN 13.5.2: throws and passes on. What was sent becomes the running payload; the history entry is empty. One that
 * compensates waits until its handlers have run, or goes on and stays behind as their scope.
 */
export const intermediateThrowEvent: Behaviour<ThrowEventNode> = {
  enter(step, instance, node) {
    const link = node.eventDefinitions.find((definition) => definition.kind === 'link');
    if (link !== undefined) return follow(step, instance, link);
    sendAll(step, instance, node.eventDefinitions, payloadOf(step, instance, node));
    const compensation = compensationOf(node.eventDefinitions);
    if (compensation === undefined || !beginCompensation(step, instance, compensation.activityId))
      leave(step, instance, node);
    else if (!compensation.waitForCompletion)
      step.sendAhead(instance, { result: {}, payload: payloadAfter(step, instance, node) });
  },
  childrenDone(step, instance, node) {
    if (!undoNext(step, instance)) leave(step, instance, node);
  },
};

function payloadOf(step: Step, instance: FlowNodeInstance, node: ThrowEventNode) {
  return node.payload === undefined
    ? instance.payload
    : evaluate(step, instance, node.payload, { what: 'payload configuration' });
}

function leave(step: Step, instance: FlowNodeInstance, node: ThrowEventNode): void {
  if (node.eventDefinitions.length === 0) {
    step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
    return;
  }
  const wentOn = instance.local?.sentAhead === true;
  const payload = payloadAfter(step, instance, node);
  step.leave(instance, { result: {}, payload, ...(wentOn ? { flows: [] } : {}) });
  escalateAll(step, instance, node.eventDefinitions, payload.value);
}

function payloadAfter(step: Step, instance: FlowNodeInstance, node: ThrowEventNode) {
  return node.payload === undefined ? passThrough(instance) : { value: payloadOf(step, instance, node), from: null };
}

/** BPMN 10.5.5: goes on at the catch event of the same name in the scope. */
function follow(step: Step, instance: FlowNodeInstance, { name }: LinkEventDefinition): void {
  const { nodes } = instance.node.scope as ScopeNode;
  const target = nodes.find(
    (node) =>
      node.kind === 'intermediate-catch-event' &&
      node.eventDefinitions.some((other) => other.kind === 'link' && other.name === name),
  );
  if (target === undefined) {
    throw failure(`no IntermediateCatchEvent with the link '${name}' exists`, { name: 'NotFoundError', status: 404 });
  }
  step.spawn(target, instance.scope!, step.tokenAfter(instance, passThrough(instance)));
  step.leave(instance, { result: {}, payload: passThrough(instance), flows: [] });
}
