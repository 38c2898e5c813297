import type { Evaluation } from '../evaluation.js';
import { toInteger, toNumber, toText } from './values.js';

type Arguments = readonly unknown[];
export type TextMethod = (evaluation: Evaluation, text: string, args: Arguments) => unknown;
export type NumberMethod = (evaluation: Evaluation, value: number | boolean, args: Arguments) => unknown;

/** Methods of strings with plain arguments. Patterns are regular expressions only in the sandbox. */
export const TEXT_METHODS: ReadonlyMap<string, TextMethod> = new Map<string, TextMethod>([
  ['at', (evaluation, text, [index]) => text.at(toInteger(evaluation, index))],
  ['charAt', (evaluation, text, [index]) => text.charAt(toInteger(evaluation, index))],
  ['charCodeAt', (evaluation, text, [index]) => text.charCodeAt(toInteger(evaluation, index))],
  ['concat', concat],
  ['endsWith', search((text, pattern) => text.endsWith(pattern))],
  ['includes', search((text, pattern, from) => text.includes(pattern, from))],
  ['indexOf', search((text, pattern, from) => text.indexOf(pattern, from))],
  ['lastIndexOf', search((text, pattern) => text.lastIndexOf(pattern))],
  ['padEnd', (evaluation, text, args) => text + padding(evaluation, text, args)],
  ['padStart', (evaluation, text, args) => padding(evaluation, text, args) + text],
  ['repeat', repeat],
  ['replace', (evaluation, text, args) => replace(evaluation, text, args, 'replace')],
  ['replaceAll', (evaluation, text, args) => replace(evaluation, text, args, 'replaceAll')],
  ['slice', part((text, start, end) => text.slice(start, end))],
  ['split', split],
  ['startsWith', search((text, pattern, from) => text.startsWith(pattern, from))],
  ['substring', part((text, start, end) => text.substring(start, end))],
  ['toLowerCase', convert((text) => text.toLowerCase())],
  ['toString', (_evaluation, text) => text],
  ['toUpperCase', convert((text) => text.toUpperCase())],
  ['trim', convert((text) => text.trim())],
  ['trimEnd', convert((text) => text.trimEnd())],
  ['trimStart', convert((text) => text.trimStart())],
]);

export const NUMBER_METHODS: ReadonlyMap<string, NumberMethod> = new Map<string, NumberMethod>([
  ['toFixed', (evaluation, value, [digits]) => Number(value).toFixed(toInteger(evaluation, digits))],
  ['toPrecision', toPrecision],
  ['toString', toRadix],
]);

function convert(operate: (text: string) => string): TextMethod {
  return (evaluation, text) => {
    evaluation.reserveText(text.length);
    return operate(text);
  };
}

function search(operate: (text: string, pattern: string, from: number) => unknown): TextMethod {
  return (evaluation, text, [argument, from]) => {
    const pattern = toText(evaluation, argument);
    evaluation.spendSearch(text, pattern);
    return operate(text, pattern, toInteger(evaluation, from));
  };
}

function part(operate: (text: string, start: number, end: number) => string): TextMethod {
  return (evaluation, text, [start, end]) =>
    operate(text, toInteger(evaluation, start), toInteger(evaluation, end, text.length));
}

function concat(evaluation: Evaluation, text: string, args: Arguments): string {
  const parts = args.map((argument) => toText(evaluation, argument));
  evaluation.reserveText(parts.reduce((sum, { length }) => sum + length, text.length));
  return text.concat(...parts);
}

function repeat(evaluation: Evaluation, text: string, [argument]: Arguments): string {
  const count = toInteger(evaluation, argument);
  if (count >= 0 && text.length > 0) {
    evaluation.reserveText(text.length * count);
  }
  return text.repeat(count);
}

function padding(evaluation: Evaluation, text: string, [length, filler]: Arguments): string {
  const missing = toInteger(evaluation, length) - text.length;
  const fill = filler === undefined ? ' ' : toText(evaluation, filler);
  if (missing <= 0 || fill === '') {
    return '';
  }
  evaluation.reserveText(text.length + missing);
  return ''.padEnd(missing, fill);
}

function split(evaluation: Evaluation, text: string, [separator, limit]: Arguments): string[] {
  if (separator === undefined) {
    return [text];
  }
  const pattern = toText(evaluation, separator);
  evaluation.spendSearch(text, pattern);
  const parts = text.split(pattern, limit === undefined ? undefined : toInteger(evaluation, limit));
  evaluation.reserveList(parts.length);
  return parts;
}

/** A replacement may repeat what lies around the match (`` $` `` and `$'`), so the bound counts its dollar signs. */
function replace(evaluation: Evaluation, text: string, args: Arguments, method: 'replace' | 'replaceAll'): string {
  const [pattern, replacement] = [toText(evaluation, args[0]), toText(evaluation, args[1])];
  evaluation.spendSearch(text, pattern);
  const matches = method === 'replace' ? 1 : countMatches(text, pattern);
  const dollars = replacement.split('$').length - 1;
  evaluation.reserveText(text.length + matches * (replacement.length + dollars * text.length));
  return text[method](pattern, replacement);
}

function countMatches(text: string, pattern: string): number {
  return pattern === '' ? text.length + 1 : text.split(pattern).length - 1;
}

function toPrecision(evaluation: Evaluation, value: number | boolean, [digits]: Arguments): string {
  return Number(value).toPrecision(digits === undefined ? undefined : toNumber(evaluation, digits));
}

function toRadix(evaluation: Evaluation, value: number | boolean, [radix]: Arguments): string {
  return typeof value === 'boolean' || radix === undefined
    ? String(value)
    : value.toString(toNumber(evaluation, radix));
}
