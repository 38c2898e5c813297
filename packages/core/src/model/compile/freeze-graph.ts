import type { ProcessGraph } from '../graph.js';

/**
 * Freezes a graph with its nodes, flows and lists. Maps and sets stay as they are (their types say read only), and
 * compiled expressions and scripts belong to who made them.
 */
export function freezeGraph(graph: ProcessGraph): ProcessGraph {
  const open: object[] = [Object.freeze(graph).root, ...graph.nodesById.values()];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Object.isFrozen(value) || isLeftAlone(value)) continue;
    Object.freeze(value);
    for (const part of Object.values(value) as unknown[]) {
      if (typeof part === 'object' && part !== null) open.push(part);
    }
  }
  return graph;
}

function isLeftAlone(value: object): boolean {
  return value instanceof Map || value instanceof Set || 'historyIds' in value;
}
