import type { Evaluation } from '../../evaluation.js';
import { compareValues, valuesEqual } from '../compare.js';
import { asList, type FeelFunction, finite, isList } from '../feel-object.js';
import { any, feelFunction, list, number, optional, rest, type Signature, signature } from './builtin-function.js';

type List = readonly unknown[];

/** DMN 1.5, clauses 10.3.4.2, 10.3.4.4 and 10.3.4.9. Positions count from 1, or from −1 at the end. */
export const LIST_FUNCTIONS: readonly (readonly [string, ...Signature[]])[] = [
  ['all', signature([rest('list')], (evaluation, items) => combine(evaluation, items, false))],
  ['any', signature([rest('list')], (evaluation, items) => combine(evaluation, items, true))],
  ['append', signature([list('list'), rest('item')], (evaluation, head, items) => joined(evaluation, head, items))],
  ['concatenate', signature([rest('list')], (evaluation, lists) => joined(evaluation, ...lists.map(asList)))],
  ['count', signature([list('list')], (_evaluation, items) => items.length)],
  ['distinct values', signature([list('list')], (evaluation, items) => distinct(evaluation, items))],
  ['duplicate values', signature([list('list')], duplicates)],
  ['flatten', signature([list('list')], flatten)],
  ['index of', signature([list('list'), any('match')], indexOf)],
  ['insert before', signature([list('list'), number('position'), any('newItem')], insertBefore)],
  ['is empty', signature([list('list')], (_evaluation, items) => items.length === 0)],
  ['list contains', signature([list('list'), any('element')], contains)],
  [
    'list replace',
    signature([list('list'), number('position'), any('newItem')], replaceAt),
    signature([list('list'), feelFunction('match'), any('newItem')], replaceMatching),
  ],
  ['max', signature([rest('list')], (evaluation, items) => extreme(evaluation, items, 1))],
  ['mean', numeric((values) => total(values) / values.length)],
  ['median', numeric(median)],
  ['min', signature([rest('list')], (evaluation, items) => extreme(evaluation, items, -1))],
  ['mode', signature([rest('list')], mode)],
  ['not', signature([any('negand')], (_evaluation, value) => (typeof value === 'boolean' ? !value : null))],
  ['partition', signature([list('list'), number('size')], partition)],
  ['product', numeric((values) => values.reduce((product, value) => product * value, 1))],
  ['remove', signature([list('list'), number('position')], remove)],
  ['reverse', signature([list('list')], (evaluation, items) => joined(evaluation, items).reverse())],
  ['sort', signature([list('list'), optional(feelFunction('precedes'))], sort)],
  ['stddev', numeric(deviation)],
  ['sublist', signature([list('list'), number('start position'), optional(number('length'))], sublist)],
  ['sum', numeric(total)],
  [
    'union',
    signature([rest('list')], (evaluation, lists) => distinct(evaluation, joined(evaluation, ...lists.map(asList)))),
  ],
];

function joined(evaluation: Evaluation, ...lists: List[]): unknown[] {
  evaluation.reserveList(lists.reduce((sum, { length }) => sum + length, 0));
  return lists.flat();
}

/** `all` is the `and` of the items, `any` the `or`. */
function combine(evaluation: Evaluation, items: List, decisive: boolean): boolean | null {
  evaluation.spendList(items.length);
  if (items.includes(decisive)) {
    return decisive;
  }
  return items.every((item) => typeof item === 'boolean') ? !decisive : null;
}

function contains(evaluation: Evaluation, items: List, element: unknown): boolean {
  return items.some((item) => valuesEqual(evaluation, item, element) === true);
}

function indexOf(evaluation: Evaluation, items: List, match: unknown): number[] {
  return items.flatMap((item, index) => (valuesEqual(evaluation, item, match) === true ? [index + 1] : []));
}

/** Scalars by a set, everything else by comparing with what is there. */
function distinct(evaluation: Evaluation, items: List): unknown[] {
  const scalars = new Set<unknown>();
  const others: unknown[] = [];
  return items.filter((item) => {
    evaluation.spend(1);
    if (typeof item !== 'object' || item === null) {
      const isNew = !scalars.has(item);
      scalars.add(item);
      return isNew;
    }
    const isNew = !contains(evaluation, others, item);
    if (isNew) {
      others.push(item);
    }
    return isNew;
  });
}

