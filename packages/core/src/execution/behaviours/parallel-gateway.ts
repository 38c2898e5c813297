import type { GatewayNode } from '../../model/graph.js';
import { passThrough, type Behaviour } from './behaviour.js';

/** BPMN 13.4.1: runs once its join is complete (joins.ts), then every outgoing flow gets a token. */
export const parallelGateway: Behaviour<GatewayNode> = {
  enter(step, instance, node) {
    const joined = node.incoming.length > 1;
    step.leave(instance, {
      result: joined ? instance.payload : {},
      payload: joined ? { value: instance.payload, from: instance.id } : passThrough(instance),
      flows: node.outgoing,
    });
  },
};
