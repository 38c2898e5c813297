import type {
  AnyNode,
  ArrayExpression,
  BinaryExpression,
  ConditionalExpression,
  Expression,
  Identifier,
  Literal,
  LogicalExpression,
  MemberExpression,
  ObjectExpression,
  Property,
  SpreadElement,
  TemplateLiteral,
  UnaryExpression,
} from 'acorn';
import type { Evaluation } from '../evaluation.js';
import { ALLOWED_CONSTANTS } from './allowed-functions.js';
import { type Closure, Compilation, OutsideSubset } from './compilation.js';
import { compileCall } from './compile-call.js';
import { compileElement, containsOptional } from './compile-element.js';
import { LANGUAGE_NAMES } from './find-mentions.js';
import { BINARY_OPERATORS, isEmpty, UNARY_OPERATORS } from './operators.js';
import { defineProperty, readProperty, toPropertyKey, toText } from './values.js';

/** Ends a chain with `?.`; never a value of the data. */
const SHORT_CIRCUIT = Symbol('short circuit');

/**
 * Compiles an expression of the common subset to closures.
 *
 * @param voidMeansEmpty the text is of the `${…}` dialect, where `void` is the rewritten word `empty`
 * @returns `undefined` if the expression leaves the subset
 */
export function compileJavaScript(expression: Expression, voidMeansEmpty: boolean): Closure | undefined {
  try {
    return compile(expression, new Compilation(compile, voidMeansEmpty));
  } catch (error) {
    if (error instanceof OutsideSubset) {
      return undefined;
    }
    throw error;
  }
}

type Compilers = { [Type in AnyNode['type']]?: (node: Extract<AnyNode, { type: Type }>, c: Compilation) => Closure };

const COMPILERS: Compilers = {
  ArrayExpression: compileArray,
  BinaryExpression: compileBinary,
  CallExpression: (node, compilation) => compileCall(node, compilation, SHORT_CIRCUIT),
  ChainExpression: ({ expression }, compilation) => {
    const chain = compile(expression, compilation);
    return (evaluation) => {
      const value = chain(evaluation);
      return value === SHORT_CIRCUIT ? undefined : value;
    };
  },
  ConditionalExpression: compileConditional,
  Identifier: compileIdentifier,
  Literal: compileLiteral,
  LogicalExpression: compileLogical,
  MemberExpression: compileMember,
  ObjectExpression: compileObject,
  TemplateLiteral: compileTemplate,
  ThisExpression: () => (evaluation) => evaluation.context.lookup('token'),
  UnaryExpression: compileUnary,
};

function compile(node: AnyNode, compilation: Compilation): Closure {
  const compiler = COMPILERS[node.type] as ((node: AnyNode, compilation: Compilation) => Closure) | undefined;
  if (compiler === undefined) {
    throw new OutsideSubset(node);
  }
  compilation.nodes += 1;
  return compiler(node, compilation);
}

function constant(value: unknown): Closure {
  return () => value;
}

function compileLiteral(node: Literal): Closure {
  if (node.regex !== undefined || node.bigint !== undefined) {
    throw new OutsideSubset(node);
  }
  return constant(node.value);
}

function compileIdentifier(node: Identifier, compilation: Compilation): Closure {
  const { name } = node;
  const slot = compilation.slotOf(name);
  if (slot !== undefined) {
    return (evaluation) => evaluation.locals[slot];
  }
  if (ALLOWED_CONSTANTS.has(name)) {
    return constant(ALLOWED_CONSTANTS.get(name));
  }
  if (LANGUAGE_NAMES.has(name)) {
    throw new OutsideSubset(node);
  }
  return (evaluation) => evaluation.context.lookup(name);
}

function compileTemplate({ quasis, expressions }: TemplateLiteral, compilation: Compilation): Closure {
  const texts = quasis.map(({ value }) => value.cooked ?? '');
  const values = expressions.map((expression) => compile(expression, compilation));
  return (evaluation) => {
    const parts = values.map((value, index) => toText(evaluation, value(evaluation)) + (texts[index + 1] ?? ''));
    evaluation.reserveText(parts.reduce((sum, { length }) => sum + length, 0));
    return (texts[0] ?? '') + parts.join('');
  };
}

function compileUnary(node: UnaryExpression, compilation: Compilation): Closure {
  const isEmptyWord = node.operator === 'void' && compilation.voidMeansEmpty;
  const operate = isEmptyWord ? isEmpty : UNARY_OPERATORS.get(node.operator);
  if (operate === undefined) {
    throw new OutsideSubset(node);
  }
  const argument = compile(node.argument, compilation);
  return (evaluation) => operate(evaluation, argument(evaluation));
}

