import type { InclusiveGatewayNode } from '../../model/graph.js';
import { chooseFlows } from '../flows.js';
import { passThrough, type Behaviour } from './behaviour.js';

/** BPMN 13.4.3: runs once its join is resolved (joins.ts), then takes every flow whose condition holds, else the default. */
export const inclusiveGateway: Behaviour<InclusiveGatewayNode> = {
  enter(step, instance) {
    step.state.results.set(instance.id, instance.payload);
    const payload =
      instance.payloadFrom === null ? { value: instance.payload, from: instance.id } : passThrough(instance);
    const token = step.tokenAfter(instance, payload);
    step.leave(instance, { result: instance.payload, payload, flows: chooseFlows(step, instance, token) });
  },
};
