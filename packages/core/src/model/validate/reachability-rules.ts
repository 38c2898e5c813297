import type { Compilation } from '../compile/compilation.js';
import { isInstantiating } from '../compile/implicit-starts.js';
import { linkNames } from '../compile/reach.js';
import type { FlowNode, ProcessGraph, ScopeNode } from '../graph.js';

/** Warns about nodes to which no token can come (BPMN 13.3.1). */
export function checkReachability(compilation: Compilation, { root, nodesById }: ProcessGraph): void {
  // Where a node is missing, what follows it looks unreachable.
  if (compilation.findings.some(({ severity }) => severity === 'error')) return;
  checkScope(compilation, root);
  for (const node of nodesById.values()) if ('nodes' in node) checkScope(compilation, node);
}

function checkScope(compilation: Compilation, scope: ScopeNode): void {
  const reached = new Set<FlowNode>();
  const implicitStarts = new Set(scope.implicitStarts);
  const open: FlowNode[] = scope.nodes.filter((node) => startsFlow(node) || implicitStarts.has(node));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    open.push(...successors(node));
  }
  for (const node of scope.nodes) {
    if (reached.has(node)) continue;
    compilation.report('unreachable-element', node, `'${node.id}' is never reached: no path from a start leads to it.`);
  }
}

function startsFlow(node: FlowNode): boolean {
  return (
    node.kind === 'start-event' || node.kind === 'event-sub-process' || node.isForCompensation || isInstantiating(node)
  );
}

function successors(node: FlowNode): readonly FlowNode[] {
  const targets = node.outgoing.map(({ target }) => target);
  const names = linkNames(node);
  if (names.length === 0 || node.kind !== 'intermediate-throw-event') return [...targets, ...node.boundaryEvents];
  const catches = (node.scope?.nodes ?? []).filter(
    (other) => other.kind === 'intermediate-catch-event' && linkNames(other).some((name) => names.includes(name)),
  );
  return [...targets, ...node.boundaryEvents, ...catches];
}
