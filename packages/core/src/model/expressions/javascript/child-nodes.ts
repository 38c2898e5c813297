import type { AnyNode } from 'acorn';

/** The nodes directly below a node, in the order of the text. */
export function childNodes(node: AnyNode): AnyNode[] {
  const values: unknown[] = Object.values(node);
  return values.flatMap((value): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value])).filter(isNode);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
