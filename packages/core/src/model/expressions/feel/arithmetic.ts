import type { Evaluation } from '../evaluation.js';
import { finite } from './feel-object.js';
import {
  calendar,
  DAY,
  FeelDate,
  FeelDateTime,
  FeelDaysDuration,
  FeelMonthsDuration,
  FeelTime,
  modulo,
} from './temporal.js';

/** FEEL's operators on two values; `null` where the kinds do not fit or the result does not exist. */
export type Arithmetic = (evaluation: Evaluation, left: unknown, right: unknown) => unknown;

/** The farthest instant a date can have, in milliseconds from 1970. */
const MAX_INSTANT = 8.64e15;

export const ARITHMETIC: ReadonlyMap<string, Arithmetic> = new Map<string, Arithmetic>([
  ['+', add],
  ['-', (_evaluation, left, right) => subtract(left, right)],
  ['*', (_evaluation, left, right) => multiply(left, right)],
  ['/', (_evaluation, left, right) => divide(left, right)],
  ['**', (_evaluation, left, right) => onNumbers(left, right, (base, exponent) => base ** exponent)],
]);

export function negate(value: unknown): unknown {
  return multiply(value, -1);
}

function add(evaluation: Evaluation, left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') {
    return finite(left + right);
  }
  if (typeof left === 'string' && typeof right === 'string') {
    evaluation.reserveText(left.length + right.length);
    return left + right;
  }
  return addDuration(left, right) ?? addDuration(right, left);
}

function addDuration(value: unknown, duration: unknown): unknown {
  if (duration instanceof FeelDaysDuration) {
    return addMillis(value, duration.millis);
  }
  return duration instanceof FeelMonthsDuration ? addMonths(value, duration.months) : null;
}

function addMillis(value: unknown, millis: number): unknown {
  if (value instanceof FeelDate) {
    return inCalendar(value.civil + millis) && new FeelDate(Math.floor((value.civil + millis) / DAY) * DAY);
  }
  if (value instanceof FeelDateTime) {
    return inCalendar(value.instant + millis) && FeelDateTime.at(value.instant + millis, value.zone);
  }
  if (value instanceof FeelTime) {
    return new FeelTime(modulo(value.civil + millis, DAY), value.zone);
  }
  return value instanceof FeelDaysDuration ? new FeelDaysDuration(value.millis + millis) : null;
}

function addMonths(value: unknown, months: number): unknown {
  if (value instanceof FeelMonthsDuration) {
    return new FeelMonthsDuration(value.months + months);
  }
  if (!(value instanceof FeelDate || value instanceof FeelDateTime)) {
    return null;
  }
  const civil = calendar(value.civil).plus({ months }).toMillis();
  if (value instanceof FeelDate) {
    return inCalendar(civil) && new FeelDate(civil);
  }
  return inCalendar(civil) && new FeelDateTime(civil, value.zone);
}

/** `null` beyond what dates can express, else `true`. */
function inCalendar(instant: number): true | null {
  return Math.abs(instant) < MAX_INSTANT - DAY ? true : null;
}

function subtract(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') {
    return finite(left - right);
  }
  if (right instanceof FeelDaysDuration || right instanceof FeelMonthsDuration) {
    return addDuration(left, negate(right));
  }
  if (left instanceof FeelTime && right instanceof FeelTime) {
    return new FeelDaysDuration(left.instant - right.instant);
  }
  const [from, to] = [instantOf(right), instantOf(left)];
  return from === undefined || to === undefined ? null : new FeelDaysDuration(to - from);
}

/** A date counts as its midnight. */
function instantOf(value: unknown): number | undefined {
  if (value instanceof FeelDate) {
    return value.civil;
  }
  return value instanceof FeelDateTime ? value.instant : undefined;
}

function multiply(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right !== 'number') {
    return multiply(right, left);
  }
  return scaled(left, (amount) => (typeof right === 'number' ? amount * right : Number.NaN));
}

function divide(left: unknown, right: unknown): unknown {
  if (left instanceof FeelDaysDuration && right instanceof FeelDaysDuration) {
    return finite(left.millis / right.millis);
  }
  if (left instanceof FeelMonthsDuration && right instanceof FeelMonthsDuration) {
    return finite(left.months / right.months);
  }
  return scaled(left, (amount) => (typeof right === 'number' ? amount / right : Number.NaN));
}

/** A number or duration with another amount; durations keep whole milliseconds and months. */
function scaled(value: unknown, scale: (amount: number) => number): unknown {
  if (typeof value === 'number') {
    return finite(scale(value));
  }
  if (value instanceof FeelDaysDuration) {
    const millis = finite(Math.trunc(scale(value.millis)));
    return millis === null ? null : new FeelDaysDuration(millis);
  }
  if (value instanceof FeelMonthsDuration) {
    const months = finite(Math.trunc(scale(value.months)));
    return months === null ? null : new FeelMonthsDuration(months);
  }
  return null;
}

function onNumbers(left: unknown, right: unknown, operate: (left: number, right: number) => number): number | null {
  return typeof left === 'number' && typeof right === 'number' ? finite(operate(left, right)) : null;
}
