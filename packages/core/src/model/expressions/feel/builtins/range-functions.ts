import type { Evaluation } from '../../evaluation.js';
import { compareValues, rangeIncludes } from '../compare.js';
import { FeelRange } from '../feel-range.js';
import { any, type Signature, signature } from './builtin-function.js';

/** A point or interval with ends that are there. */
interface Span {
  readonly start: unknown;
  readonly end: unknown;
  readonly included: { readonly start: boolean; readonly end: boolean };
  readonly isPoint: boolean;
}

type Relation = (evaluation: Evaluation, a: Span, b: Span) => boolean | null;

/** DMN 1.5, clause 10.3.4.7: how points and intervals lie to each other. Ends open to infinity give nothing. */
export const RANGE_FUNCTIONS: readonly (readonly [string, ...Signature[]])[] = [
  ['after', relation(['point1', 'point2'], (evaluation, a, b) => before(evaluation, b, a))],
  ['before', relation(['point1', 'point2'], before)],
  ['coincides', relation(['point1', 'point2'], coincides)],
  ['during', relation(['point', 'range'], during)],
  ['finished by', relation(['range', 'point'], (evaluation, a, b) => finishes(evaluation, b, a))],
  ['finishes', relation(['point', 'range'], finishes)],
  ['includes', relation(['range', 'point'], (evaluation, a, b) => during(evaluation, b, a))],
  ['meets', relation(['range1', 'range2'], meets)],
  ['met by', relation(['range1', 'range2'], (evaluation, a, b) => meets(evaluation, b, a))],
  ['overlaps', relation(['range1', 'range2'], overlaps)],
  ['overlaps after', relation(['range1', 'range2'], (evaluation, a, b) => overlapsBefore(evaluation, b, a))],
  ['overlaps before', relation(['range1', 'range2'], overlapsBefore)],
  ['started by', relation(['range', 'point'], (evaluation, a, b) => starts(evaluation, b, a))],
  ['starts', relation(['point', 'range'], starts)],
];

function relation([first, second]: [string, string], decide: Relation): Signature {
  return signature([any(first), any(second)], (evaluation, a, b) => {
    const [left, right] = [spanOf(a), spanOf(b)];
    return left && right ? decide(evaluation, left, right) : null;
  });
}

function spanOf(value: unknown): Span | undefined {
  if (!(value instanceof FeelRange)) {
    return value === null
      ? undefined
      : { start: value, end: value, included: { start: true, end: true }, isPoint: true };
  }
  const hasEnds = value.start !== undefined && value.end !== undefined;
  return hasEnds ? { start: value.start, end: value.end, included: value.included, isPoint: false } : undefined;
}

function before(evaluation: Evaluation, a: Span, b: Span): boolean | null {
  const order = compareValues(evaluation, a.end, b.start);
  return order === null ? null : order < 0 || (order === 0 && !(a.included.end && b.included.start));
}

function meets(evaluation: Evaluation, a: Span, b: Span): boolean | null {
  const order = compareValues(evaluation, a.end, b.start);
  return order === null ? null : order === 0 && a.included.end && b.included.start && !a.isPoint && !b.isPoint;
}

function overlaps(evaluation: Evaluation, a: Span, b: Span): boolean | null {
  const [apart, reverse] = [before(evaluation, a, b), before(evaluation, b, a)];
  return apart === null || reverse === null ? null : !apart && !reverse;
}

/** `a` begins first and ends inside of `b`. */
function overlapsBefore(evaluation: Evaluation, a: Span, b: Span): boolean | null {
  const [together, start, end] = [overlaps(evaluation, a, b), startOrder(evaluation, a, b), endOrder(evaluation, a, b)];
  return together === null || start === null || end === null ? null : together && start < 0 && end <= 0;
}

/** Which span starts first; of equal ends the included one. */
function startOrder(evaluation: Evaluation, a: Span, b: Span): number | null {
  const order = compareValues(evaluation, a.start, b.start);
  return order === null ? null : order || Number(b.included.start) - Number(a.included.start);
}

/** Which span ends first; of equal ends the excluded one. */
function endOrder(evaluation: Evaluation, a: Span, b: Span): number | null {
  const order = compareValues(evaluation, a.end, b.end);
  return order === null ? null : order || Number(a.included.end) - Number(b.included.end);
}

function during(evaluation: Evaluation, a: Span, b: Span): boolean | null {
  if (a.isPoint) {
    return rangeIncludes(evaluation, new FeelRange(b.start, b.end, b.included), a.start);
  }
  const [start, end] = [startOrder(evaluation, a, b), endOrder(evaluation, a, b)];
  return start === null || end === null ? null : start >= 0 && end <= 0;
}

function starts(evaluation: Evaluation, a: Span, b: Span): boolean | null {
  const [start, end] = [startOrder(evaluation, a, b), endOrder(evaluation, a, b)];
  return start === null || end === null ? null : start === 0 && end <= 0;
}

function finishes(evaluation: Evaluation, a: Span, b: Span): boolean | null {
  const [start, end] = [startOrder(evaluation, a, b), endOrder(evaluation, a, b)];
  return start === null || end === null ? null : end === 0 && start >= 0;
}

function coincides(evaluation: Evaluation, a: Span, b: Span): boolean | null {
  const [start, end] = [startOrder(evaluation, a, b), endOrder(evaluation, a, b)];
  return start === null || end === null ? null : start === 0 && end === 0;
}
