import type { Evaluation } from '../evaluation.js';
import { compareValues, isIn, rangeIncludes, valuesEqual } from './compare.js';
import { type FeelClosure, type FeelCompilation, requiredChild } from './feel-compilation.js';
import { FeelRange } from './feel-range.js';
import { FeelScope, type Frame } from './feel-scope.js';
import { childrenOfType, type FeelNode } from './parse-feel.js';

type Relation = (evaluation: Evaluation, left: unknown, right: unknown) => boolean | null;

const RELATIONS: ReadonlyMap<string, Relation> = new Map<string, Relation>([
  ['=', valuesEqual],
  ['==', valuesEqual],
  ['!=', (evaluation, left, right) => negated(valuesEqual(evaluation, left, right))],
  ['<', ordered((order) => order < 0)],
  ['<=', ordered((order) => order <= 0)],
  ['>', ordered((order) => order > 0)],
  ['>=', ordered((order) => order >= 0)],
]);

function ordered(decide: (order: number) => boolean): Relation {
  return (evaluation, left, right) => {
    const order = compareValues(evaluation, left, right);
    return order === null ? null : decide(order);
  };
}

function negated(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

/** `a < b`, `a between b and c`, `a in test` or `a in (test, test)`. */
export function compileComparison(
  node: FeelNode,
  scope: FeelScope | undefined,
  compilation: FeelCompilation,
): FeelClosure {
  const left = compilation.compile(requiredChild(node, node.children, 0), scope);
  const operator = requiredChild(node, node.children, 1);
  if (operator.type === 'between') {
    const low = compilation.compile(requiredChild(node, node.children, 2), scope);
    const high = compilation.compile(requiredChild(node, node.children, 4), scope);
    return (evaluation, frame) => {
      const included = { start: true, end: true };
      const range = new FeelRange(low(evaluation, frame), high(evaluation, frame), included);
      return rangeIncludes(evaluation, range, left(evaluation, frame));
    };
  }
  if (operator.type === 'in') {
    const tests = testNodes(node).map((test) => compileTest(test, scope, compilation));
    return (evaluation, frame) => anyHolds(tests, evaluation, { values: [left(evaluation, frame)], parent: frame });
  }
  const relation = relationOf(operator, compilation);
  const right = compilation.compile(requiredChild(node, node.children, 2), scope);
  return (evaluation, frame) => relation(evaluation, left(evaluation, frame), right(evaluation, frame));
}

function relationOf(operator: FeelNode, compilation: FeelCompilation): Relation {
  const relation = RELATIONS.get(operator.text);
  if (relation === undefined) {
    throw compilation.unexpected(operator);
  }
  return relation;
}

function testNodes(node: FeelNode): FeelNode[] {
  const groups = childrenOfType(node, 'PositiveUnaryTests');
  return (groups[0] ?? node).children.filter(({ type }) => type === 'PositiveUnaryTest');
}

/** A test of the value in the innermost frame, where it is called `?`. */
type Test = (evaluation: Evaluation, frame: Frame) => boolean | null;

function anyHolds(tests: readonly Test[], evaluation: Evaluation, frame: Frame): boolean | null {
  let result: boolean | null = false;
  for (const test of tests) {
    const holds = test(evaluation, frame);
    if (holds === true) {
      return true;
    }
    result = holds === null ? null : result;
  }
  return result;
}

function compileTest(node: FeelNode, outer: FeelScope | undefined, compilation: FeelCompilation): Test {
  const scope = new FeelScope(['?'], outer);
  const inside = requiredChild(node, node.children, 0);
  const operator = inside.type === 'SimplePositiveUnaryTest' ? inside.children[0] : undefined;
  if (operator?.type === 'CompareOp') {
    const relation = relationOf(operator, compilation);
    const right = compilation.compile(requiredChild(inside, inside.children, 1), scope);
    return (evaluation, frame) => relation(evaluation, frame.values[0], right(evaluation, frame));
  }
  const candidate = compilation.compile(inside, scope);
  const asksItself = inside.text.includes('?');
  return (evaluation, frame) => {
    const value = candidate(evaluation, frame);
    return asksItself && typeof value === 'boolean' ? value : isIn(evaluation, frame.values[0], value);
  };
}

/** `[1..5)` or `> 5` as a value of its own. */
export function compileRangeTest(
  node: FeelNode,
  scope: FeelScope | undefined,
  compilation: FeelCompilation,
): FeelClosure {
  const inside = requiredChild(node, node.children, 0);
  if (inside.type === 'Interval') {
    return compileInterval(inside, scope, compilation);
  }
  const end = compilation.compile(requiredChild(node, node.children, 1), scope);
  return (evaluation, frame) => openRange(inside.text, end(evaluation, frame));
}

function compileInterval(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): FeelClosure {
  const start = compilation.compile(requiredChild(node, node.children, 1), scope);
  const end = compilation.compile(requiredChild(node, node.children, 3), scope);
  const included = { start: node.children[0]?.type === '[', end: node.children[4]?.type === ']' };
  return (evaluation, frame) => {
    const [from, to] = [start(evaluation, frame), end(evaluation, frame)];
    return from === null || to === null ? null : new FeelRange(from, to, included);
  };
}

function openRange(operator: string, end: unknown): FeelRange | null {
  switch (operator) {
    case '<':
      return new FeelRange(undefined, end, { start: false, end: false });
    case '<=':
      return new FeelRange(undefined, end, { start: false, end: true });
    case '>':
      return new FeelRange(end, undefined, { start: false, end: false });
    case '>=':
      return new FeelRange(end, undefined, { start: true, end: false });
    case '=':
      return new FeelRange(end, end, { start: true, end: true });
    default:
      return null;
  }
}
