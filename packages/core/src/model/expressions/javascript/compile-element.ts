import type { AnyNode, Expression, SpreadElement } from 'acorn';
import type { Evaluation } from '../evaluation.js';
import type { Compilation } from './compilation.js';

/** An element of a list or of arguments: adds one value, or all values of a spread list or text. */
export function compileElement(
  node: Expression | SpreadElement,
  compilation: Compilation,
): (evaluation: Evaluation, list: unknown[]) => void {
  if (node.type !== 'SpreadElement') {
    const value = compilation.compile(node, compilation);
    return (evaluation, list) => {
      list.push(value(evaluation));
    };
  }
  const spread = compilation.compile(node.argument, compilation);
  return (evaluation, list) => {
    const items = spread(evaluation);
    if (!Array.isArray(items) && typeof items !== 'string') {
      throw new TypeError('Spread syntax requires a list or a text');
    }
    evaluation.reserveList(list.length + items.length);
    for (const item of items) {
      list.push(item);
    }
  };
}

/** Whether a part of the chain before this one has `?.`. */
export function containsOptional(node: AnyNode): boolean {
  let part = node;
  for (;;) {
    if (part.type === 'MemberExpression') {
      if (part.optional) {
        return true;
      }
      part = part.object;
    } else if (part.type === 'CallExpression') {
      if (part.optional) {
        return true;
      }
      part = part.callee;
    } else {
      return false;
    }
  }
}
