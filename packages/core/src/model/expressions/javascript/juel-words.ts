import { tokenizer, tokTypes, type Token } from 'acorn';
import { ExpressionSyntaxError } from '../expression-errors.js';
import { refuseLength } from './parse-javascript.js';

/** Every word is at least as long as its operator, so that positions in the text stay the same. */
const BINARY_WORDS = new Map([
  ['and', '&&'],
  ['or', '||'],
  ['eq', '=='],
  ['ne', '!='],
  ['lt', '<'],
  ['gt', '>'],
  ['le', '<='],
  ['ge', '>='],
  ['div', '/'],
  ['mod', '%'],
]);
/** `void` stands for `empty`: the compiler gives it that meaning in this dialect, where `void` itself is refused. */
const PREFIX_WORDS = new Map([
  ['not', '!'],
  ['empty', 'void'],
]);

const OPERAND_ENDS = new Set([
  tokTypes.name,
  tokTypes.num,
  tokTypes.string,
  tokTypes.parenR,
  tokTypes.bracketR,
  tokTypes.braceR,
  tokTypes.backQuote,
  tokTypes._true,
  tokTypes._false,
  tokTypes._null,
  tokTypes._this,
]);
const OPERAND_STARTS = new Set([
  tokTypes.name,
  tokTypes.num,
  tokTypes.string,
  tokTypes.parenL,
  tokTypes.bracketL,
  tokTypes.braceL,
  tokTypes.backQuote,
  tokTypes.prefix,
  tokTypes.plusMin,
  tokTypes._typeof,
  tokTypes._true,
  tokTypes._false,
  tokTypes._null,
  tokTypes._this,
]);

/**
 * Rewrites the operator words of `${…}` expressions (`and or not eq ne lt gt le ge empty div mod`) to JavaScript. A word
 * in the place of a name, a property or a key stays what it is.
 *
 * @throws ExpressionSyntaxError if the text cannot be split into tokens or contains `void`
 */
export function rewriteJuelWords(source: string): string {
  refuseLength(source);
  const tokens = tokensOf(source).map((token): Word => ({ ...token, text: source.slice(token.start, token.end) }));
  const parts: string[] = [];
  let position = 0;
  let afterOperand = false;
  tokens.forEach((token, index) => {
    const operator = operatorOf(token, { previous: tokens[index - 1], next: tokens[index + 1], afterOperand });
    afterOperand = operator === undefined && OPERAND_ENDS.has(token.type);
    if (operator !== undefined) {
      parts.push(source.slice(position, token.start), operator.padEnd(token.end - token.start));
      position = token.end;
    }
  });
  return parts.join('') + source.slice(position);
}

interface Word extends Pick<Token, 'type' | 'start' | 'end'> {
  readonly text: string;
}

interface Neighbours {
  readonly previous: Word | undefined;
  readonly next: Word | undefined;
  readonly afterOperand: boolean;
}

function operatorOf(token: Word, { previous, next, afterOperand }: Neighbours): string | undefined {
  if (token.type !== tokTypes.name || previous?.type === tokTypes.dot || previous?.type === tokTypes.questionDot) {
    return undefined;
  }
  if (afterOperand) {
    return BINARY_WORDS.get(token.text);
  }
  return next !== undefined && startsOperand(next) ? PREFIX_WORDS.get(token.text) : undefined;
}

/** Where `not` or `empty` is a variable, an operator follows, or nothing. */
function startsOperand({ type, text }: Word): boolean {
  return OPERAND_STARTS.has(type) && !(type === tokTypes.name && BINARY_WORDS.has(text));
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  try {
    for (const token of tokenizer(source, { ecmaVersion: 2023 })) {
      if (token.type === tokTypes._void) {
        throw new ExpressionSyntaxError("'void' is not known in ${…} expressions", source, token.start);
      }
      tokens.push(token);
    }
  } catch (error) {
    if (error instanceof SyntaxError && 'pos' in error) {
      throw new ExpressionSyntaxError(error.message, source, Number(error.pos));
    }
    throw error;
  }
  return tokens;
}
