import { compileExpression } from '../expressions/compile-expression.js';
import { sandboxScript } from './sandbox-program.js';
import type { CompiledScript } from './script-sandbox.js';

const JAVASCRIPT = /^(|((text|application)\/)?(javascript|js|ecmascript))$/i;
const FEEL = /^(feel|application\/feel)$/i;

/** The script's format is not known. */
export class UnsupportedScriptFormat extends Error {
  override readonly name = 'UnsupportedScriptFormat';

  constructor(readonly format: string) {
    super(
      `the script format '${format}' is not supported; known are javascript, js, ecmascript, text/javascript and feel`,
    );
  }
}

/**
 * Checks and analyses a script once. JavaScript is a function body with `return`; a FEEL script is one expression.
 *
 * @param format the script's format as the model has it; none means JavaScript
 * @throws ExpressionSyntaxError with the position of the error
 * @throws UnsupportedScriptFormat
 */
export function compileScript(source: string, format = ''): CompiledScript {
  const name = format.trim();
  if (JAVASCRIPT.test(name)) {
    return sandboxScript(source);
  }
  if (!FEEL.test(name)) {
    throw new UnsupportedScriptFormat(format);
  }
  const expression = compileExpression(source, { language: 'feel' });
  const { names, historyIds } = expression;
  return { language: 'feel', source, names, historyIds, evaluate: (inputs) => expression.evaluate(inputs) };
}
