import type { Evaluation } from '../evaluation.js';
import { BUILTIN_FUNCTIONS, type BuiltinFunction } from './builtins.js';
import { type FeelClosure, type FeelCompilation, requiredChild } from './feel-compilation.js';
import { FeelFunction } from './feel-object.js';
import { FeelScope, type Frame } from './feel-scope.js';
import { parseTemporal } from './parse-temporal.js';
import { childrenOfType, type FeelNode, nameOf } from './parse-feel.js';
import { textLiteral } from './text-literal.js';

/** `function(x, y) …`; `external` functions of other languages do not exist here. */
export function compileFunctionDefinition(
  node: FeelNode,
  scope: FeelScope | undefined,
  compilation: FeelCompilation,
): FeelClosure {
  const external = childrenOfType(node, 'external')[0];
  if (external !== undefined) {
    throw compilation.unexpected(external);
  }
  const parameters = childrenOfType(node, 'FormalParameters')
    .flatMap((list) => childrenOfType(list, 'FormalParameter'))
    .map((parameter) => nameOf(requiredChild(parameter, parameter.children, 0)));
  const bodyNode = requiredChild(node, childrenOfType(node, 'FunctionBody'), 0);
  const body = compilation.compileBody(
    requiredChild(bodyNode, bodyNode.children, 0),
    new FeelScope([...parameters], scope),
  );
  return (_evaluation, parent) =>
    new FeelFunction(parameters, (evaluation, args) =>
      evaluation.nested(() =>
        body(evaluation, { values: parameters.map((_name, index) => args[index] ?? null), parent }),
      ),
    );
}

/** `f(1, 2)` or `f(b: 2, a: 1)`. What is not a function gives nothing. */
export function compileInvocation(
  node: FeelNode,
  scope: FeelScope | undefined,
  compilation: FeelCompilation,
): FeelClosure {
  const callee = requiredChild(node, node.children, 0);
  const args = compileArguments(node, scope, compilation);
  const builtin = builtinCalled(callee, scope);
  if (builtin !== undefined) {
    return (evaluation, frame) => args(evaluation, frame, builtin);
  }
  const target = compilation.compile(callee, scope);
  return (evaluation, frame) => {
    const value = target(evaluation, frame);
    return value instanceof FeelFunction ? args(evaluation, frame, value) : null;
  };
}

/** `date("…")`, `time("…")`, `duration("…")` and `@"…"` have a syntax of their own. */
export function compileTemporalLiteral(
  node: FeelNode,
  scope: FeelScope | undefined,
  compilation: FeelCompilation,
): FeelClosure {
  const inside = requiredChild(node, node.children, 0);
  if (inside.type === 'AtLiteral') {
    const value = parseTemporal(textLiteral(requiredChild(inside, inside.children, 0).text));
    return () => value;
  }
  return compileInvocation(node, scope, compilation);
}

/** A function of the language, unless the expression itself binds the name. */
function builtinCalled(callee: FeelNode, scope: FeelScope | undefined): BuiltinFunction | undefined {
  const isName = /^(VariableName|SpecialFunctionName|DateTimeConstructor)$/.test(callee.type);
  const name = nameOf(callee);
  return isName && FeelScope.resolve(scope, name).slot === undefined ? BUILTIN_FUNCTIONS.get(name) : undefined;
}

type Arguments = (evaluation: Evaluation, frame: Frame | undefined, target: FeelFunction) => unknown;

function compileArguments(node: FeelNode, scope: FeelScope | undefined, compilation: FeelCompilation): Arguments {
  const named = childrenOfType(node, 'NamedParameters')[0];
  if (named !== undefined) {
    const values = childrenOfType(named, 'NamedParameter').map((parameter) => ({
      name: nameOf(requiredChild(parameter, parameter.children, 0)),
      value: compilation.compile(requiredChild(parameter, parameter.children, 1), scope),
    }));
    return (evaluation, frame, target) => {
      const args = new Map(values.map(({ name, value }) => [name, value(evaluation, frame)]));
      return target.invokeNamed(evaluation, args);
    };
  }
  const positional = childrenOfType(node, 'PositionalParameters').flatMap(({ children }) => children);
  const values = positional.map((value) => compilation.compile(value, scope));
  return (evaluation, frame, target) =>
    target.invoke(
      evaluation,
      values.map((value) => value(evaluation, frame)),
    );
}
