import { compileExpression, literalExpression } from './compile-expression.js';
import type { CompiledExpression } from './expression.js';
import { markedText } from './marked-text.js';

export interface TextOptions {
  /**
   * A text without a marker is JavaScript if it contains this, else literal: `token.` for topics, `token` for timers.
   */
  readonly literalUnless?: string | undefined;
}

/**
 * Compiles a text that may be an expression: names, topics, timers, form texts. Wholly `${…}` or `#{…}`, or with a
 * leading `=`, it is an expression and keeps the type of its value; anything else is literal.
 *
 * @throws ExpressionSyntaxError with the position of the error
 */
export function compileText(text: string, options: TextOptions = {}): CompiledExpression {
  const { literalUnless } = options;
  const isScript = literalUnless !== undefined && text.includes(literalUnless);
  return markedText(text) !== undefined || isScript ? compileExpression(text) : literalExpression(text, text);
}
