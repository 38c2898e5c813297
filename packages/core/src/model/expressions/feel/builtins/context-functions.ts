import { defineProperty } from '../../javascript/values.js';
import type { Evaluation } from '../../evaluation.js';
import { type FeelContext, isContext } from '../feel-object.js';
import { contextEntry } from '../properties.js';
import { any, context, list, rest, type Signature, signature, text } from './builtin-function.js';

/** DMN 1.5, clause 10.3.4.10. */
export const CONTEXT_FUNCTIONS: readonly (readonly [string, ...Signature[]])[] = [
  ['context', signature([rest('entries')], fromEntries)],
  ['context merge', signature([rest('contexts')], merge)],
  [
    'context put',
    signature([context('context'), text('key'), any('value')], (evaluation, into, key, value) =>
      put(evaluation, into, { keys: [key], value }),
    ),
    signature([context('context'), list('keys'), any('value')], (evaluation, into, keys, value) =>
      put(evaluation, into, { keys, value }),
    ),
  ],
  ['get entries', signature([context('m')], entriesOf)],
  [
    'get value',
    signature([context('m'), text('key')], (_evaluation, from, key) => contextEntry(from, key)),
    signature([context('context'), text('key')], (_evaluation, from, key) => contextEntry(from, key)),
    signature([context('m'), list('keys')], valueAt),
  ],
];

function entriesOf(evaluation: Evaluation, from: FeelContext): { key: string; value: unknown }[] {
  const entries = Object.entries(from);
  evaluation.reserveList(entries.length);
  return entries.map(([key, value]) => ({ key, value }));
}

/** From `{key, value}` contexts with different keys. */
function fromEntries(evaluation: Evaluation, entries: readonly unknown[]): FeelContext | null {
  const result: Record<string, unknown> = {};
  for (const entry of entries) {
    evaluation.spend(1);
    const key = isContext(entry) && Object.hasOwn(entry, 'value') ? contextEntry(entry, 'key') : null;
    if (typeof key !== 'string' || !isContext(entry) || Object.hasOwn(result, key)) {
      return null;
    }
    defineProperty(result, key, contextEntry(entry, 'value'));
  }
  return result;
}

/** Later contexts win. */
function merge(evaluation: Evaluation, contexts: readonly unknown[]): FeelContext | null {
  const result: Record<string, unknown> = {};
  for (const each of contexts) {
    if (!isContext(each)) {
      return null;
    }
    for (const [key, value] of Object.entries(each)) {
      evaluation.spend(1);
      defineProperty(result, key, value);
    }
  }
  return result;
}

interface Change {
  /** The path to the entry; all but the last must exist. */
  readonly keys: readonly unknown[];
  readonly value: unknown;
}

function put(evaluation: Evaluation, into: FeelContext, { keys, value }: Change): FeelContext | null {
  const [key, ...inner] = keys;
  if (typeof key !== 'string') {
    return null;
  }
  if (inner.length === 0) {
    return merge(evaluation, [into, { [key]: value }]);
  }
  const next = contextEntry(into, key);
  const changed = isContext(next) ? evaluation.nested(() => put(evaluation, next, { keys: inner, value })) : null;
  return changed && merge(evaluation, [into, { [key]: changed }]);
}

function valueAt(_evaluation: Evaluation, from: FeelContext, keys: readonly unknown[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (isContext(value) && typeof key === 'string' ? contextEntry(value, key) : null),
    from,
  );
}
