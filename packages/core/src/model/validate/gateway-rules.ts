import type { Compilation } from '../compile/compilation.js';
import { linkNames } from '../compile/reach.js';
import type { EventBasedGatewayNode, FlowNode, ProcessGraph, SequenceFlow } from '../graph.js';

export function checkGateways(compilation: Compilation, { nodesById }: ProcessGraph): void {
  for (const node of nodesById.values()) {
    if (!node.kind.endsWith('-gateway')) continue;
    // A flow to a node that could not be compiled is missing here, and reported with that node.
    if (node.outgoing.length === 0 && compilation.failed.size === 0) {
      const message = `The gateway '${node.id}' has no outgoing flow: a token would have nowhere to go.`;
      compilation.report('gateway-without-outgoing', node, message);
    }
    if (node.kind === 'event-based-gateway') checkEventBased(compilation, node);
  }
}

/** It leads to what can happen: catch events and receive tasks that nothing else leads to (BPMN 10.6.6). */
function checkEventBased(compilation: Compilation, gateway: EventBasedGatewayNode): void {
  if (gateway.outgoing.length === 1 && compilation.failed.size === 0) {
    const message = `The event-based gateway '${gateway.id}' has one outgoing flow only: it needs at least two events to choose from.`;
    compilation.report('event-gateway-single', gateway, message);
  }
  for (const flow of gateway.outgoing) {
    const problem = problemOf(flow);
    if (problem === undefined) continue;
    const message = `The flow '${flow.id}' of the event-based gateway '${gateway.id}' leads to '${flow.target.id}', ${problem}.`;
    compilation.report('event-gateway-target', gateway, message);
  }
}

function problemOf({ target }: SequenceFlow): string | undefined {
  if (!isTrigger(target)) return 'which is neither a catch event with a trigger nor a receive task';
  if (target.incoming.length > 1) return 'to which another flow leads as well';
  if (target.boundaryEvents.length > 0) return 'which has boundary events';
  return undefined;
}

function isTrigger(node: FlowNode): boolean {
  if (node.kind === 'receive-task') return !node.instantiate;
  return node.kind === 'intermediate-catch-event' && node.eventDefinitions.length > 0 && linkNames(node).length === 0;
}
