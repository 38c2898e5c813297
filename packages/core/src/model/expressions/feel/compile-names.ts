import type { Evaluation } from '../evaluation.js';
import { BUILTIN_FUNCTIONS } from './builtins.js';
import type { FeelClosure, FeelCompilation } from './feel-compilation.js';
import { requiredChild } from './feel-compilation.js';
import { isContext, orNull } from './feel-object.js';
import { FeelScope, type Frame, frameAt } from './feel-scope.js';
import { type FeelNode, nameOf } from './parse-feel.js';
import { readProperty } from './properties.js';

/** A name on its own. */
export function compileName(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): FeelClosure {
  return compileRead(nameOf(node), [], { scope, compilation });
}

/** `a.b.c`; a path that starts at a name of the outside is noted as a whole. */
export function compilePath(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): FeelClosure {
  const path: string[] = [];
  let root = node;
  while (root.type === 'PathExpression') {
    path.unshift(nameOf(requiredChild(root, root.children, 2)));
    root = requiredChild(root, root.children, 0);
  }
  const start =
    root.type === 'VariableName'
      ? compileRead(nameOf(root), path, { scope, compilation })
      : compilation.compile(root, scope);
  return (evaluation, frame) => path.reduce((value, name) => read(evaluation, value, name), start(evaluation, frame));
}

function read(evaluation: Evaluation, value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    evaluation.reserveList(value.length);
  }
  return readProperty(value, name);
}

interface Place {
  readonly scope: FeelScope | undefined;
  readonly compilation: FeelCompilation;
}

/** Entries of filtered items come first, then what the expression binds, then the outside, then built-in functions. */
function compileRead(name: string, path: readonly string[], { scope, compilation }: Place): FeelClosure {
  const { items, slot } = FeelScope.resolve(scope, name);
  if (slot === undefined) {
    compilation.mentions.add(name, path);
  }
  const outer: FeelClosure = slot
    ? (_evaluation, frame) => orNull(frameAt(frame, slot.depth)?.values[slot.index])
    : compileOutside(name);
  if (items.length === 0) {
    return outer;
  }
  return (evaluation, frame) => {
    const item = items.map((depth) => frameAt(frame, depth)?.values[0]).find((candidate) => hasEntry(candidate, name));
    return isContext(item) ? orNull(item[name]) : outer(evaluation, frame);
  };
}

function compileOutside(name: string): (evaluation: Evaluation, frame: Frame | undefined) => unknown {
  const builtin = BUILTIN_FUNCTIONS.get(name);
  return (evaluation) => {
    const value = evaluation.context.lookup(name);
    return value === undefined ? (builtin ?? null) : value;
  };
}

function hasEntry(value: unknown, name: string): boolean {
  return isContext(value) && Object.hasOwn(value, name);
}
