import type { JsonObject } from '@process-engine/contracts';
import type { ComplexGatewayNode, SequenceFlow } from '../../model/graph.js';
import { isTrue } from '../evaluation.js';
import { noWay } from '../flows.js';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Step } from '../step.js';
import { passThrough, type Behaviour } from './behaviour.js';

/**
 * BPMN 13.4.5: runs each time its join lets it (joins.ts): first when the activation condition holds, then once more when
 * the remaining tokens have come or cannot come any more. `waitingForStart` tells the outgoing conditions which it is.
 */
export const complexGateway: Behaviour<ComplexGatewayNode> = {
  enter(step, instance, node) {
    step.state.results.set(instance.id, instance.payload);
    const waitingForStart = instance.local?.resetting !== true;
    const flows = outgoing(step, instance, node, waitingForStart);
    if (flows.length === 0 && waitingForStart && node.outgoing.length > 0) throw noWay(instance);
    const payload = node.incoming.length > 1 ? { value: instance.payload, from: instance.id } : passThrough(instance);
    step.leave(instance, { result: instance.payload, payload, flows });
  },
};

/** On reset, a flow without condition gets no token. */
function outgoing(
  step: Step,
  instance: FlowNodeInstance,
  node: ComplexGatewayNode,
  waitingForStart: boolean,
): SequenceFlow[] {
  const extra: JsonObject = { waitingForStart, activationCount: Number(instance.local?.activationCount ?? 1) };
  const token = step.tokenAfter(instance, passThrough(instance));
  const holding = node.outgoing.filter((flow) => {
    if (flow.isDefault) return false;
    if (flow.condition === undefined) return waitingForStart;
    return isTrue(step, instance, flow.condition, token, extra);
  });
  return holding.length > 0 ? holding : node.outgoing.filter(({ isDefault }) => isDefault);
}
