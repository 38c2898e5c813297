import type { CompiledExpression, EvaluationContext } from '../expressions/expression.js';

/** Names that expressions reserve: a variable named like one of them is read through `variables`. */
const RESERVED: ReadonlySet<string> = new Set(['token', 'identity', 'correlationId', 'processInstanceId', 'variables']);

const NO_IDS: ReadonlySet<string> = new Set();

/** Reads one variable; its name need not be an identifier. Unknown: undefined. */
export function variable(name: string): CompiledExpression {
  if (!RESERVED.has(name)) return composed(name, new Set([name]), (context) => context.lookup(name));
  return composed(`variables.${name}`, new Set(['variables']), (context) => {
    const variables = context.lookup('variables');
    return typeof variables === 'object' && variables !== null && Object.hasOwn(variables, name)
      ? (variables as Record<string, unknown>)[name]
      : undefined;
  });
}

/** The same value always; JSON or undefined. */
export function constant(value: unknown): CompiledExpression {
  return { ...composed(String(value), NO_IDS, () => value), language: 'literal' };
}

/** A list of the values of several expressions. */
export function list(items: readonly CompiledExpression[]): CompiledExpression {
  const source = `[${items.map((item) => item.source).join(', ')}]`;
  return combined(source, items, (context) => items.map((item) => item.evaluate(context) ?? null));
}

/** An object of the values of several expressions. */
export function object(entries: readonly (readonly [key: string, value: CompiledExpression])[]): CompiledExpression {
  const source = `{${entries.map(([key, value]) => `${key}: ${value.source}`).join(', ')}}`;
  return combined(
    source,
    entries.map(([, value]) => value),
    (context) => Object.fromEntries(entries.map(([key, value]) => [key, value.evaluate(context) ?? null])),
  );
}

/** What several expressions read of the token's history together. */
export function unionOfHistoryIds(all: Iterable<ReadonlySet<string> | 'all'>): ReadonlySet<string> | 'all' {
  const union = new Set<string>();
  for (const ids of all) {
    if (ids === 'all') return 'all';
    for (const id of ids) union.add(id);
  }
  return union;
}

type Evaluate = (context: EvaluationContext) => unknown;

function composed(source: string, names: ReadonlySet<string>, evaluate: Evaluate): CompiledExpression {
  return { source, language: 'javascript', names, historyIds: NO_IDS, usesSandbox: false, evaluate };
}

function combined(source: string, parts: readonly CompiledExpression[], evaluate: Evaluate): CompiledExpression {
  return {
    source,
    language: 'javascript',
    names: new Set(parts.flatMap((part) => [...part.names])),
    historyIds: unionOfHistoryIds(parts.map((part) => part.historyIds)),
    usesSandbox: parts.some((part) => part.usesSandbox),
    evaluate,
  };
}
