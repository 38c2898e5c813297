import { parse, parseExpressionAt, tokTypes, type Expression, type Options, type Program, type Token } from 'acorn';
import { ExpressionSyntaxError } from '../expression-errors.js';

/** Longest source of an expression; generated payloads reach a few thousand characters. */
const MAX_EXPRESSION_LENGTH = 100_000;
const MAX_SCRIPT_LENGTH = 1_000_000;
/** Brackets within brackets. The parsers recurse, and their stack is the host's. */
const MAX_BRACKET_DEPTH = 200;

const OPENING = new Set([tokTypes.parenL, tokTypes.bracketL, tokTypes.braceL, tokTypes.dollarBraceL]);
const CLOSING = new Set([tokTypes.parenR, tokTypes.bracketR, tokTypes.braceR]);

/**
 * Parses one expression; `;` and comments after it are tolerated.
 *
 * @throws ExpressionSyntaxError if the text is not an expression, is too long or nests too deeply
 */
export function parseJavaScriptExpression(source: string): Expression {
  return guarded(source, MAX_EXPRESSION_LENGTH, (options) => {
    let end = 0; // not the node's end, which leaves out a closing parenthesis
    const onToken = (token: Token): void => {
      options.onToken(token);
      end = token.end;
    };
    const expression = parseExpressionAt(source, 0, { ...options, onToken });
    refuseMoreText(source, end);
    return expression;
  });
}

/**
 * Parses a function body: statements, with `return` allowed at the top.
 *
 * @throws ExpressionSyntaxError if the text is not a function body, is too long or nests too deeply
 */
export function parseJavaScriptBody(source: string): Program {
  return guarded(source, MAX_SCRIPT_LENGTH, (options) =>
    parse(source, { ...options, allowReturnOutsideFunction: true }),
  );
}

/** After an expression, only semicolons and comments may follow. */
function refuseMoreText(source: string, from: number): void {
  if (/^[\s;]*$/.test(source.slice(from))) {
    return;
  }
  const rest = parse(' '.repeat(from) + source.slice(from), { ecmaVersion: 2023 });
  const stray = rest.body.find((statement) => statement.type !== 'EmptyStatement');
  if (stray) {
    throw new ExpressionSyntaxError('unexpected text after the expression', source, stray.start);
  }
}

interface GuardedOptions extends Options {
  readonly onToken: (token: Token) => void;
}

function guarded<T>(source: string, maxLength: number, parseWith: (options: GuardedOptions) => T): T {
  refuseLength(source, maxLength);
  try {
    return parseWith({ ecmaVersion: 2023, sourceType: 'script', onToken: bracketGuard(source) });
  } catch (error) {
    throw syntaxError(error, source);
  }
}

/** @throws ExpressionSyntaxError */
export function refuseLength(source: string, maxLength = MAX_EXPRESSION_LENGTH): void {
  if (source.length > maxLength) {
    throw new ExpressionSyntaxError(`the text is longer than ${maxLength} characters`, source, maxLength);
  }
}

function bracketGuard(source: string): (token: Token) => void {
  let depth = 0;
  return ({ type, start }) => {
    if (OPENING.has(type)) {
      depth += 1;
      if (depth > MAX_BRACKET_DEPTH) {
        throw tooDeep(source, start);
      }
    } else if (CLOSING.has(type)) {
      depth -= 1;
    }
  };
}

/** For operators and keywords that nest without brackets the parser's own stack ends first. */
function syntaxError(error: unknown, source: string): unknown {
  if (error instanceof RangeError) {
    return tooDeep(source, 0);
  }
  if (!(error instanceof SyntaxError) || !('pos' in error)) {
    return error;
  }
  const position = Number(error.pos);
  return error.message.startsWith('Not enough stack')
    ? tooDeep(source, position)
    : new ExpressionSyntaxError(error.message.replace(/ \(\d+:\d+\)$/, ''), source, position);
}

export function tooDeep(source: string, position: number): ExpressionSyntaxError {
  return new ExpressionSyntaxError(`the text is nested deeper than ${MAX_BRACKET_DEPTH} levels`, source, position);
}
