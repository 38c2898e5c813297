import { ExpressionLimitError } from './expression-errors.js';
import type { EvaluationContext } from './expression.js';

/** Steps one evaluation may take, unless the context says otherwise. */
export const DEFAULT_STEP_LIMIT = 100_000;
/** Longest text an expression may build, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 1_000_000;
/** Longest list an expression may build. */
export const MAX_LIST_LENGTH = 100_000;
/** Deepest nesting of a value that goes in or comes out. */
export const MAX_VALUE_DEPTH = 500;
/** Values in a result, counted as often as they are reached: lists that share parts would explode when written. */
const MAX_RESULT_VALUES = 1_000_000;

/**
 * The budget of one evaluation. Only what can repeat or grow spends from it: bodies of callbacks and loops, and work in
 * proportion to the size of a text or list. Code that runs at most once is bounded by the length of the source.
 */
export class Evaluation {
  /** Values of the parameters of arrow functions, by the slot the compiler gave them. */
  readonly locals: unknown[] = [];
  /** Patterns compiled during this evaluation, so that a filter does not compile its pattern for every item. */
  readonly patterns = new Map<string, unknown>();
  private remaining: number;
  private depth = 0;

  constructor(readonly context: EvaluationContext) {
    this.remaining = context.stepLimit ?? DEFAULT_STEP_LIMIT;
  }

  spend(steps: number): void {
    this.remaining -= steps;
    if (this.remaining < 0) {
      throw new ExpressionLimitError('steps', 'the evaluation takes too many steps');
    }
  }

  /** For reading a text once from start to end. */
  spendText(length: number): void {
    if (length > 64) {
      this.spend(length >> 6);
    }
  }

  /** For searching `pattern` in `text` naively. */
  spendSearch(text: string, pattern: string): void {
    this.spend(Math.floor((text.length / 64) * (1 + pattern.length / 16)));
  }

  /** For reading a list once from start to end. */
  spendList(length: number): void {
    if (length > 8) {
      this.spend(length >> 3);
    }
  }

  /** Before a text is built. */
  reserveText(length: number): void {
    if (length > MAX_TEXT_LENGTH) {
      throw new ExpressionLimitError('size', `a text is longer than ${MAX_TEXT_LENGTH} characters`);
    }
    this.spendText(length);
  }

  /** Before a list is built. */
  reserveList(length: number): void {
    if (length > MAX_LIST_LENGTH) {
      throw new ExpressionLimitError('size', `a list is longer than ${MAX_LIST_LENGTH} elements`);
    }
    this.spendList(length);
  }

  /** Around anything that recurses with the data or with user-defined functions. */
  nested<T>(work: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_VALUE_DEPTH) {
      throw new ExpressionLimitError('depth', `nested deeper than ${MAX_VALUE_DEPTH} levels`);
    }
    const result = work();
    this.depth -= 1;
    return result;
  }

  /** Spends a step for every value inside `value` and refuses too deep a nesting. */
  spendValue(value: unknown): void {
    const budget = { remaining: Number.POSITIVE_INFINITY, visit: (length: number) => this.spend(1 + (length >> 6)) };
    walkValue(value, budget);
  }
}

interface WalkBudget {
  remaining: number;
  visit?: (textLength: number) => void;
}

/** Refuses results that are too deep, or that would be enormous as JSON because their parts are shared. */
export function checkResult(value: unknown): void {
  if (typeof value === 'object' && value !== null) {
    walkValue(value, { remaining: MAX_RESULT_VALUES });
  }
}

function walkValue(value: unknown, budget: WalkBudget, depth = 0): void {
  budget.remaining -= 1;
  budget.visit?.(typeof value === 'string' ? value.length : 0);
  if (budget.remaining < 0) {
    throw new ExpressionLimitError('size', `the result has more than ${MAX_RESULT_VALUES} values`);
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depth >= MAX_VALUE_DEPTH) {
    throw new ExpressionLimitError('depth', `a value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  }
  if (Array.isArray(value)) {
    for (const item of value) {
      walkValue(item, budget, depth + 1);
    }
    return;
  }
  for (const item of Object.values(value)) {
    walkValue(item, budget, depth + 1);
  }
}
