import { MAX_VALUE_DEPTH } from '../evaluation.js';
import { ExpressionLimitError } from '../expression-errors.js';
import { FeelObject, isList } from './feel-object.js';

const MAX_RESULT_VALUES = 1_000_000;

/**
 * A result as JSON: dates, times and durations as ISO 8601 texts, ranges as FEEL writes them, functions as nothing.
 * What holds none of these is handed out as it is.
 */
export function plainResult(value: unknown): unknown {
  const budget = { remaining: MAX_RESULT_VALUES };
  return plain(value, budget, 0);
}

function plain(value: unknown, budget: { remaining: number }, depth: number): unknown {
  budget.remaining -= 1;
  if (budget.remaining < 0) {
    throw new ExpressionLimitError('size', `the result has more than ${MAX_RESULT_VALUES} values`);
  }
  if (value instanceof FeelObject) {
    return value.toPlain();
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (depth >= MAX_VALUE_DEPTH) {
    throw new ExpressionLimitError('depth', `the result is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  }
  if (isList(value)) {
    const items = value.map((item) => plain(item, budget, depth + 1));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const entries = Object.entries(value);
  const converted = entries.map(([key, item]): [string, unknown] => [key, plain(item, budget, depth + 1)]);
  return converted.every(([, item], index) => item === entries[index]?.[1]) ? value : Object.fromEntries(converted);
}
