import type { ComplexGatewayNode, EventBasedGatewayNode, GatewayNode, InclusiveGatewayNode } from '../graph.js';
import type { NodeSource } from './node-base.js';

export function exclusiveGateway({ base }: NodeSource): GatewayNode {
  return { ...base, kind: 'exclusive-gateway' };
}

export function parallelGateway({ base }: NodeSource): GatewayNode {
  return { ...base, kind: 'parallel-gateway' };
}

/** Its reach sets follow when all flows are linked. */
export function inclusiveGateway({ base }: NodeSource): InclusiveGatewayNode {
  return { ...base, kind: 'inclusive-gateway', reach: [] };
}

/** Its reach sets follow when all flows are linked. */
export function complexGateway({ base, compilation, element }: NodeSource): ComplexGatewayNode {
  const { activationCondition } = element;
  const compiled =
    activationCondition && compilation.formalExpression(element, 'activation condition', activationCondition);
  return { ...base, kind: 'complex-gateway', activationCondition: compiled, reach: [] };
}

export function eventBasedGateway({ base, element }: NodeSource): EventBasedGatewayNode {
  return {
    ...base,
    kind: 'event-based-gateway',
    instantiate: element.instantiate === true,
    parallel: element.eventGatewayType === 'Parallel',
  };
}
