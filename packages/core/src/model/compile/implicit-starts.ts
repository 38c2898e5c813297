import type { FlowNode, ScopeNode } from '../graph.js';
import { linkNames } from './reach.js';

/**
 * The nodes that start with a scope (BPMN 13.3.4 and 10.3.5): without start event those without incoming flow; in an
 * ad-hoc sub-process the activities without incoming flow, which it offers. Nodes that other events start are not among
 * them.
 */
export function implicitStartsOf(scope: ScopeNode): FlowNode[] {
  if (scope.startEvents.length > 0) return [];
  const first = scope.nodes.filter(startsByItself);
  return scope.kind === 'ad-hoc-sub-process' ? first.filter(isActivity) : first;
}

/** Started by a message or event of its own: an instantiating receive task or event-based gateway. */
export function isInstantiating(node: FlowNode): boolean {
  return (node.kind === 'receive-task' || node.kind === 'event-based-gateway') && node.instantiate;
}

export function isActivity({ kind }: FlowNode): boolean {
  return !kind.endsWith('-event') && !kind.endsWith('-gateway') && kind !== 'event-sub-process';
}

function startsByItself(node: FlowNode): boolean {
  if (node.incoming.length > 0 || node.isForCompensation || isInstantiating(node)) return false;
  if (node.kind === 'boundary-event' || node.kind === 'event-sub-process') return false;
  return !(node.kind === 'intermediate-catch-event' && linkNames(node).length > 0);
}
