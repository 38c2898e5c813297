/**
 * FEEL (DMN 1.5, clause 10.3) compiled to closures. Deliberate differences from feelin, which the tests compare with:
 *
 * - values of different kinds have no order, and a single element is no list: `1 < "2"`, `true < false` and `[1] = 1`
 *   are null (feelin: true, an exception, true); only parameters of functions unwrap single elements;
 * - `some` and `every` are three-valued: an undecided element makes the result null unless another decides it;
 * - only `true` takes the `then` branch (feelin: any truthy value);
 * - a boolean test with `?` inside of `in (…)` is the answer itself; `partial` is a copy of the results so far;
 * - durations can be negated, multiplied and divided; years-and-months and days-and-time parts do not mix in one text;
 *   `years and months duration` counts whole months only; fractions of a second end at milliseconds;
 * - `min`, `max` and `sort` work on everything that has an order; positions outside of a list give null;
 * - all functions over ranges are there, and a few common ones beyond the standard (`trim`, `extract`, `is empty` …);
 * - back references and look-around in patterns are errors, and every evaluation is bounded.
 *
 * Numbers are binary floating point, as in feelin; the standard has decimal ones.
 */
import { Evaluation } from '../evaluation.js';
import { ExpressionSyntaxError } from '../expression-errors.js';
import type { CompiledExpression } from '../expression.js';
import { Mentions } from '../mentions.js';
import { ARITHMETIC, negate } from './arithmetic.js';
import { compileContext, compileList } from './compile-data.js';
import { compileFunctionDefinition, compileInvocation, compileTemporalLiteral } from './compile-functions.js';
import { compileFilter, compileFor, compileQuantified } from './compile-loops.js';
import { compileName, compilePath } from './compile-names.js';
import { compileComparison, compileRangeTest } from './compile-tests.js';
import { compileInstanceOf } from './compile-types.js';
import { FeelCompilation, type FeelClosure, type FeelCompiler, requiredChild } from './feel-compilation.js';
import type { FeelScope } from './feel-scope.js';
import { type FeelNode, parseFeel } from './parse-feel.js';
import { plainResult } from './plain-result.js';
import { textLiteral } from './text-literal.js';

/**
 * Compiles a FEEL expression.
 *
 * @param source the text as the model has it
 * @param text the text without its marker
 * @throws ExpressionSyntaxError
 */
export function compileFeel(source: string, text: string): CompiledExpression {
  if (text.trim() === '') {
    throw new ExpressionSyntaxError('the expression is empty', source, 0);
  }
  const mentions = new Mentions();
  const closure = new FeelCompilation(text, mentions, COMPILERS).compile(parseFeel(text), undefined);
  return {
    source,
    language: 'feel',
    names: mentions.names,
    historyIds: mentions.historyIds,
    usesSandbox: false,
    evaluate: (context) => plainResult(closure(new Evaluation(context), undefined)),
  };
}

const COMPILERS: ReadonlyMap<string, FeelCompiler> = new Map<string, FeelCompiler>([
  ['ArithmeticExpression', compileArithmetic],
  ['BooleanLiteral', ({ text }) => constant(text === 'true')],
  ['Comparison', compileComparison],
  ['Conjunction', (node, scope, compilation) => compileLogic(node, scope, { compilation, decisive: false })],
  ['Context', compileContext],
  ['DateTimeLiteral', compileTemporalLiteral],
  ['Disjunction', (node, scope, compilation) => compileLogic(node, scope, { compilation, decisive: true })],
  ['FilterExpression', compileFilter],
  ['ForExpression', compileFor],
  ['FunctionDefinition', compileFunctionDefinition],
  ['FunctionInvocation', compileInvocation],
  ['IfExpression', compileIf],
  ['InstanceOfExpression', compileInstanceOf],
  ['List', compileList],
  ['NumericLiteral', ({ text }) => constant(Number(text.replace(/\s/g, '')))],
  [
    'ParenthesizedExpression',
    (node, scope, compilation) => compilation.compile(requiredChild(node, node.children, 1), scope),
  ],
  ['PathExpression', compilePath],
  ['QuantifiedExpression', compileQuantified],
  ['SimplePositiveUnaryTest', compileRangeTest],
  ['StringLiteral', ({ text }) => constant(textLiteral(text))],
  ['VariableName', compileName],
  ['?', compileName],
  ['null', () => constant(null)],
]);

function constant(value: unknown): FeelClosure {
  return () => value;
}

/** Prefix minus has one operand, everything else two. */
function compileArithmetic(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): FeelClosure {
  const [first, second, third] = node.children;
  if (first?.type === 'ArithOp') {
    const operand = compilation.compile(requiredChild(node, node.children, 1), scope);
    return (evaluation, frame) => negate(operand(evaluation, frame));
  }
  const operate = ARITHMETIC.get(second?.text ?? '');
  if (first === undefined || third === undefined || operate === undefined) {
    throw compilation.unexpected(node);
  }
  const left = compilation.compile(first, scope);
  const right = compilation.compile(third, scope);
  return (evaluation, frame) => operate(evaluation, left(evaluation, frame), right(evaluation, frame));
}

interface Logic {
  readonly compilation: FeelCompilation;
  /** The value one of which decides the whole: `false` for `and`, `true` for `or`. */
  readonly decisive: boolean;
}

/** Three-valued: anything but a boolean leaves the result open, unless the other side decides it. */
function compileLogic(node: FeelNode, scope: FeelScope | undefined, { compilation, decisive }: Logic): FeelClosure {
  const left = compilation.compile(requiredChild(node, node.children, 0), scope);
  const right = compilation.compile(requiredChild(node, node.children, 2), scope);
  return (evaluation, frame) => {
    const first = left(evaluation, frame);
    if (first === decisive) {
      return decisive;
    }
    const second = right(evaluation, frame);
    if (second === decisive) {
      return decisive;
    }
    return typeof first === 'boolean' && typeof second === 'boolean' ? !decisive : null;
  };
}

function compileIf(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): FeelClosure {
  const condition = compilation.compile(requiredChild(node, node.children, 1), scope);
  const consequent = compilation.compile(requiredChild(node, node.children, 3), scope);
  const alternate = compilation.compile(requiredChild(node, node.children, 5), scope);
  return (evaluation, frame) => (condition(evaluation, frame) === true ? consequent : alternate)(evaluation, frame);
}
