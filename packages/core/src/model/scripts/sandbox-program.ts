import type { AnyNode, Expression, Program } from 'acorn';
import { ExpressionSyntaxError } from '../expressions/expression-errors.js';
import { childNodes } from '../expressions/javascript/child-nodes.js';
import { findMentions } from '../expressions/javascript/find-mentions.js';
import { parseJavaScriptBody } from '../expressions/javascript/parse-javascript.js';
import type { Mentions } from '../expressions/mentions.js';
import { type CountedText, countWork, TICK_PERIOD } from './count-work.js';
import { isTooLongPattern } from './pattern-length.js';
import type { CompiledJavaScript, SandboxProgram } from './script-sandbox.js';

/**
 * Prepares a function body. Its free names become parameters, so an unknown name is `undefined` and assigning to an
 * undeclared one stays inside the call.
 *
 * @throws ExpressionSyntaxError
 */
export function sandboxScript(source: string): CompiledJavaScript {
  const tree = parseJavaScriptBody(source);
  const mentions = findMentions(tree, source);
  refuseUnsupported(tree, source);
  const { names, historyIds } = mentions;
  const program = isBlank(tree) ? undefined : sandboxProgram(countWork(tree, source), mentions, '');
  return { language: 'javascript', source, names, historyIds, program };
}

/** Prepares an expression that is valid but beyond the compiled subset; `text` is what `tree` was parsed from. */
export function sandboxExpression(text: string, tree: Expression, mentions: Mentions): CompiledJavaScript {
  refuseUnsupported(tree, text);
  const { names, historyIds } = mentions;
  const source = text.slice(tree.start, tree.end);
  const program = sandboxProgram(countWork(tree, text), mentions, 'return ');
  return { language: 'javascript', source, names, historyIds, program };
}

/**
 * As a method the function is no constructor and has no `prototype` object on which a run could leave something. What it
 * counts with stands around it, out of reach of its `arguments`.
 */
function sandboxProgram(
  { text, counter, tick }: CountedText,
  mentions: Mentions,
  keyword: '' | 'return ',
): SandboxProgram {
  const entries = mentions.entries();
  const parameters = entries.map(([name]) => name);
  const body = keyword === '' ? `${text}\n` : `${keyword}(${text}\n);`;
  return {
    text: `(function(${tick}){let ${counter};return[({script(${parameters.join(',')}){${body}}}).script,()=>{${counter}=${TICK_PERIOD}}]})`,
    parameters,
    mentions: entries.map(([, mention]) => mention),
  };
}

function isBlank({ body }: Program): boolean {
  return body.every(({ type }) => type === 'EmptyStatement');
}

/**
 * What the sandbox cannot bound or does not have: one operation on large integers can take hours, so can the
 * compilation of a regular expression, and there are no modules to import.
 */
function refuseUnsupported(node: AnyNode, source: string): void {
  if (node.type === 'Literal' && node.bigint) {
    throw new ExpressionSyntaxError('BigInt is not supported: values are JSON', source, node.start);
  }
  if (node.type === 'Literal' && node.regex && isTooLongPattern(node.regex.pattern)) {
    throw new ExpressionSyntaxError('the regular expression is too long', source, node.start);
  }
  if (node.type === 'ImportExpression') {
    throw new ExpressionSyntaxError('import() is not supported in scripts', source, node.start);
  }
  childNodes(node).forEach((child) => refuseUnsupported(child, source));
}
