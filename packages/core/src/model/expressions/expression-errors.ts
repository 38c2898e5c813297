/** Which bound an evaluation ran into. `work`, `memory`, `stack` and `depth` come from the script sandbox as well. */
export type ExpressionLimit = 'steps' | 'size' | 'depth' | 'work' | 'memory' | 'stack';

/** The text of an expression or script is not valid. Thrown when it is compiled, never when it is evaluated. */
export class ExpressionSyntaxError extends Error {
  override readonly name = 'ExpressionSyntaxError';

  /**
   * @param message what is wrong, without the text itself
   * @param source the whole text
   * @param position index of the offending character in `source`, from 0
   */
  constructor(
    message: string,
    readonly source: string,
    readonly position: number,
  ) {
    super(message);
  }
}

/**
 * An evaluation needed more than it may: too many steps, a value that is too large, too deep a nesting, or one of the
 * sandbox's limits. In a condition this is a technical failure, whereas every other evaluation error counts as false.
 */
export class ExpressionLimitError extends Error {
  override readonly name = 'ExpressionLimitError';

  constructor(
    readonly limit: ExpressionLimit,
    message: string,
  ) {
    super(message);
  }
}
