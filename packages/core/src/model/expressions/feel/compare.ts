import type { Evaluation } from '../evaluation.js';
import { type FeelContext, FeelFunction, FeelObject, isContext, isList } from './feel-object.js';
import { FeelRange } from './feel-range.js';
import { FeelDate, FeelDateTime, FeelDaysDuration, FeelMonthsDuration, FeelTime } from './temporal.js';

/**
 * FEEL's `=`: `null` for values of different kinds, which cannot be compared; nothing equals only nothing. Inside of
 * lists and contexts such a pair just is not equal.
 */
export function valuesEqual(evaluation: Evaluation, left: unknown, right: unknown): boolean | null {
  evaluation.spend(1);
  if (left === null || right === null) {
    return left === right;
  }
  if (typeof left !== 'object' || typeof right !== 'object') {
    return scalarsEqual(evaluation, left, right);
  }
  if (left instanceof FeelObject || right instanceof FeelObject) {
    return objectsEqual(evaluation, left, right);
  }
  if (isList(left) && isList(right)) {
    return listsEqual(evaluation, left, right);
  }
  return isContext(left) && isContext(right) ? contextsEqual(evaluation, left, right) : null;
}

function scalarsEqual(evaluation: Evaluation, left: unknown, right: unknown): boolean | null {
  if (typeof left !== typeof right) {
    return null;
  }
  evaluation.spendText(typeof left === 'string' ? left.length : 0);
  return left === right;
}

function objectsEqual(evaluation: Evaluation, left: unknown, right: unknown): boolean | null {
  if (left instanceof FeelRange && right instanceof FeelRange) {
    return rangesEqual(evaluation, left, right);
  }
  if (left instanceof FeelFunction && right instanceof FeelFunction) {
    return left === right;
  }
  const order = compareValues(evaluation, left, right);
  return order === null ? null : order === 0;
}

function rangesEqual(evaluation: Evaluation, left: FeelRange, right: FeelRange): boolean {
  return (
    left.included.start === right.included.start &&
    left.included.end === right.included.end &&
    valuesEqual(evaluation, left.start ?? null, right.start ?? null) === true &&
    valuesEqual(evaluation, left.end ?? null, right.end ?? null) === true
  );
}

function listsEqual(evaluation: Evaluation, left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) {
    return false;
  }
  return evaluation.nested(() => left.every((item, index) => valuesEqual(evaluation, item, right[index]) === true));
}

function contextsEqual(evaluation: Evaluation, left: FeelContext, right: FeelContext): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) {
    return false;
  }
  return evaluation.nested(() =>
    keys.every((key) => Object.hasOwn(right, key) && valuesEqual(evaluation, left[key], right[key]) === true),
  );
}

/** Below zero, zero or above zero as `left` comes before, with or after `right`; `null` if they have no order. */
export function compareValues(evaluation: Evaluation, left: unknown, right: unknown): number | null {
  if (typeof left === 'number' && typeof right === 'number') {
    return left - right;
  }
  if (typeof left === 'string' && typeof right === 'string') {
    evaluation.spendText(Math.min(left.length, right.length));
    return left < right ? -1 : Number(left > right);
  }
  const [first, second] = [orderOf(left), orderOf(right)];
  return first && second && first.kind === second.kind ? first.value - second.value : null;
}

function orderOf(value: unknown): { kind: string; value: number } | undefined {
  if (value instanceof FeelDate) {
    return { kind: 'date', value: value.civil };
  }
  if (value instanceof FeelTime) {
    return { kind: 'time', value: value.instant };
  }
  if (value instanceof FeelDateTime) {
    return { kind: 'date and time', value: value.instant };
  }
  if (value instanceof FeelDaysDuration) {
    return { kind: 'days and time duration', value: value.millis };
  }
  return value instanceof FeelMonthsDuration ? { kind: 'years and months duration', value: value.months } : undefined;
}

/** `null` if the value cannot be compared with the ends. */
export function rangeIncludes(evaluation: Evaluation, range: FeelRange, value: unknown): boolean | null {
  const fromStart = range.start === undefined ? 1 : compareValues(evaluation, value, range.start);
  const fromEnd = range.end === undefined ? -1 : compareValues(evaluation, value, range.end);
  if (fromStart === null || fromEnd === null) {
    return null;
  }
  const afterStart = range.included.start ? fromStart >= 0 : fromStart > 0;
  const beforeEnd = range.included.end ? fromEnd <= 0 : fromEnd < 0;
  return afterStart && beforeEnd;
}

/** `x in candidate`: equal to it, an element of it, or inside of it if it is a range. Another kind is not in it. */
export function isIn(evaluation: Evaluation, value: unknown, candidate: unknown): boolean | null {
  if (candidate instanceof FeelRange) {
    return rangeIncludes(evaluation, candidate, value);
  }
  if (isList(candidate) && !(isList(value) && valuesEqual(evaluation, value, candidate) === true)) {
    return candidate.some((item) =>
      item instanceof FeelRange
        ? rangeIncludes(evaluation, item, value)
        : valuesEqual(evaluation, value, item) === true,
    );
  }
  return candidate === null && value !== null ? null : valuesEqual(evaluation, value, candidate) === true;
}
