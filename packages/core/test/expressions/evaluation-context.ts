import type { EvaluationContext } from '../../dist/model/expressions/compile-expression.js';
import { compileExpression } from '../../dist/model/expressions/compile-expression.js';

/** Friday noon. */
export const NOW = Date.UTC(2026, 10, 20, 12, 0, 0);

/** A context over plain data, with a clock that stands still and chance that always gives a half. */
export function contextOf(data: object, options: Partial<EvaluationContext> = {}): EvaluationContext {
  const values = new Map<string, unknown>(Object.entries(data));
  return { lookup: (name) => values.get(name), now: NOW, random: () => 0.5, ...options };
}

/** Compiles and evaluates at once. */
export function evaluate(source: string, data: object = {}, options: Partial<EvaluationContext> = {}): unknown {
  return compileExpression(source).evaluate(contextOf(data, options));
}
