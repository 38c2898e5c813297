import type { Evaluation } from '../../evaluation.js';
import { toFeelText } from '../value-text.js';
import { any, number, optional, type Signature, signature, text } from './builtin-function.js';

/** DMN 1.5, clause 10.3.4.1, without dates and times; and the usual ways to deal with what is missing. */
export const CONVERSION_FUNCTIONS: readonly (readonly [string, ...Signature[]])[] = [
  ['get or else', signature([any('value'), any('default')], (_evaluation, value, otherwise) => value ?? otherwise)],
  ['is defined', signature([any('value')], (_evaluation, value) => value !== null)],
  [
    'number',
    signature([text('from'), optional(text('grouping separator')), optional(text('decimal separator'))], parseNumber),
    signature([number('from')], (_evaluation, value) => value),
  ],
  ['string', signature([any('from')], (evaluation, value) => (value === null ? null : toFeelText(evaluation, value)))],
];

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$/;

/** `number("1 000,5", " ", ",")` */
function parseNumber(
  evaluation: Evaluation,
  from: string,
  ...[grouping, decimal]: [grouping: string | undefined, decimal: string | undefined]
): number | null {
  evaluation.reserveText(from.length);
  const ungrouped = grouping === undefined || grouping === '' ? from : from.replaceAll(grouping, '');
  const point = decimal === undefined || decimal === '' ? '.' : decimal;
  if (point !== '.' && ungrouped.includes('.')) {
    return null;
  }
  const digits = ungrouped.replace(point, '.').trim();
  const value = Number(digits);
  return NUMBER.test(digits) && Number.isFinite(value) ? value : null;
}
