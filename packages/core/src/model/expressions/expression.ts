import type { ScriptSandbox } from '../scripts/script-sandbox.js';

/** What an expression may see: data by name, the command's time and randomness, and the sandbox if there is one. */
export interface EvaluationContext {
  /**
   * The value of a name (`token`, `identity`, `correlationId`, `variables`, a variable …), `undefined` if the name is
   * unknown. Values are plain JSON data; they are never changed.
   */
  lookup(name: string): unknown;
  /** Milliseconds since 1970-01-01T00:00:00Z, from the command. */
  readonly now: number;
  /** A number in [0, 1), from the command's seed. */
  random(): number;
  /** Needed by expressions with `usesSandbox`. */
  readonly sandbox?: ScriptSandbox | undefined;
  /** Steps one evaluation may take; default 100,000. */
  readonly stepLimit?: number | undefined;
}

export type ExpressionLanguage = 'javascript' | 'juel' | 'feel' | 'literal';

/** An expression that was parsed once, to be evaluated many times. Immutable; can be shared by all instances. */
export interface CompiledExpression {
  readonly source: string;
  readonly language: ExpressionLanguage;
  /** The names the text mentions and does not bind itself. */
  readonly names: ReadonlySet<string>;
  /**
   * Ids of flow nodes read as `token.history.<id>` or `token.history['<id>']`; `all` if `token` is used in any other
   * way than by a literal path below `token.current` or `token.history`; empty if `token` is not mentioned.
   */
  readonly historyIds: ReadonlySet<string> | 'all';
  /** The text is valid JavaScript but beyond the compiled subset: it runs in the script sandbox. */
  readonly usesSandbox: boolean;
  /**
   * The value; JSON or `undefined`. Dates and durations of FEEL come out as ISO 8601 texts.
   *
   * @throws ExpressionLimitError if a bound was hit
   * @throws TypeError or Error as JavaScript would, for example when a property of `undefined` is read
   */
  evaluate(context: EvaluationContext): unknown;
}
