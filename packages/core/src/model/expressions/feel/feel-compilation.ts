import type { Evaluation } from '../evaluation.js';
import { ExpressionSyntaxError } from '../expression-errors.js';
import type { Mentions } from '../mentions.js';
import type { FeelScope, Frame } from './feel-scope.js';
import type { FeelNode } from './parse-feel.js';

/** One piece of a compiled FEEL expression. */
export type FeelClosure = (evaluation: Evaluation, frame: Frame | undefined) => unknown;

export type FeelCompiler = (node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation) => FeelClosure;

/** What the parts of the compiler share while they walk one tree. */
export class FeelCompilation {
  /** Nodes compiled so far; the difference before and after a body is what one run of the body costs. */
  nodes = 0;

  constructor(
    readonly source: string,
    readonly mentions: Mentions,
    private readonly compilers: ReadonlyMap<string, FeelCompiler>,
  ) {}

  compile(node: FeelNode, scope: FeelScope | undefined): FeelClosure {
    const compiler = this.compilers.get(node.type);
    if (compiler === undefined) {
      throw this.unexpected(node);
    }
    this.nodes += 1;
    return compiler(node, scope, this);
  }

  /** A body that runs repeatedly: spends what it costs on every run. */
  compileBody(node: FeelNode, scope: FeelScope | undefined): FeelClosure {
    const before = this.nodes;
    const run = this.compile(node, scope);
    const cost = 1 + this.nodes - before;
    return (evaluation, frame) => {
      evaluation.spend(cost);
      return run(evaluation, frame);
    };
  }

  unexpected(node: FeelNode): ExpressionSyntaxError {
    return new ExpressionSyntaxError(`unexpected '${node.text.slice(0, 40)}'`, this.source, node.position);
  }
}

/** The child at an index among those that are no punctuation or keyword. */
export function requiredChild(node: FeelNode, children: readonly FeelNode[], index: number): FeelNode {
  const child = children[index];
  if (child === undefined) {
    throw new ExpressionSyntaxError(`'${node.text.slice(0, 40)}' is incomplete`, node.text, node.position);
  }
  return child;
}
