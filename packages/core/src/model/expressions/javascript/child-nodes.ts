import type { AnyNode } from 'acorn';

/** The nodes directly below a node, in the order of the text. */
export function childNodes(node: AnyNode): AnyNode[] {
  const nodes: AnyNode[] = [];
  const add = (value: unknown): void => void (isNode(value) && nodes.push(value));
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) value.forEach(add);
    else add(value);
  }
  return nodes;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
