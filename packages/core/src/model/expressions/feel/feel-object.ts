import type { Evaluation } from '../evaluation.js';

/**
 * Values FEEL has beyond JSON: dates and times, durations, ranges, functions. Everything else is plain data; lists are
 * arrays, contexts are plain objects, nothing is `null`.
 */
export abstract class FeelObject {
  /** As FEEL's `string()` writes it. */
  abstract toText(): string;
  /** As it leaves the expression. */
  abstract toPlain(): unknown;
}

export type FeelContext = Readonly<Record<string, unknown>>;

export class FeelFunction extends FeelObject {
  constructor(
    readonly parameters: readonly string[],
    readonly invoke: (evaluation: Evaluation, args: readonly unknown[]) => unknown,
  ) {
    super();
  }

  /** With arguments by name; `null` if one does not exist. */
  invokeNamed(evaluation: Evaluation, args: ReadonlyMap<string, unknown>): unknown {
    if ([...args.keys()].some((name) => !this.parameters.includes(name))) {
      return null;
    }
    return this.invoke(
      evaluation,
      this.parameters.map((name) => args.get(name)),
    );
  }

  override toText(): string {
    return '<function>';
  }

  /** A function means nothing outside of its expression. */
  override toPlain(): null {
    return null;
  }
}

export function isContext(value: unknown): value is FeelContext {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof FeelObject);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A value as a list: itself, or the only element of one. */
export function asList(value: unknown): readonly unknown[] {
  return isList(value) ? value : [value];
}

/** FEEL knows only one kind of nothing. */
export function orNull(value: unknown): unknown {
  return value === undefined ? null : value;
}

/** A number, or `null` where arithmetic has no result. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
