/** Small faults by rule: where in a source text one can be made, and what stands there then. */
import { createRequire } from 'node:module';

/** The parser the core itself uses. */
const { parse } = createRequire(new URL('../../packages/core/package.json', import.meta.url))('acorn');

/** @typedef {{rule: string, start: number, end: number, text: string}} Mutant */

const NEIGHBOUR = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const OPPOSITE = { '===': '!==', '!==': '===' };
const OTHER_SIGN = { '+': '-', '-': '+' };
const OTHER_ASSIGNMENT = { '+=': '-=', '-=': '+=' };
const OTHER_LOGIC = { '&&': '||', '||': '&&' };

/** @returns {Mutant[]} in the order of the text */
export function mutantsOf(source) {
  const mutants = [];
  visit(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }), (node) => {
    for (const mutant of RULES[node.type]?.(node, source) ?? []) mutants.push(mutant);
  });
  return mutants.sort((a, b) => a.start - b.start);
}

export function mutate(source, { start, end, text }) {
  return source.slice(0, start) + text + source.slice(end);
}

function visit(node, note) {
  note(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') visit(child, note);
    }
  }
}

const RULES = {
  IfStatement: negatedTest,
  ConditionalExpression: negatedTest,
  WhileStatement: negatedTest,
  DoWhileStatement: negatedTest,
  ForStatement: negatedTest,
  BinaryExpression: (node, source) => [
    ...otherOperator('bound shifted', NEIGHBOUR, node, source),
    ...otherOperator('equality inverted', OPPOSITE, node, source),
    ...(node.right.value === 1 ? otherOperator('bound shifted', OTHER_SIGN, node, source) : []),
  ],
  AssignmentExpression: (node, source) => otherOperator('bound shifted', OTHER_ASSIGNMENT, node, source),
  LogicalExpression: (node, source) => otherOperator('logic swapped', OTHER_LOGIC, node, source),
  Literal: ({ value, start, end }) =>
    typeof value === 'number'
      ? [value + 1, value - 1].map((other) => ({ rule: 'constant shifted', start, end, text: `(${other})` }))
      : [],
  ExpressionStatement: ({ expression, start, end }) =>
    isCall(expression) ? [{ rule: 'call removed', start, end, text: 'void 0;' }] : [],
  ReturnStatement: ({ argument, start, end }) => {
    if (argument === null || argument.name === 'undefined') return [];
    if (typeof argument.value !== 'boolean') return [{ rule: 'return value dropped', start, end, text: 'return;' }];
    return [{ rule: 'return value inverted', start, end, text: `return ${!argument.value};` }];
  },
  ArrowFunctionExpression: ({ body }) =>
    body.type === 'BlockStatement' || body.name === 'undefined'
      ? []
      : [{ rule: 'return value dropped', start: body.start, end: body.end, text: 'void 0' }],
};

function negatedTest({ test }, source) {
  if (test === null) return [];
  const { start, end } = test;
  return [{ rule: 'condition negated', start, end, text: `!(${source.slice(start, end)})` }];
}

function otherOperator(rule, others, { operator, left, right }, source) {
  const text = others[operator];
  if (text === undefined) return [];
  const start = source.indexOf(operator, left.end);
  return start < right.start ? [{ rule, start, end: start + operator.length, text }] : [];
}

function isCall(expression) {
  const inner = expression.type === 'ChainExpression' ? expression.expression : expression;
  if (inner.type === 'UnaryExpression' && inner.operator === 'void') return isCall(inner.argument);
  return inner.type === 'CallExpression';
}