function compileBinary(node: BinaryExpression, compilation: Compilation): Closure {
  const operate = BINARY_OPERATORS.get(node.operator);
  if (operate === undefined) {
    throw new OutsideSubset(node);
  }
  const left = compile(node.left, compilation);
  const right = compile(node.right, compilation);
  return (evaluation) => operate(evaluation, left(evaluation), right(evaluation));
}

function compileLogical({ operator, left, right }: LogicalExpression, compilation: Compilation): Closure {
  const first = compile(left, compilation);
  const second = compile(right, compilation);
  switch (operator) {
    case '&&':
      return (evaluation) => first(evaluation) && second(evaluation);
    case '||':
      return (evaluation) => first(evaluation) || second(evaluation);
    case '??':
      return (evaluation) => first(evaluation) ?? second(evaluation);
  }
}

function compileConditional(node: ConditionalExpression, compilation: Compilation): Closure {
  const test = compile(node.test, compilation);
  const consequent = compile(node.consequent, compilation);
  const alternate = compile(node.alternate, compilation);
  return (evaluation) => (test(evaluation) ? consequent(evaluation) : alternate(evaluation));
}

function compileMember(node: MemberExpression, compilation: Compilation): Closure {
  const constantName = constantNameOf(node, compilation);
  if (constantName !== undefined) {
    return constant(ALLOWED_CONSTANTS.get(constantName));
  }
  const object = compile(node.object, compilation);
  const read = compileRead(node, compilation);
  if (!node.optional && !containsOptional(node.object)) {
    return (evaluation) => read(evaluation, object(evaluation));
  }
  return (evaluation) => {
    const value = object(evaluation);
    const ends = value === SHORT_CIRCUIT || (node.optional && (value === null || value === undefined));
    return ends ? SHORT_CIRCUIT : read(evaluation, value);
  };
}

function compileRead(
  { computed, property }: MemberExpression,
  compilation: Compilation,
): (evaluation: Evaluation, object: unknown) => unknown {
  if (property.type === 'PrivateIdentifier') {
    throw new OutsideSubset(property);
  }
  if (!computed && property.type === 'Identifier') {
    const { name } = property;
    return (_evaluation, object) => readProperty(object, name);
  }
  const key = compile(property, compilation);
  return (evaluation, object) => readProperty(object, toPropertyKey(evaluation, key(evaluation)));
}

/** `Math.PI` and the like. */
function constantNameOf(
  { object, property, computed }: MemberExpression,
  compilation: Compilation,
): string | undefined {
  const named = !computed && object.type === 'Identifier' && property.type === 'Identifier';
  if (!named || compilation.slotOf(object.name) !== undefined) {
    return undefined;
  }
  const name = `${object.name}.${property.name}`;
  return ALLOWED_CONSTANTS.has(name) ? name : undefined;
}

function compileArray(node: ArrayExpression, compilation: Compilation): Closure {
  const elements = node.elements.map((element) => {
    if (element === null) {
      throw new OutsideSubset(node);
    }
    return compileElement(element, compilation);
  });
  return (evaluation) => {
    const list: unknown[] = [];
    elements.forEach((element) => element(evaluation, list));
    return list;
  };
}

function compileObject({ properties }: ObjectExpression, compilation: Compilation): Closure {
  const setters = properties.map((property) =>
    property.type === 'SpreadElement'
      ? compileObjectSpread(property, compilation)
      : compileProperty(property, compilation),
  );
  return (evaluation) => {
    const object: Record<string, unknown> = {};
    setters.forEach((set) => set(evaluation, object));
    return object;
  };
}

type PropertySetter = (evaluation: Evaluation, object: Record<string, unknown>) => void;

function compileProperty(node: Property, compilation: Compilation): PropertySetter {
  const setsPrototype = !node.computed && !node.shorthand && keyText(node) === '__proto__';
  if (node.kind !== 'init' || node.method || setsPrototype) {
    throw new OutsideSubset(node);
  }
  const value = compile(node.value, compilation);
  if (!node.computed) {
    const name = keyText(node);
    return (evaluation, object) => defineProperty(object, name, value(evaluation));
  }
  const key = compile(node.key, compilation);
  return (evaluation, object) => {
    const name = String(toPropertyKey(evaluation, key(evaluation)));
    defineProperty(object, name, value(evaluation));
  };
}

function keyText({ key }: Property): string {
  return key.type === 'Identifier' ? key.name : String((key as Literal).value);
}

function compileObjectSpread({ argument }: SpreadElement, compilation: Compilation): PropertySetter {
  const spread = compile(argument, compilation);
  return (evaluation, object) => {
    const source = spread(evaluation) ?? {};
    if (typeof source === 'string' || Array.isArray(source)) {
      evaluation.reserveList(source.length);
    }
    for (const [name, value] of Object.entries(source)) {
      evaluation.spend(1);
      defineProperty(object, name, value);
    }
  };
}
