import type { BinaryOperator, UnaryOperator } from 'acorn';
import type { Evaluation } from '../evaluation.js';
import { toNumber, toPrimitive, toPropertyKey } from './values.js';

type Binary = (evaluation: Evaluation, left: unknown, right: unknown) => unknown;
type Unary = (evaluation: Evaluation, value: unknown) => unknown;

function add(evaluation: Evaluation, left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') {
    return left + right;
  }
  const first = toPrimitive(evaluation, left);
  const second = toPrimitive(evaluation, right);
  if (typeof first !== 'string' && typeof second !== 'string') {
    return Number(first) + Number(second);
  }
  const [head, tail] = [String(first), String(second)];
  evaluation.reserveText(head.length + tail.length);
  return head + tail;
}

function arithmetic(operate: (left: number, right: number) => number): Binary {
  return (evaluation, left, right) => operate(toNumber(evaluation, left), toNumber(evaluation, right));
}

/** Both sides as the relational operators see them; two texts are compared as texts. */
function relation(onNumbers: (a: number, b: number) => boolean, onTexts: (a: string, b: string) => boolean): Binary {
  return (evaluation, left, right) => {
    if (typeof left === 'number' && typeof right === 'number') {
      return onNumbers(left, right);
    }
    const [first, second] = [toPrimitive(evaluation, left), toPrimitive(evaluation, right)];
    if (typeof first === 'string' && typeof second === 'string') {
      evaluation.spendText(Math.min(first.length, second.length));
      return onTexts(first, second);
    }
    return onNumbers(toNumber(evaluation, first), toNumber(evaluation, second));
  };
}

export function strictlyEqual(evaluation: Evaluation, left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string' && left.length === right.length) {
    evaluation.spendText(left.length);
  }
  return left === right;
}

function looselyEqual(evaluation: Evaluation, left: unknown, right: unknown): boolean {
  if (isNothing(left) || isNothing(right)) {
    return isNothing(left) && isNothing(right);
  }
  if (typeof left === typeof right) {
    return strictlyEqual(evaluation, left, right);
  }
  const [first, second] = [toPrimitive(evaluation, left), toPrimitive(evaluation, right)];
  return typeof first === typeof second
    ? strictlyEqual(evaluation, first, second)
    : toNumber(evaluation, first) === toNumber(evaluation, second);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

function isIn(evaluation: Evaluation, key: unknown, object: unknown): boolean {
  if (typeof object !== 'object' || object === null) {
    throw new TypeError("Cannot use 'in' operator to search in a value that is not an object");
  }
  return Object.hasOwn(object, toPropertyKey(evaluation, key));
}

/** The operators of the subset; `instanceof` is not among them. */
export const BINARY_OPERATORS: ReadonlyMap<BinaryOperator, Binary> = new Map<BinaryOperator, Binary>([
  ['+', add],
  ['-', arithmetic((left, right) => left - right)],
  ['*', arithmetic((left, right) => left * right)],
  ['/', arithmetic((left, right) => left / right)],
  ['%', arithmetic((left, right) => left % right)],
  ['**', arithmetic((left, right) => left ** right)],
  ['&', arithmetic((left, right) => left & right)],
  ['|', arithmetic((left, right) => left | right)],
  ['^', arithmetic((left, right) => left ^ right)],
  ['<<', arithmetic((left, right) => left << right)],
  ['>>', arithmetic((left, right) => left >> right)],
  ['>>>', arithmetic((left, right) => left >>> right)],
  [
    '<',
    relation(
      (a, b) => a < b,
      (a, b) => a < b,
    ),
  ],
  [
    '<=',
    relation(
      (a, b) => a <= b,
      (a, b) => a <= b,
    ),
  ],
  [
    '>',
    relation(
      (a, b) => a > b,
      (a, b) => a > b,
    ),
  ],
  [
    '>=',
    relation(
      (a, b) => a >= b,
      (a, b) => a >= b,
    ),
  ],
  ['==', looselyEqual],
  ['!=', (evaluation, left, right) => !looselyEqual(evaluation, left, right)],
  ['===', strictlyEqual],
  ['!==', (evaluation, left, right) => !strictlyEqual(evaluation, left, right)],
  ['in', isIn],
]);

export const UNARY_OPERATORS: ReadonlyMap<UnaryOperator, Unary> = new Map<UnaryOperator, Unary>([
  ['!', (_evaluation, value) => !value],
  ['-', (evaluation, value) => -toNumber(evaluation, value)],
  ['+', toNumber],
  ['~', (evaluation, value) => ~toNumber(evaluation, value)],
  ['typeof', (_evaluation, value) => typeof value],
]);

/** JUEL's `empty`: nothing, an empty text, an empty list or an object without properties. */
export function isEmpty(_evaluation: Evaluation, value: unknown): boolean {
  if (value === null || value === undefined || value === '') {
    return true;
  }
  return typeof value === 'object' && Object.keys(value).length === 0;
}
