import type {
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  Pattern,
} from 'acorn';
import { childNodes } from './child-nodes.js';

/** The names a piece of JavaScript binds itself, scope by scope. */
export class JavaScriptScope {
  private readonly declared = new Set<string>();

  constructor(readonly parent?: JavaScriptScope) {}

  has(name: string): boolean {
    return this.declared.has(name) || (this.parent?.has(name) ?? false);
  }

  declare(name: string): void {
    this.declared.add(name);
  }

  private declareFunction(id: Identifier | null): void {
    if (id !== null) {
      this.declare(id.name);
    }
  }

  declarePattern(pattern: Pattern): void {
    for (const name of patternNames(pattern)) {
      this.declare(name);
    }
  }

  /** `let`, `const`, `class` and function declarations that stand directly in a block. */
  declareBlock(statements: readonly AnyNode[]): void {
    for (const statement of statements) {
      if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
        statement.declarations.forEach((declaration) => this.declarePattern(declaration.id));
      } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
        this.declareFunction(statement.id);
      }
    }
  }

  /** `var` at any depth of a function's body, but not in functions inside it. */
  declareVars(node: AnyNode): void {
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      node.declarations.forEach((declaration) => this.declarePattern(declaration.id));
    }
    if (node.type === 'FunctionDeclaration') {
      this.declareFunction(node.id); // also when nested in a block: sloppy mode hoists it
      return;
    }
    if (!isFunction(node)) {
      childNodes(node).forEach((child) => this.declareVars(child));
    }
  }
}

type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

export function isFunction(node: AnyNode): node is FunctionNode {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

function patternNames(pattern: AnyNode): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        patternNames(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : patternNames(element)));
    case 'RestElement':
      return patternNames(pattern.argument);
    case 'AssignmentPattern':
      return patternNames(pattern.left);
    default:
      return [];
  }
}
