/** Which outgoing flows a token takes where the node itself does not choose (BPMN 13.2.1, 10.5.1: implicit split). */
import type { SequenceFlow } from '../model/graph.js';
import { isTrue } from './evaluation.js';
import { failure } from './failures.js';
import type { FlowNodeInstance, Token } from './instance-state.js';
import type { Step } from './step.js';

/**
 * Every flow without condition and every flow whose condition holds; the default flow where no condition holds.
 * A failure where flows exist and none can be taken.
 */
export function chooseFlows(step: Step, instance: FlowNodeInstance, token: Token): readonly SequenceFlow[] {
  const { outgoing } = instance.node;
  if (outgoing.every((flow) => flow.condition === undefined && !flow.isDefault)) return outgoing;
  const conditional = outgoing.filter((flow) => flow.condition !== undefined && !flow.isDefault);
  // A flow belongs to the scope around: the data of a sub-process, or mapped for an activity, end with it.
  const place = instance.variables === undefined ? instance : instance.scope!;
  const holding = new Set(conditional.filter((flow) => isTrue(step, place, flow.condition!, token)));
  const taken = outgoing.filter((flow) => {
    if (flow.isDefault) return holding.size === 0;
    return flow.condition === undefined || holding.has(flow);
  });
  if (taken.length === 0) throw noWay(instance);
  return taken;
}

/** No flow can be taken (BPMN 13.4.2: a run-time exception). */
export function noWay(instance: FlowNodeInstance): Error {
  const message = `No outgoing SequenceFlow for '${instance.node.id}' had a truthy condition!`;
  return failure(message, { name: 'BadRequestError', status: 400 });
}
