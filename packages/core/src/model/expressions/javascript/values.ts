import { type Evaluation } from '../evaluation.js';

/** A value that JavaScript operators work on directly. */
export type Primitive = string | number | boolean | null | undefined;

/** A value as read from data, or `undefined`: only own properties exist, whatever the value inherits. */
export function readProperty(object: unknown, key: unknown): unknown {
  if (typeof object === 'object' && object !== null) {
    const name = typeof key === 'number' ? key : String(key);
    return Object.hasOwn(object, name) ? (object as Record<string | number, unknown>)[name] : undefined;
  }
  if (object === null || object === undefined) {
    throw new TypeError(`Cannot read properties of ${String(object)} (reading '${String(key)}')`);
  }
  return typeof object === 'string' ? readOfText(object, key) : undefined;
}

function readOfText(text: string, key: unknown): unknown {
  if (key === 'length') {
    return text.length;
  }
  const index = Number(key);
  return Number.isInteger(index) && index >= 0 ? text[index] : undefined;
}

/** Sets a property that was not there, also where plain assignment would mean something else. */
export function defineProperty(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[name] = value;
  }
}

/** ECMAScript ToPrimitive for data: lists become joined text, objects `[object Object]`. */
export function toPrimitive(evaluation: Evaluation, value: unknown): Primitive {
  if (Array.isArray(value)) {
    return joinList(evaluation, value, ',');
  }
  return typeof value === 'object' && value !== null ? '[object Object]' : (value as Primitive);
}

export function toText(evaluation: Evaluation, value: unknown): string {
  return typeof value === 'string' ? value : String(toPrimitive(evaluation, value));
}

export function toNumber(evaluation: Evaluation, value: unknown): number {
  if (typeof value === 'number') {
    return value;
  }
  if (typeof value === 'string') {
    evaluation.spendText(value.length);
  }
  return Number(toPrimitive(evaluation, value));
}

/** ECMAScript ToIntegerOrInfinity, with a default for an argument that is missing. */
export function toInteger(evaluation: Evaluation, value: unknown, missing = 0): number {
  return value === undefined ? missing : Math.trunc(toNumber(evaluation, value)) || 0;
}

/** `Array.prototype.join`, with the length of the text known before it is built. */
export function joinList(evaluation: Evaluation, list: readonly unknown[], separator: string): string {
  return evaluation.nested(() => {
    evaluation.reserveList(list.length);
    const texts = list.map((item) => (item === null || item === undefined ? '' : toText(evaluation, item)));
    const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
    evaluation.reserveText(length);
    return texts.join(separator);
  });
}

/** A property key as JavaScript makes it of any value. */
export function toPropertyKey(evaluation: Evaluation, value: unknown): string | number {
  return typeof value === 'number' ? value : toText(evaluation, value);
}