function duplicates(evaluation: Evaluation, items: List): unknown[] {
  return distinct(
    evaluation,
    items.filter((item) => indexOf(evaluation, items, item).length > 1),
  );
}

function flatten(evaluation: Evaluation, items: List): unknown[] {
  return evaluation.nested(() => {
    evaluation.reserveList(items.length);
    return joined(evaluation, ...items.map((item) => (isList(item) ? flatten(evaluation, item) : [item])));
  });
}

/** The index of a position, `undefined` if it is outside. */
function indexAt(items: List, position: number): number | undefined {
  const index = position < 0 ? items.length + position : position - 1;
  return Number.isInteger(index) && index >= 0 && index < items.length ? index : undefined;
}

function insertBefore(evaluation: Evaluation, items: List, position: number, newItem: unknown): unknown[] | null {
  const index = position === items.length + 1 ? items.length : indexAt(items, position);
  evaluation.reserveList(items.length + 1);
  return index === undefined ? null : items.toSpliced(index, 0, newItem);
}

function remove(evaluation: Evaluation, items: List, position: number): unknown[] | null {
  const index = indexAt(items, position);
  evaluation.reserveList(items.length);
  return index === undefined ? null : items.toSpliced(index, 1);
}

function replaceAt(evaluation: Evaluation, items: List, position: number, newItem: unknown): unknown[] | null {
  const index = indexAt(items, position);
  evaluation.reserveList(items.length);
  return index === undefined ? null : items.toSpliced(index, 1, newItem);
}

function replaceMatching(evaluation: Evaluation, items: List, match: FeelFunction, newItem: unknown): unknown[] {
  return items.map((item) => (match.invoke(evaluation, [item, newItem]) === true ? newItem : item));
}

function sublist(evaluation: Evaluation, items: List, start: number, length: number | undefined): unknown[] | null {
  const index = indexAt(items, start);
  if (index === undefined) {
    return null;
  }
  const part = items.slice(index, length === undefined ? undefined : index + Math.max(0, length));
  evaluation.reserveList(part.length);
  return part;
}

function partition(evaluation: Evaluation, items: List, size: number): unknown[] | null {
  if (!Number.isInteger(size) || size < 1) {
    return null;
  }
  evaluation.reserveList(items.length);
  return Array.from({ length: Math.ceil(items.length / size) }, (_unused, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Without a function by the order of the values, which must have one. */
function sort(evaluation: Evaluation, items: List, precedes: FeelFunction | undefined): unknown[] | null {
  let ordered = true;
  const sorted = joined(evaluation, items).sort((first, second) => {
    evaluation.spend(1);
    if (precedes !== undefined) {
      return precedes.invoke(evaluation, [first, second]) === true ? -1 : 1;
    }
    const order = compareValues(evaluation, first, second);
    ordered &&= order !== null;
    return order ?? 0;
  });
  return ordered ? sorted : null;
}

/** The largest (`direction` 1) or smallest (−1) item; nothing if two items have no order. */
function extreme(evaluation: Evaluation, items: List, direction: 1 | -1): unknown {
  let best: unknown = items[0] ?? null;
  for (const item of items) {
    evaluation.spend(1);
    const order = compareValues(evaluation, item, best);
    if (order === null) {
      return null;
    }
    best = order * direction > 0 ? item : best;
  }
  return best;
}

/** A function of at least one number. */
function numeric(calculate: (values: readonly number[]) => number): Signature {
  return signature([rest('list')], (evaluation, items) => {
    evaluation.spendList(items.length);
    const fits = items.length > 0 && items.every((item) => typeof item === 'number');
    return fits ? finite(calculate(items)) : null;
  });
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** Of a sample. */
function deviation(values: readonly number[]): number {
  const mean = total(values) / values.length;
  return Math.sqrt(total(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

/** The most frequent numbers in ascending order. */
function mode(evaluation: Evaluation, items: List): number[] | null {
  if (!items.every((item) => typeof item === 'number')) {
    return null;
  }
  evaluation.reserveList(items.length);
  const counts = new Map<number, number>();
  for (const item of items) {
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  return [...counts.keys()].filter((item) => counts.get(item) === most).sort((a, b) => a - b);
}
