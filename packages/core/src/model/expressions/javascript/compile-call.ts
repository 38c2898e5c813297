import type {
  AnyNode,
  ArrowFunctionExpression,
  CallExpression,
  Expression,
  MemberExpression,
  SpreadElement,
} from 'acorn';
import type { Evaluation } from '../evaluation.js';
import { ALLOWED_FUNCTIONS } from './allowed-functions.js';
import { type Closure, type Compilation, OutsideSubset } from './compilation.js';
import { compileElement, containsOptional } from './compile-element.js';
import { type Callback, LIST_CALLBACK_METHODS, LIST_METHODS } from './list-methods.js';
import { NUMBER_METHODS, TEXT_METHODS } from './text-methods.js';

/** Functions beyond this many parameters are not callbacks of array methods. */
const MAX_PARAMETERS = 4;

/** Compiles the call of an allowed function or of a method of lists, texts and numbers. */
export function compileCall(node: CallExpression, compilation: Compilation, shortCircuit: symbol): Closure {
  const allowed = allowedFunction(node, compilation);
  if (allowed !== undefined) {
    const args = compileArguments(node.arguments, compilation);
    return (evaluation) => allowed(evaluation, args(evaluation));
  }
  if (node.callee.type !== 'MemberExpression' || node.optional) {
    throw new OutsideSubset(node);
  }
  return compileMethodCall(node.callee, node, { compilation, shortCircuit });
}

function allowedFunction({ callee, arguments: args }: CallExpression, compilation: Compilation) {
  const name = calledName(callee, compilation);
  // A replacer or an indentation is rare, and costs more than the sandbox does.
  return name === undefined || (name === 'JSON.stringify' && args.length > 1) ? undefined : ALLOWED_FUNCTIONS.get(name);
}

/** `name` or `name.property` of a callee that is not a parameter of a callback. */
function calledName(node: AnyNode, compilation: Compilation): string | undefined {
  if (node.type === 'Identifier') {
    return compilation.slotOf(node.name) === undefined ? node.name : undefined;
  }
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') {
    return undefined;
  }
  const object = node.object.type === 'Identifier' ? calledName(node.object, compilation) : undefined;
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}

interface CallSurroundings {
  readonly compilation: Compilation;
  readonly shortCircuit: symbol;
}

type Invoke = (evaluation: Evaluation, receiver: unknown) => unknown;

function compileMethodCall(callee: MemberExpression, node: CallExpression, around: CallSurroundings): Closure {
  const { compilation, shortCircuit } = around;
  if (callee.computed || callee.property.type !== 'Identifier') {
    throw new OutsideSubset(node);
  }
  const receiver = compilation.compile(callee.object, compilation);
  const invoke = compileInvocation(callee.property.name, node, compilation);
  if (!callee.optional && !containsOptional(callee.object)) {
    return (evaluation) => invoke(evaluation, receiver(evaluation));
  }
  return (evaluation) => {
    const value = receiver(evaluation);
    const ends = value === shortCircuit || (callee.optional && (value === null || value === undefined));
    return ends ? shortCircuit : invoke(evaluation, value);
  };
}

function compileInvocation(name: string, node: CallExpression, compilation: Compilation): Invoke {
  const [first, ...rest] = node.arguments;
  const callbackMethod = LIST_CALLBACK_METHODS.get(name);
  const callback = callbackMethod && first ? compileCallback(first, compilation) : undefined;
  if (callbackMethod !== undefined && callback !== undefined) {
    const args = compileArguments(rest, compilation);
    return (evaluation, receiver) => {
      if (!Array.isArray(receiver)) {
        throw notAFunction(name, receiver);
      }
      return callbackMethod(evaluation, receiver, callback, args(evaluation));
    };
  }
  if (callbackMethod !== undefined && !(LIST_METHODS.has(name) && first === undefined)) {
    throw new OutsideSubset(node);
  }
  return compileDataMethod(name, node, compilation);
}

/** A method whose arguments are data; which one it is depends on the value it is called on. */
function compileDataMethod(name: string, node: CallExpression, compilation: Compilation): Invoke {
  const [onList, onText, onNumber] = [LIST_METHODS.get(name), TEXT_METHODS.get(name), NUMBER_METHODS.get(name)];
  if (!onList && !onText && !onNumber) {
    throw new OutsideSubset(node);
  }
  const args = compileArguments(node.arguments, compilation);
  return (evaluation, receiver) => {
    if (Array.isArray(receiver) && onList) {
      return onList(evaluation, receiver, args(evaluation));
    }
    if (typeof receiver === 'string' && onText) {
      return onText(evaluation, receiver, args(evaluation));
    }
    if ((typeof receiver === 'number' || typeof receiver === 'boolean') && onNumber) {
      return onNumber(evaluation, receiver, args(evaluation));
    }
    throw notAFunction(name, receiver);
  };
}

function notAFunction(name: string, receiver: unknown): TypeError {
  const nothing = receiver === null || receiver === undefined;
  return new TypeError(
    nothing
      ? `Cannot read properties of ${String(receiver)} (reading '${name}')`
      : `${name} is not a function of this value`,
  );
}

function compileArguments(
  nodes: readonly (Expression | SpreadElement)[],
  compilation: Compilation,
): (evaluation: Evaluation) => unknown[] {
  const elements = nodes.map((node) => compileElement(node, compilation));
  return (evaluation) => {
    const list: unknown[] = [];
    elements.forEach((element) => element(evaluation, list));
    return list;
  };
}

/** An arrow function with plain parameters and an expression as body, or the name of an allowed function. */
function compileCallback(node: Expression | SpreadElement, compilation: Compilation): Callback | undefined {
  if (node.type === 'ArrowFunctionExpression') {
    return compileArrow(node, compilation);
  }
  const allowed = ALLOWED_FUNCTIONS.get(calledName(node, compilation) ?? '');
  return allowed && ((evaluation, ...args) => allowed(evaluation, args));
}

function compileArrow(node: ArrowFunctionExpression, compilation: Compilation): Callback {
  const names = node.params.map((parameter) => {
    if (parameter.type !== 'Identifier') {
      throw new OutsideSubset(parameter);
    }
    return parameter.name;
  });
  const { body } = node;
  if (body.type === 'BlockStatement' || node.async || names.length > MAX_PARAMETERS) {
    throw new OutsideSubset(node);
  }
  return compilation.withLocals(names, (slots) => {
    const before = compilation.nodes;
    const run = compilation.compile(body, compilation);
    const cost = 1 + compilation.nodes - before;
    return (evaluation, ...values) => {
      evaluation.spend(cost);
      slots.forEach((slot, index) => {
        evaluation.locals[slot] = values[index];
      });
      return run(evaluation);
    };
  });
}
