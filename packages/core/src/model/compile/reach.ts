import type { FlowNode } from '../graph.js';
import type { Compilation } from './compilation.js';

/** Nodes looked at for all joins of a process together: a quarter of a second. */
const MOST_VISITS = 300_000;

/**
 * Computes for each incoming flow of an inclusive or complex join the nodes from which a token can still reach it
 * without passing the join (BPMN 13.4.3), inside the join's scope. The way back from a boundary event leads to its
 * activity, from a link catch event to the throw events of that name.
 */
export function computeReach(compilation: Compilation): void {
  let visits = 0;
  for (const { node, incoming } of compilation.entries.values()) {
    if (node.kind !== 'inclusive-gateway' && node.kind !== 'complex-gateway') continue;
    if (visits > MOST_VISITS) {
      // The time grows with the product of joins and nodes.
      compilation.report(
        'unsupported-element',
        node,
        `'${node.id}': the process has too many inclusive and complex joins.`,
      );
      return;
    }
    // With one flow there is nothing to wait for.
    node.reach =
      incoming.length < 2 ? incoming.map(() => new Set<string>()) : incoming.map(({ source }) => before(source, node));
    if (incoming.length > 1) visits += node.reach.reduce((sum, { size }) => sum + size, 0);
  }
}

function before(start: FlowNode, join: object): ReadonlySet<string> {
  const reached = new Set<string>();
  const open: FlowNode[] = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === join || reached.has(node.id)) continue;
    reached.add(node.id);
    open.push(...predecessors(node));
  }
  return reached;
}

function predecessors(node: FlowNode): readonly FlowNode[] {
  const sources = node.incoming.map(({ source }) => source);
  if (node.kind === 'boundary-event') return [node.attachedTo];
  if (node.kind === 'intermediate-catch-event') return [...sources, ...linkThrows(node)];
  return sources;
}

function linkThrows(node: FlowNode): readonly FlowNode[] {
  const names = linkNames(node);
  if (names.length === 0) return [];
  return (node.scope?.nodes ?? []).filter(
    (other) => other.kind === 'intermediate-throw-event' && linkNames(other).some((name) => names.includes(name)),
  );
}

/** The names of an event's link definitions. */
export function linkNames(node: FlowNode): readonly string[] {
  if (!('eventDefinitions' in node)) return [];
  return node.eventDefinitions.flatMap((definition) => (definition.kind === 'link' ? [definition.name] : []));
}
