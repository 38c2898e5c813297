import { parser, trackVariables } from 'lezer-feel';
import { ExpressionSyntaxError } from '../expression-errors.js';
import { BUILTIN_NAMES } from './builtins.js';

/** The parser's time grows faster than the text. */
const MAX_SOURCE_LENGTH = 10_000;
const MAX_DEPTH = 250;

/** A node of the syntax tree; `type` is its name in the grammar of lezer-feel. Comments are left out. */
export interface FeelNode {
  readonly type: string;
  readonly text: string;
  readonly position: number;
  readonly children: readonly FeelNode[];
}

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** Told to the parser so that names with keywords in them (`day of week`) are names. */
const SPACED_NAMES = Object.fromEntries(BUILTIN_NAMES.filter((name) => name.includes(' ')).map((name) => [name, 1]));

const feelParser = parser.configure({
  top: 'Expression',
  dialect: 'camunda', // names in backticks
  contextTracker: trackVariables(SPACED_NAMES),
});

/**
 * Parses a FEEL expression.
 *
 * @throws ExpressionSyntaxError at the first place the grammar does not know, or if the text is too long or too deep
 */
export function parseFeel(source: string): FeelNode {
  if (source.length > MAX_SOURCE_LENGTH) {
    throw new ExpressionSyntaxError(
      `the text is longer than ${MAX_SOURCE_LENGTH} characters`,
      source,
      MAX_SOURCE_LENGTH,
    );
  }
  const [root, ...rest] = childrenOf(feelParser.parse(source).topNode, source, 0);
  const stray = rest[0];
  if (root === undefined || stray !== undefined) {
    throw new ExpressionSyntaxError('not a FEEL expression', source, stray?.position ?? 0);
  }
  return root;
}

function childrenOf(node: SyntaxNode, source: string, depth: number): FeelNode[] {
  if (depth > MAX_DEPTH) {
    throw new ExpressionSyntaxError(`the text is nested deeper than ${MAX_DEPTH} levels`, source, node.from);
  }
  const children: FeelNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.type.isError) {
      throw new ExpressionSyntaxError(unexpected(source, child.from), source, child.from);
    }
    if (!child.name.endsWith('Comment')) {
      const text = source.slice(child.from, child.to);
      children.push({ type: child.name, text, position: child.from, children: childrenOf(child, source, depth + 1) });
    }
  }
  return children;
}

function unexpected(source: string, position: number): string {
  const character = source.slice(position).trimStart().slice(0, 1);
  return character === '' ? 'the expression is incomplete' : `unexpected '${character}'`;
}

/** The children of one type. */
export function childrenOfType(node: FeelNode, ...types: readonly string[]): FeelNode[] {
  return node.children.filter(({ type }) => types.includes(type));
}

/** A name as it is looked up: identifiers with single blanks between them, or what stands between backticks. */
export function nameOf(node: FeelNode): string {
  return node.text.replace(/^`|`$/g, '').replace(/\s+/g, ' ').trim();
}
