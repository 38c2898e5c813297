import { type Evaluation, MAX_TEXT_LENGTH } from '../evaluation.js';
import { ExpressionLimitError } from '../expression-errors.js';
import { defineProperty, readProperty, toInteger, toNumber, toText } from './values.js';

export type AllowedFunction = (evaluation: Evaluation, args: readonly unknown[]) => unknown;

/** Functions of `Math` that need nothing but their numbers; their results are the same on every machine or nearly so. */
const MATH_FUNCTIONS = (
  'abs acos acosh asin asinh atan atan2 atanh cbrt ceil cos cosh exp expm1 floor fround hypot imul clz32 log log10 ' +
  'log1p log2 pow round sign sin sinh sqrt tan tanh trunc'
).split(' ');

const MATH_CONSTANTS = 'E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'.split(' ');
const NUMBER_CONSTANTS =
  'EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY POSITIVE_INFINITY NaN'.split(' ');

/** What an expression can call by name; everything else of the language's library is left to the sandbox. */
export const ALLOWED_FUNCTIONS: ReadonlyMap<string, AllowedFunction> = new Map<string, AllowedFunction>([
  ...MATH_FUNCTIONS.map((name): [string, AllowedFunction] => [`Math.${name}`, mathFunction(name)]),
  ['Math.max', extreme(Number.NEGATIVE_INFINITY, Math.max)],
  ['Math.min', extreme(Number.POSITIVE_INFINITY, Math.min)],
  ['Math.random', (evaluation) => evaluation.context.random()],
  ['Number', (evaluation, args) => (args.length === 0 ? 0 : toNumber(evaluation, args[0]))],
  ['String', (evaluation, args) => (args.length === 0 ? '' : toText(evaluation, args[0]))],
  ['Boolean', (_evaluation, [value]) => Boolean(value)],
  ['parseInt', parseInteger],
  ['parseFloat', (evaluation, [value]) => Number.parseFloat(toText(evaluation, value))],
  ['isNaN', (evaluation, [value]) => Number.isNaN(toNumber(evaluation, value))],
  ['isFinite', (evaluation, [value]) => Number.isFinite(toNumber(evaluation, value))],
  ['Number.parseInt', parseInteger],
  ['Number.parseFloat', (evaluation, [value]) => Number.parseFloat(toText(evaluation, value))],
  ['Number.isNaN', (_evaluation, [value]) => Number.isNaN(value)],
  ['Number.isFinite', (_evaluation, [value]) => Number.isFinite(value)],
  ['Number.isInteger', (_evaluation, [value]) => Number.isInteger(value)],
  ['Number.isSafeInteger', (_evaluation, [value]) => Number.isSafeInteger(value)],
  ['Array.isArray', (_evaluation, [value]) => Array.isArray(value)],
  ['Date.now', (evaluation) => evaluation.context.now],
  ['JSON.parse', parseJson],
  ['JSON.stringify', stringifyJson],
  ['Object.keys', (evaluation, [value]) => entriesOf(evaluation, value).map(([key]) => key)],
  ['Object.values', (evaluation, [value]) => entriesOf(evaluation, value).map(([, item]) => item)],
  ['Object.entries', (evaluation, [value]) => entriesOf(evaluation, value)],
  ['Object.fromEntries', fromEntries],
  ['Object.hasOwn', hasOwn],
]);

/** Values an expression can read by name. */
export const ALLOWED_CONSTANTS: ReadonlyMap<string, number | undefined> = new Map<string, number | undefined>([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ...MATH_CONSTANTS.map((name): [string, number] => [`Math.${name}`, Number(Reflect.get(Math, name))]),
  ...NUMBER_CONSTANTS.map((name): [string, number] => [`Number.${name}`, Number(Reflect.get(Number, name))]),
]);

function mathFunction(name: string): AllowedFunction {
  const operate = Reflect.get(Math, name) as (...values: number[]) => number;
  return (evaluation, args) => {
    evaluation.spend(args.length);
    return operate(...args.map((value) => toNumber(evaluation, value)));
  };
}

function extreme(start: number, choose: (a: number, b: number) => number): AllowedFunction {
  return (evaluation, args) => {
    evaluation.spendList(args.length);
    return args.reduce((best: number, value) => choose(best, toNumber(evaluation, value)), start);
  };
}

function parseInteger(evaluation: Evaluation, [value, radix]: readonly unknown[]): number {
  return Number.parseInt(toText(evaluation, value), toInteger(evaluation, radix));
}

function parseJson(evaluation: Evaluation, [value]: readonly unknown[]): unknown {
  const text = toText(evaluation, value);
  evaluation.reserveText(text.length);
  const result: unknown = JSON.parse(text);
  evaluation.spendValue(result);
  return result;
}

function stringifyJson(evaluation: Evaluation, [value]: readonly unknown[]): string | undefined {
  evaluation.spendValue(value);
  const text: string | undefined = JSON.stringify(value);
  if (text !== undefined && text.length > MAX_TEXT_LENGTH) {
    throw new ExpressionLimitError('size', `a text is longer than ${MAX_TEXT_LENGTH} characters`);
  }
  return text;
}

function entriesOf(evaluation: Evaluation, value: unknown): [string, unknown][] {
  if (value === null || value === undefined) {
    throw new TypeError('Cannot convert undefined or null to object');
  }
  if (typeof value === 'string' || Array.isArray(value)) {
    evaluation.reserveList(value.length);
  }
  const entries = Object.entries(value);
  evaluation.spendList(entries.length);
  return entries;
}

function fromEntries(evaluation: Evaluation, [list]: readonly unknown[]): Record<string, unknown> {
  if (!Array.isArray(list)) {
    throw new TypeError('Object.fromEntries expects a list');
  }
  evaluation.reserveList(list.length);
  const result: Record<string, unknown> = {};
  for (const entry of list as unknown[]) {
    defineProperty(result, toText(evaluation, readProperty(entry, 0)), readProperty(entry, 1));
  }
  return result;
}

function hasOwn(evaluation: Evaluation, [object, key]: readonly unknown[]): boolean {
  if (object === null || object === undefined) {
    throw new TypeError('Cannot convert undefined or null to object');
  }
  return Object.hasOwn(object, toText(evaluation, key));
}
