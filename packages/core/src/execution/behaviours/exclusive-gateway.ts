import type { GatewayNode } from '../../model/graph.js';
import { isTrue } from '../evaluation.js';
import { noWay } from '../flows.js';
import { passThrough, type Behaviour } from './behaviour.js';

/** BPMN 13.4.2: the first flow in model order whose condition holds, else the default flow. Several incoming flows merge. */
export const exclusiveGateway: Behaviour<GatewayNode> = {
  enter(step, instance, node) {
    step.state.results.set(instance.id, instance.payload);
    const token = step.tokenAfter(instance, passThrough(instance));
    const single = node.outgoing.length < 2;
    const flow =
      node.outgoing.find((candidate) => {
        if (candidate.isDefault) return false;
        if (candidate.condition === undefined) return single;
        return isTrue(step, instance, candidate.condition, token);
      }) ?? node.outgoing.find(({ isDefault }) => isDefault);
    if (flow === undefined && node.outgoing.length > 0) throw noWay(instance);
    step.leave(instance, {
      result: instance.payload,
      payload: passThrough(instance),
      flows: flow === undefined ? [] : [flow],
    });
  },
};
