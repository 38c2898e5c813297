import type { Evaluation } from '../evaluation.js';
import { type FeelClosure, type FeelCompilation, requiredChild } from './feel-compilation.js';
import { asList, isList } from './feel-object.js';
import { FeelRange } from './feel-range.js';
import { FeelScope, type Frame } from './feel-scope.js';
import { childrenOfType, type FeelNode, nameOf } from './parse-feel.js';

/** The items a loop runs over, `null` if what was given is no list. */
type Items = (evaluation: Evaluation, frame: Frame | undefined) => readonly unknown[] | null;

interface Loop {
  /** One per variable, outermost first; each may use the variables before it. */
  readonly iterations: readonly Items[];
  readonly body: FeelClosure;
}

/** `for x in list, y in 1..3 return …`: the results of all combinations; `partial` is a copy of those so far. */
export function compileFor(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): FeelClosure {
  const body = requiredChild(node, node.children, 3);
  const usesPartial = /\bpartial\b/.test(body.text);
  const loop = compileLoop(node, body, { scope, compilation, extra: ['partial'] });
  return (evaluation, frame) => {
    const results: unknown[] = [];
    const complete = runLoop(evaluation, frame, loop, (inner) => {
      if (usesPartial) {
        evaluation.spendList(results.length);
      }
      const around = { values: [usesPartial ? [...results] : null], parent: inner };
      results.push(loop.body(evaluation, around));
      return true;
    });
    return complete === null ? null : results;
  };
}

/** `some x in list satisfies …` is the `or` of its tests, `every` the `and`. */
export function compileQuantified(
  node: FeelNode,
  scope: FeelScope | undefined,
  compilation: FeelCompilation,
): FeelClosure {
  const decisive = node.children[0]?.type === 'some';
  const loop = compileLoop(node, requiredChild(node, node.children, 3), { scope, compilation, extra: [] });
  return (evaluation, frame) => {
    let result: boolean | null = !decisive;
    const complete = runLoop(evaluation, frame, loop, (inner) => {
      const test = loop.body(evaluation, inner);
      if (typeof test !== 'boolean') {
        result = null;
      } else if (test === decisive) {
        result = decisive;
      }
      return test !== decisive;
    });
    return complete === null ? null : result;
  };
}

interface LoopPlace {
  readonly scope: FeelScope | undefined;
  readonly compilation: FeelCompilation;
  /** Names the body sees besides the variables, in a frame of their own. */
  readonly extra: string[];
}

function compileLoop(node: FeelNode, body: FeelNode, { scope, compilation, extra }: LoopPlace): Loop {
  let inner = scope;
  const iterations = childrenOfType(requiredChild(node, node.children, 1), 'InExpression').map((iteration) => {
    const name = nameOf(requiredChild(iteration, iteration.children, 0));
    const items = compileItems(requiredChild(iteration, iteration.children, 2), inner, compilation);
    inner = new FeelScope([name], inner);
    return items;
  });
  const bodyScope = extra.length > 0 ? new FeelScope(extra, inner) : inner;
  return { iterations, body: compilation.compileBody(body, bodyScope) };
}

/** Calls `visit` for every combination until it returns false; `null` if something to iterate over is no list. */
function runLoop(
  evaluation: Evaluation,
  start: Frame | undefined,
  { iterations }: Loop,
  visit: (frame: Frame | undefined) => boolean,
): boolean | null {
  const descend = (level: number, frame: Frame | undefined): boolean | null => {
    const iteration = iterations[level];
    if (iteration === undefined) {
      return visit(frame);
    }
    const items = iteration(evaluation, frame);
    if (items === null) {
      return null;
    }
    for (const item of items) {
      evaluation.spend(1);
      const goOn = descend(level + 1, { values: [item], parent: frame });
      if (goOn !== true) {
        return goOn;
      }
    }
    return true;
  };
  return descend(0, start);
}

function compileItems(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): Items {
  const [from, , to] = node.children;
  const first = compilation.compile(requiredChild(node, node.children, 0), scope);
  if (from === undefined || to === undefined) {
    return (evaluation, frame) => itemsOf(evaluation, first(evaluation, frame));
  }
  const last = compilation.compile(to, scope);
  return (evaluation, frame) => steps(evaluation, first(evaluation, frame), last(evaluation, frame));
}

function itemsOf(evaluation: Evaluation, value: unknown): readonly unknown[] | null {
  if (!(value instanceof FeelRange)) {
    return isList(value) ? value : null;
  }
  if (typeof value.start !== 'number' || typeof value.end !== 'number') {
    return null;
  }
  return steps(evaluation, value.start + (value.included.start ? 0 : 1), value.end - (value.included.end ? 0 : 1));
}

/** `1..3` or, downward, `3..1`. */
function steps(evaluation: Evaluation, from: unknown, to: unknown): number[] | null {
  if (typeof from !== 'number' || typeof to !== 'number' || !Number.isInteger(from) || !Number.isInteger(to)) {
    return null;
  }
  evaluation.reserveList(Math.abs(to - from) + 1);
  const direction = from <= to ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_unused, index) => from + index * direction);
}

/** `list[2]` is an element, `list[price > 3]` those elements for which it holds. */
export function compileFilter(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): FeelClosure {
  const source = compilation.compile(requiredChild(node, node.children, 0), scope);
  const inner = new FeelScope(['item'], scope, true);
  const condition = compilation.compileBody(requiredChild(node, node.children, 2), inner);
  return (evaluation, frame) => {
    const value = source(evaluation, frame);
    const list = value === null ? [] : asList(value);
    const test = (item: unknown) => condition(evaluation, { values: [item], parent: frame });
    const first = test(list.length > 0 ? list[0] : null);
    if (typeof first === 'number') {
      return elementAt(list, first);
    }
    if (value === null) {
      return null;
    }
    return list.filter((item, index) => (index === 0 ? first : test(item)) === true);
  };
}

/** Elements count from 1, or from −1 at the end. */
function elementAt(list: readonly unknown[], index: number): unknown {
  return (Number.isInteger(index) && index !== 0 ? list.at(index > 0 ? index - 1 : index) : null) ?? null;
}
