import { type FeelClosure, type FeelCompilation, requiredChild } from './feel-compilation.js';
import { FeelFunction, isContext, isList } from './feel-object.js';
import { FeelRange } from './feel-range.js';
import type { FeelScope } from './feel-scope.js';
import { childrenOfType, type FeelNode, nameOf } from './parse-feel.js';
import { FeelDate, FeelDateTime, FeelDaysDuration, FeelMonthsDuration, FeelTime } from './temporal.js';

/** Whether a value is of a type; nothing is of the type `Null` only. */
export type TypeTest = (value: unknown) => boolean;

const isDuration: TypeTest = (value) => value instanceof FeelDaysDuration || value instanceof FeelMonthsDuration;

const BASIC_TYPES: ReadonlyMap<string, TypeTest> = new Map<string, TypeTest>([
  ['Any', (value) => value !== null],
  ['Null', (value) => value === null],
  ['boolean', (value) => typeof value === 'boolean'],
  ['context', isContext],
  ['date', (value) => value instanceof FeelDate],
  ['date and time', (value) => value instanceof FeelDateTime],
  ['days and time duration', (value) => value instanceof FeelDaysDuration],
  ['duration', isDuration],
  ['list', isList],
  ['number', (value) => typeof value === 'number'],
  ['range', (value) => value instanceof FeelRange],
  ['string', (value) => typeof value === 'string'],
  ['time', (value) => value instanceof FeelTime],
  ['years and months duration', (value) => value instanceof FeelMonthsDuration],
]);

/** `value instanceof type`; the result is false for a type that is not known. */
export function compileInstanceOf(
  node: FeelNode,
  scope: FeelScope | undefined,
  compilation: FeelCompilation,
): FeelClosure {
  const value = compilation.compile(requiredChild(node, node.children, 0), scope);
  const test = typeTest(requiredChild(node, node.children, 3));
  return (evaluation, frame) => {
    const tested = value(evaluation, frame);
    if (isList(tested)) {
      evaluation.spendList(tested.length);
    }
    return test(tested);
  };
}

function typeTest(type: FeelNode): TypeTest {
  const inside = requiredChild(type, type.children, 0);
  switch (inside.type) {
    case 'ListType':
      return listTest(requiredChild(inside, childrenOfType(inside, 'Type'), 0));
    case 'ContextType':
      return contextTest(inside);
    case 'FunctionType':
      return (value) => value instanceof FeelFunction;
    default:
      return BASIC_TYPES.get(nameOf(inside)) ?? (() => false);
  }
}

function listTest(type: FeelNode): TypeTest {
  const test = typeTest(type);
  return (value) => isList(value) && value.every((item) => test(item));
}

function contextTest(node: FeelNode): TypeTest {
  const entries = childrenOfType(node, 'ContextEntryTypes').flatMap((types) =>
    childrenOfType(types, 'ContextEntryType'),
  );
  const tests = entries.map((entry) => ({
    name: nameOf(requiredChild(entry, entry.children, 0)),
    test: typeTest(requiredChild(entry, childrenOfType(entry, 'Type'), 0)),
  }));
  return (value) =>
    isContext(value) && tests.every(({ name, test }) => Object.hasOwn(value, name) && test(value[name] ?? null));
}
