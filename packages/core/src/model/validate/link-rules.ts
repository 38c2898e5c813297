import type { Compilation } from '../compile/compilation.js';
import { linkNames } from '../compile/reach.js';
import type { FlowNode, ProcessGraph } from '../graph.js';

/** Every link that is thrown is caught exactly once, in the same container (BPMN 10.5.5, Link). */
export function checkLinks(compilation: Compilation, { nodesById }: ProcessGraph): void {
  for (const node of nodesById.values()) {
    for (const name of linkNames(node)) {
      if (node.kind === 'intermediate-throw-event') checkThrow(compilation, node, name);
      else if (node.kind === 'intermediate-catch-event') checkCatch(compilation, node, name);
    }
  }
}

function checkThrow(compilation: Compilation, node: FlowNode, name: string): void {
  if (catchesOf(node, name).length > 0) return;
  const message = `No IntermediateCatchEvent with the link '${name}' exists beside '${node.id}'.`;
  compilation.report('link-without-target', node, message);
}

function checkCatch(compilation: Compilation, node: FlowNode, name: string): void {
  if (catchesOf(node, name)[0] === node) return;
  const message = `There are too many catch events for the link '${name}': '${node.id}' is not the first.`;
  compilation.report('ambiguous-link', node, message);
}

function catchesOf({ scope }: FlowNode, name: string): FlowNode[] {
  return (scope?.nodes ?? []).filter(
    (node) => node.kind === 'intermediate-catch-event' && linkNames(node).includes(name),
  );
}
