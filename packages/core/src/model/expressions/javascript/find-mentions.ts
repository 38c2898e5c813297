import type { AnyNode, Expression, Identifier, MemberExpression, Program, ThisExpression } from 'acorn';
import { Mentions } from '../mentions.js';
import { childNodes } from './child-nodes.js';
import { isFunction, JavaScriptScope } from './javascript-scope.js';
import { tooDeep } from './parse-javascript.js';

/** Nodes within nodes. Every operator of a chain is a level, so this is wider than the bound on brackets. */
const MAX_NODE_DEPTH = 1_000;

/** Names that mean the language itself, in expressions and in the sandbox: they are never looked up as data. */
export const LANGUAGE_NAMES: ReadonlySet<string> = new Set(
  (
    'undefined NaN Infinity globalThis arguments Object Function Array String Number Boolean Symbol Math JSON Date ' +
    'RegExp Map Set WeakMap WeakSet Promise Reflect Iterator Error EvalError RangeError ReferenceError ' +
    'SyntaxError TypeError URIError AggregateError InternalError parseInt parseFloat isNaN isFinite decodeURI ' +
    'decodeURIComponent encodeURI encodeURIComponent escape unescape eval console'
  ).split(' '),
);

/**
 * Finds the free names of an expression or function body and the literal paths by which it reads them. `this` counts as
 * `token`.
 *
 * @throws ExpressionSyntaxError if the tree is too deep
 */
export function findMentions(tree: Expression | Program, source: string): Mentions {
  const mentions = new Mentions();
  const scope = new JavaScriptScope();
  try {
    if (tree.type === 'Program') {
      tree.body.forEach((statement) => scope.declareVars(statement));
      scope.declareBlock(tree.body);
    }
    new MentionFinder(mentions, source).visit(tree, scope, 0);
    return mentions;
  } catch (error) {
    // Declarations are collected before the depth is known, by recursion.
    throw error instanceof RangeError ? tooDeep(source, 0) : error;
  }
}

class MentionFinder {
  constructor(
    private readonly mentions: Mentions,
    private readonly source: string,
  ) {}

  visit(node: AnyNode, scope: JavaScriptScope, depth: number): void {
    if (depth > MAX_NODE_DEPTH) {
      throw tooDeep(this.source, node.start);
    }
    if (node.type === 'Identifier' || node.type === 'ThisExpression') {
      this.mention(node, [], scope);
    } else if (node.type === 'MemberExpression') {
      this.visitPath(memberChain(node), scope, depth);
    } else if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      // The name of a called method is not part of the path: the method needs all of its object.
      const { root, members } = memberChain(node.callee);
      this.visitPath({ root, members, readable: members.length - 1 }, scope, depth);
      node.arguments.forEach((argument) => this.visit(argument, scope, depth + 1));
    } else {
      const inner = innerScope(node, scope);
      referencedChildren(node).forEach((child) => this.visit(child, inner, depth + 1));
    }
  }

  private visitPath({ root, members, readable }: MemberChain, scope: JavaScriptScope, depth: number): void {
    const inside = depth + members.length;
    if (inside > MAX_NODE_DEPTH) {
      throw tooDeep(this.source, root.start);
    }
    if (root.type === 'Identifier' || root.type === 'ThisExpression') {
      this.mention(root, literalPath(members.slice(0, readable)), scope);
    } else {
      this.visit(root, scope, inside);
    }
    members.filter((member) => member.computed).forEach((member) => this.visit(member.property, scope, inside));
  }

  private mention(root: Identifier | ThisExpression, path: readonly string[], scope: JavaScriptScope): void {
    if (root.type === 'ThisExpression') {
      this.mentions.add('token', path);
    } else if (!scope.has(root.name) && !LANGUAGE_NAMES.has(root.name)) {
      this.mentions.add(root.name, path);
    }
  }
}

/** Children that stand for values; names of properties and labels do not. */
function referencedChildren(node: AnyNode): AnyNode[] {
  switch (node.type) {
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return childNodes(node).filter((child) => node.computed || child !== node.key);
    case 'LabeledStatement':
      return [node.body];
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return [];
    default:
      return childNodes(node);
  }
}

/** The scope for what lies inside a node: its own, if the node opens one. */
function innerScope(node: AnyNode, scope: JavaScriptScope): JavaScriptScope {
  const inner = new JavaScriptScope(scope);
  inner.declareBlock(blockStatements(node));
  if (node.type === 'CatchClause' && node.param) {
    inner.declarePattern(node.param);
  }
  if ((node.type === 'ClassExpression' || node.type === 'FunctionExpression') && node.id) {
    inner.declare(node.id.name);
  }
  if (isFunction(node)) {
    node.params.forEach((parameter) => inner.declarePattern(parameter));
    inner.declareVars(node.body);
  }
  return inner;
}

/** Where `let`, `const`, classes and functions of a scope may stand. */
function blockStatements(node: AnyNode): readonly AnyNode[] {
  switch (node.type) {
    case 'BlockStatement':
      return node.body;
    case 'SwitchStatement':
      return node.cases.flatMap((branch) => branch.consequent);
    case 'ForStatement':
      return node.init ? [node.init] : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return [node.left];
    default:
      return [];
  }
}

/** A chain of property reads, innermost first; the first `readable` of them are read for their value. */
interface MemberChain {
  readonly root: AnyNode;
  readonly members: readonly MemberExpression[];
  readonly readable: number;
}

function memberChain(node: MemberExpression): MemberChain {
  const members: MemberExpression[] = [];
  let root: AnyNode = node;
  while (root.type === 'MemberExpression' || root.type === 'ChainExpression') {
    if (root.type === 'ChainExpression') {
      root = root.expression;
    } else {
      members.push(root);
      root = root.object;
    }
  }
  return { root, members: members.reverse(), readable: members.length };
}

/** The path up to the first property that is not literal. */
function literalPath(members: readonly MemberExpression[]): string[] {
  const path: string[] = [];
  for (const member of members) {
    const name = propertyName(member);
    if (name === undefined) {
      break;
    }
    path.push(name);
  }
  return path;
}

function propertyName({ computed, property }: MemberExpression): string | undefined {
  if (!computed) {
    return property.type === 'Identifier' ? property.name : undefined;
  }
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}
