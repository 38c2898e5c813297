import { defineProperty } from '../javascript/values.js';
import { type FeelClosure, type FeelCompilation, requiredChild } from './feel-compilation.js';
import { FeelScope } from './feel-scope.js';
import { childrenOfType, type FeelNode, nameOf } from './parse-feel.js';
import { textLiteral } from './text-literal.js';

const BRACKETS = new Set(['[', ']', '{', '}']);

export function compileList(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): FeelClosure {
  const elements = node.children
    .filter(({ type }) => !BRACKETS.has(type))
    .map((element) => compilation.compile(element, scope));
  return (evaluation, frame) => elements.map((element) => element(evaluation, frame));
}

/**
 * `{a: 1, b: a + 1}`: an entry sees the entries before it; a function sees its own name too, so that it can call
 * itself.
 */
export function compileContext(
  node: FeelNode,
  scope: FeelScope | undefined,
  compilation: FeelCompilation,
): FeelClosure {
  const inner = new FeelScope([], scope);
  const entries = childrenOfType(node, 'ContextEntry').map((entry) => {
    const name = keyName(requiredChild(entry, entry.children, 0));
    const value = requiredChild(entry, entry.children, 1);
    const isFunction = value.type === 'FunctionDefinition';
    if (isFunction) {
      inner.names.push(name);
    }
    const closure = compilation.compile(value, inner);
    if (!isFunction) {
      inner.names.push(name);
    }
    return { name, closure };
  });
  return (evaluation, parent) => {
    const context: Record<string, unknown> = {};
    const frame = { values: [] as unknown[], parent };
    for (const { name, closure } of entries) {
      const value = closure(evaluation, frame);
      frame.values.push(value);
      defineProperty(context, name, value);
    }
    return context;
  };
}

function keyName(key: FeelNode): string {
  const inside = key.children[0];
  return inside?.type === 'StringLiteral' ? textLiteral(inside.text) : nameOf(key);
}
