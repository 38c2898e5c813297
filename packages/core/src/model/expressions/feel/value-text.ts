import type { Evaluation } from '../evaluation.js';
import { FeelObject, isContext, isList } from './feel-object.js';

/** What FEEL's `string()` makes of a value that is not a string itself; inside of lists and contexts strings are quoted. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') {
    return `"${value.replace(/["\\]/g, '\\$&')}"`;
  }
  if (value instanceof FeelObject) {
    return value.toText();
  }
  if (isList(value)) {
    return `[${value.map(valueText).join(', ')}]`;
  }
  if (isContext(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${keyText(key)}: ${valueText(item)}`)
      .join(', ')}}`;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null';
}

/** `string()`; the budget covers the whole text. */
export function toFeelText(evaluation: Evaluation, value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  evaluation.spendValue(value);
  const text = valueText(value);
  evaluation.reserveText(text.length);
  return text;
}

function keyText(key: string): string {
  return /^\w+$/.test(key) ? key : valueText(key);
}
