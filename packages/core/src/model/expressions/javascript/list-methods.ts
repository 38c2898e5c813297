import type { Evaluation } from '../evaluation.js';
import { MAX_LIST_LENGTH } from '../evaluation.js';
import { strictlyEqual } from './operators.js';
import { joinList, toInteger, toNumber, toText } from './values.js';

export type List = readonly unknown[];
/** An arrow function or an allowed function, in the place of an array method's callback. */
export type Callback = (evaluation: Evaluation, a: unknown, b?: unknown, c?: unknown, d?: unknown) => unknown;
export type ListMethod = (evaluation: Evaluation, list: List, args: List) => unknown;
export type ListCallbackMethod = (evaluation: Evaluation, list: List, callback: Callback, rest: List) => unknown;

/** Methods of arrays whose arguments are data. None changes its array: `sort` and `reverse` give a sorted copy. */
export const LIST_METHODS: ReadonlyMap<string, ListMethod> = new Map<string, ListMethod>([
  ['at', (evaluation, list, [index]) => list.at(toInteger(evaluation, index))],
  ['concat', concat],
  ['flat', (evaluation, list, [depth]) => flatten(evaluation, list, toInteger(evaluation, depth, 1))],
  ['includes', (evaluation, list, [item, from]) => includes(evaluation, list, item, from)],
  ['indexOf', (evaluation, list, [item, from]) => indexOf(evaluation, list, item, from)],
  ['join', (evaluation, list, [separator]) => joinList(evaluation, list, separatorText(evaluation, separator))],
  ['lastIndexOf', (evaluation, list, [item]) => lastIndexOf(evaluation, list, item)],
  ['reverse', (evaluation, list) => copy(evaluation, list).reverse()],
  ['slice', slice],
  ['sort', (evaluation, list) => sortByText(evaluation, list)],
  ['toReversed', (evaluation, list) => copy(evaluation, list).reverse()],
  ['toSorted', (evaluation, list) => sortByText(evaluation, list)],
  ['toString', (evaluation, list) => joinList(evaluation, list, ',')],
]);

/** Methods of arrays that take a callback first. */
export const LIST_CALLBACK_METHODS: ReadonlyMap<string, ListCallbackMethod> = new Map<string, ListCallbackMethod>([
  ['every', (evaluation, list, callback) => list.every((item, index) => callback(evaluation, item, index, list))],
  ['filter', (evaluation, list, callback) => list.filter((item, index) => callback(evaluation, item, index, list))],
  ['find', (evaluation, list, callback) => list.find((item, index) => callback(evaluation, item, index, list))],
  [
    'findIndex',
    (evaluation, list, callback) => list.findIndex((item, index) => callback(evaluation, item, index, list)),
  ],
  ['findLast', (evaluation, list, callback) => list.findLast((item, index) => callback(evaluation, item, index, list))],
  ['flatMap', (evaluation, list, callback) => flatten(evaluation, map(evaluation, list, callback), 1)],
  ['map', map],
  ['reduce', reduce],
  ['some', (evaluation, list, callback) => list.some((item, index) => callback(evaluation, item, index, list))],
  ['sort', (evaluation, list, callback) => sortBy(evaluation, list, callback)],
  ['toSorted', (evaluation, list, callback) => sortBy(evaluation, list, callback)],
]);

function copy(evaluation: Evaluation, list: List): unknown[] {
  evaluation.reserveList(list.length);
  return [...list];
}

function map(evaluation: Evaluation, list: List, callback: Callback): unknown[] {
  evaluation.reserveList(list.length);
  return list.map((item, index) => callback(evaluation, item, index, list));
}

function reduce(evaluation: Evaluation, list: List, callback: Callback, rest: List): unknown {
  const combine = (sum: unknown, item: unknown, index: number) => callback(evaluation, sum, item, index, list);
  return rest.length > 0 ? list.reduce(combine, rest[0]) : list.reduce(combine);
}

function concat(evaluation: Evaluation, list: List, args: List): unknown[] {
  const length = args.reduce((sum: number, part) => sum + (Array.isArray(part) ? part.length : 1), list.length);
  evaluation.reserveList(length);
  return list.concat(...args);
}

function slice(evaluation: Evaluation, list: List, [start, end]: List): unknown[] {
  const part = list.slice(toInteger(evaluation, start), toInteger(evaluation, end, list.length));
  evaluation.reserveList(part.length);
  return part;
}

function indexOf(evaluation: Evaluation, list: List, item: unknown, from?: unknown): number {
  evaluation.spendList(list.length);
  const start = toInteger(evaluation, from);
  for (let index = start < 0 ? Math.max(0, list.length + start) : start; index < list.length; index += 1) {
    if (strictlyEqual(evaluation, list[index], item)) {
      return index;
    }
  }
  return -1;
}

/** As `indexOf`, but `NaN` is found. */
function includes(evaluation: Evaluation, list: List, item: unknown, from?: unknown): boolean {
  if (Number.isNaN(item)) {
    evaluation.spendList(list.length);
    return list.includes(item, toInteger(evaluation, from));
  }
  return indexOf(evaluation, list, item, from) >= 0;
}

function lastIndexOf(evaluation: Evaluation, list: List, item: unknown): number {
  evaluation.spendList(list.length);
  return list.findLastIndex((candidate) => strictlyEqual(evaluation, candidate, item));
}

function flatten(evaluation: Evaluation, list: List, depth: number): unknown[] {
  const result: unknown[] = [];
  const append = (items: List, levels: number): void => {
    evaluation.spendList(items.length);
    for (const item of items) {
      if (Array.isArray(item) && levels > 0) {
        evaluation.nested(() => append(item, levels - 1));
      } else {
        evaluation.reserveList(result.length < MAX_LIST_LENGTH ? 0 : result.length + 1);
        result.push(item);
      }
    }
  };
  append(list, depth);
  return result;
}

function sortBy(evaluation: Evaluation, list: List, callback: Callback): unknown[] {
  return copy(evaluation, list).sort((first, second) => toNumber(evaluation, callback(evaluation, first, second)));
}

/** The default order of `sort`: by text; `undefined` comes last. */
function sortByText(evaluation: Evaluation, list: List): unknown[] {
  const keyed = copy(evaluation, list).map((item) => ({ item, key: toText(evaluation, item) }));
  keyed.sort((first, second) => {
    evaluation.spend(1);
    evaluation.spendText(Math.min(first.key.length, second.key.length));
    if (first.item === undefined || second.item === undefined) {
      return Number(first.item === undefined) - Number(second.item === undefined);
    }
    return first.key < second.key ? -1 : Number(first.key > second.key);
  });
  return keyed.map(({ item }) => item);
}

function separatorText(evaluation: Evaluation, separator: unknown): string {
  return separator === undefined ? ',' : toText(evaluation, separator);
}
