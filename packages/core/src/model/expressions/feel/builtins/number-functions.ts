import { finite } from '../feel-object.js';
import { FeelDaysDuration, FeelMonthsDuration, modulo } from '../temporal.js';
import { duration, number, optional, type Signature, signature } from './builtin-function.js';

/** DMN 1.5, clause 10.3.4.5. Numbers are binary; scales count decimal places. */
export const NUMBER_FUNCTIONS: readonly (readonly [string, ...Signature[]])[] = [
  [
    'abs',
    signature([number('n')], (_evaluation, n) => Math.abs(n)),
    signature([duration('n')], (_e, n) => magnitude(n)),
  ],
  ['ceiling', rounding((n) => Math.ceil(n))],
  ['decimal', rounding(halfEven, true)],
  ['even', signature([number('number')], (_evaluation, n) => Number.isInteger(n) && n % 2 === 0)],
  ['exp', signature([number('number')], (_evaluation, n) => finite(Math.exp(n)))],
  ['floor', rounding((n) => Math.floor(n))],
  ['log', signature([number('number')], (_evaluation, n) => finite(Math.log(n)))],
  [
    'modulo',
    signature([number('dividend'), number('divisor')], (_evaluation, dividend, divisor) =>
      finite(modulo(dividend, divisor)),
    ),
  ],
  ['odd', signature([number('number')], (_evaluation, n) => Number.isInteger(n) && n % 2 !== 0)],
  ['round down', rounding((n) => Math.trunc(n))],
  ['round half down', rounding((n) => Math.sign(n) * Math.ceil(Math.abs(n) - 0.5))],
  ['round half up', rounding((n) => Math.sign(n) * Math.floor(Math.abs(n) + 0.5))],
  ['round up', rounding((n) => Math.sign(n) * Math.ceil(Math.abs(n)))],
  ['sqrt', signature([number('number')], (_evaluation, n) => finite(Math.sqrt(n)))],
];

function magnitude(value: FeelDaysDuration | FeelMonthsDuration): FeelDaysDuration | FeelMonthsDuration {
  return value instanceof FeelDaysDuration
    ? new FeelDaysDuration(Math.abs(value.millis))
    : new FeelMonthsDuration(Math.abs(value.months));
}

/** Moves the decimal point, rounds and moves it back. */
function rounding(round: (n: number) => number, scaleRequired = false): Signature {
  const apply = (n: number, scale: number) => {
    const factor = 10 ** Math.trunc(scale);
    return finite((round(n * factor) + 0) / factor) ?? n;
  };
  return scaleRequired
    ? signature([number('n'), number('scale')], (_evaluation, n, scale) => apply(n, scale))
    : signature([number('n'), optional(number('scale'))], (_evaluation, n, scale = 0) => apply(n, scale));
}

/** The nearest integer; a half goes to the even one. */
function halfEven(n: number): number {
  const lower = Math.floor(n);
  if (n - lower !== 0.5) {
    return Math.round(n);
  }
  return lower % 2 === 0 ? lower : lower + 1;
}
