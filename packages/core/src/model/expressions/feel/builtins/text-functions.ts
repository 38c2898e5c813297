import type { Evaluation } from '../../evaluation.js';
import { findMatch } from '../../pattern/find-match.js';
import { findAllMatches, patternFor, replaceMatches } from './patterns.js';
import { list, number, optional, type Signature, signature, text } from './builtin-function.js';

/** DMN 1.5, clause 10.3.4.3. Positions count code points from 1. */
export const TEXT_FUNCTIONS: readonly (readonly [string, ...Signature[]])[] = [
  ['contains', searching((within, match) => within.includes(match))],
  ['ends with', searching((within, match) => within.endsWith(match))],
  ['extract', signature([text('string'), text('pattern')], extract)],
  ['is blank', signature([text('string')], (_evaluation, string) => string.trim() === '')],
  ['lower case', converting((string) => string.toLowerCase())],
  ['matches', signature([text('input'), text('pattern'), optional(text('flags'))], matches)],
  [
    'replace',
    signature([text('input'), text('pattern'), text('replacement'), optional(text('flags'))], replaceMatches),
  ],
  ['split', signature([text('string'), text('delimiter')], split)],
  ['starts with', searching((within, match) => within.startsWith(match))],
  ['string join', signature([list('list'), optional(text('delimiter'))], join)],
  ['string length', signature([text('string')], (evaluation, string) => codePoints(evaluation, string).length)],
  ['substring', signature([text('string'), number('start position'), optional(number('length'))], substring)],
  ['substring after', searching(after)],
  ['substring before', searching((within, match) => within.slice(0, Math.max(0, within.indexOf(match))))],
  ['trim', converting((string) => string.trim())],
  ['upper case', converting((string) => string.toUpperCase())],
];

function searching(operate: (within: string, match: string) => unknown): Signature {
  return signature([text('string'), text('match')], (evaluation, within, match) => {
    evaluation.spendSearch(within, match);
    return operate(within, match);
  });
}

function converting(operate: (string: string) => string): Signature {
  return signature([text('string')], (evaluation, string) => {
    evaluation.reserveText(string.length);
    return operate(string);
  });
}

function after(within: string, match: string): string {
  const index = within.indexOf(match);
  return index < 0 ? '' : within.slice(index + match.length);
}

function codePoints(evaluation: Evaluation, string: string): string[] {
  evaluation.reserveText(string.length);
  return Array.from(string);
}

/** A negative start counts from the end. */
function substring(evaluation: Evaluation, string: string, start: number, length: number | undefined): string {
  const characters = codePoints(evaluation, string);
  const from = Math.max(0, start < 0 ? characters.length + start : start - 1);
  return characters.slice(from, length === undefined ? undefined : from + Math.max(0, length)).join('');
}

function join(evaluation: Evaluation, items: readonly unknown[], delimiter = ''): string | null {
  const texts = items.filter((item) => item !== null);
  if (!texts.every((item) => typeof item === 'string')) {
    return null;
  }
  evaluation.reserveList(texts.length);
  evaluation.reserveText(texts.reduce((sum, item) => sum + item.length + delimiter.length, 0));
  return texts.join(delimiter);
}

function matches(evaluation: Evaluation, input: string, pattern: string, flags = ''): boolean | null {
  const program = patternFor(evaluation, pattern, flags);
  return program && findMatch(evaluation, program, { text: input, from: 0 }) !== undefined;
}

/** The delimiter is a pattern. */
function split(evaluation: Evaluation, string: string, delimiter: string): string[] | null {
  const program = patternFor(evaluation, delimiter, '');
  if (program === null) {
    return null;
  }
  if (string === '') {
    return findMatch(evaluation, program, { text: '', from: 0 }) ? [] : [''];
  }
  const parts: string[] = [];
  let start = 0;
  for (const [from = 0, to = 0] of findAllMatches(evaluation, program, string)) {
    const isEmptyAtEdge = to === from && (from === start || from === string.length);
    if (!isEmptyAtEdge) {
      parts.push(string.slice(start, from));
      start = to;
    }
  }
  return [...parts, string.slice(start)];
}

function extract(evaluation: Evaluation, string: string, pattern: string): string[] | null {
  const program = patternFor(evaluation, pattern, '');
  return program && findAllMatches(evaluation, program, string).map(([from, to]) => string.slice(from, to));
}
