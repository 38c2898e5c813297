import type { ScriptError, ScriptLimit, ScriptOutcome, CompiledJavaScript } from '../scripts/script-sandbox.js';
import { sandboxExpression } from '../scripts/sandbox-program.js';
import { checkResult, Evaluation } from './evaluation.js';
import { ExpressionLimitError, ExpressionSyntaxError } from './expression-errors.js';
import type { CompiledExpression, EvaluationContext } from './expression.js';
import { compileJavaScript } from './javascript/compile-javascript.js';
import { findMentions } from './javascript/find-mentions.js';
import { rewriteJuelWords } from './javascript/juel-words.js';
import { parseJavaScriptExpression } from './javascript/parse-javascript.js';

/**
 * Compiles JavaScript, or the `${…}` dialect with JUEL's words. What the compiled subset does not know runs in the
 * sandbox.
 *
 * @param source the text as the model has it
 * @param text the text without its marker
 * @throws ExpressionSyntaxError
 */
export function compileScriptExpression(
  source: string,
  text: string,
  language: 'javascript' | 'juel',
): CompiledExpression {
  const isJuel = language === 'juel';
  if (text.trim() === '') {
    throw new ExpressionSyntaxError('the expression is empty', source, 0);
  }
  const javaScript = isJuel ? rewriteJuelWords(text) : text;
  const tree = parseJavaScriptExpression(javaScript);
  const mentions = findMentions(tree, javaScript);
  const { names, historyIds } = mentions;
  const closure = compileJavaScript(tree, isJuel);
  if (closure === undefined) {
    if (isJuel && javaScript.includes('void')) {
      throw new ExpressionSyntaxError("'empty' cannot be combined with the other constructs used here", source, 0);
    }
    const script = sandboxExpression(javaScript, tree, mentions);
    return {
      source,
      language,
      names,
      historyIds,
      usesSandbox: true,
      evaluate: (context) => inSandbox(script, context),
    };
  }
  // A path gives a part of the data as it is; anything else may have built something too large to be written.
  const isPath = tree.type === 'MemberExpression' || tree.type === 'Identifier';
  const evaluate = (context: EvaluationContext): unknown => {
    const value = closure(new Evaluation(context));
    if (!isPath) {
      checkResult(value);
    }
    return value;
  };
  return { source, language, names, historyIds, usesSandbox: false, evaluate };
}

function inSandbox(script: CompiledJavaScript, context: EvaluationContext): unknown {
  if (context.sandbox === undefined) {
    throw new Error(`the expression '${script.source}' needs the script sandbox, which is not available`);
  }
  return valueOf(context.sandbox.run(script, context));
}

function valueOf(outcome: ScriptOutcome): unknown {
  if ('limit' in outcome) {
    throw limitError(outcome.limit);
  }
  if ('error' in outcome) {
    throw thrownError(outcome.error);
  }
  return outcome.value;
}

function limitError(limit: ScriptLimit): ExpressionLimitError {
  return new ExpressionLimitError(limit, `the expression reached the sandbox's limit of ${limit}`);
}

function thrownError({ name, message }: ScriptError): Error {
  return Object.assign(new Error(message), { name });
}
