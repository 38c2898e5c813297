import type { Evaluation } from '../../evaluation.js';
import { FeelFunction, isContext, isList } from '../feel-object.js';
import { FeelRange } from '../feel-range.js';
import { FeelDate, FeelDateTime, FeelDaysDuration, FeelMonthsDuration } from '../temporal.js';

/** What a parameter gives for an argument of the wrong kind; the call is `null` then. */
const MISFIT = Symbol('misfit');

/** A parameter of a built-in function: its name in named calls, and how an argument becomes a value of its type. */
export interface Parameter<T> {
  readonly name: string;
  readonly convert: (argument: unknown) => T | typeof MISFIT;
  /** Takes all arguments that are left. */
  readonly isRest?: boolean;
}

type Values<P extends readonly Parameter<unknown>[]> = {
  [Index in keyof P]: P[Index] extends Parameter<infer T> ? T : never;
};

/** One way to call a function. */
export interface Signature {
  readonly parameters: readonly Parameter<unknown>[];
  readonly call: (evaluation: Evaluation, args: readonly unknown[]) => unknown;
}

export function signature<P extends Parameter<unknown>[]>(
  parameters: [...P],
  call: (evaluation: Evaluation, ...args: Values<P>) => unknown,
): Signature {
  return { parameters, call: (evaluation, args) => call(evaluation, ...(args as Values<P>)) };
}

/** A function of the language. The first signature the arguments fit is called; if there is none the result is `null`. */
export class BuiltinFunction extends FeelFunction {
  constructor(private readonly signatures: readonly Signature[]) {
    super([], (evaluation, args) => this.callFirst(evaluation, (candidate) => positional(candidate, args)));
  }

  override invokeNamed(evaluation: Evaluation, args: ReadonlyMap<string, unknown>): unknown {
    return this.callFirst(evaluation, ({ parameters }) => {
      const names = parameters.map(({ name }) => name);
      return [...args.keys()].every((name) => names.includes(name)) ? names.map((name) => args.get(name)) : undefined;
    });
  }

  private callFirst(evaluation: Evaluation, select: (candidate: Signature) => readonly unknown[] | undefined): unknown {
    for (const candidate of this.signatures) {
      const converted = convertAll(candidate, select(candidate));
      if (converted !== undefined) {
        return candidate.call(evaluation, converted);
      }
    }
    return null;
  }
}

/** Arguments in the order of the parameters; `undefined` if there are too many. */
function positional({ parameters }: Signature, args: readonly unknown[]): readonly unknown[] | undefined {
  const last = parameters.at(-1);
  if (last?.isRest !== true) {
    return args.length > parameters.length ? undefined : args;
  }
  const fixed = parameters.length - 1;
  const rest = args.slice(fixed);
  return rest.length === 0 ? args : [...args.slice(0, fixed), rest.length === 1 && isList(rest[0]) ? rest[0] : rest];
}

function convertAll({ parameters }: Signature, args: readonly unknown[] | undefined): unknown[] | undefined {
  if (args === undefined) {
    return undefined;
  }
  const converted = parameters.map(({ convert }, index) => convert(args[index]));
  return converted.includes(MISFIT) ? undefined : converted;
}

/** A parameter for values a guard accepts; a list of one such value is accepted as that value. */
function guarded<T>(name: string, accepts: (value: unknown) => value is T): Parameter<T> {
  return {
    name,
    convert: (argument) => {
      const value: unknown = isList(argument) && argument.length === 1 && !accepts(argument) ? argument[0] : argument;
      return accepts(value) ? value : MISFIT;
    },
  };
}

export const text = (name: string): Parameter<string> => guarded(name, (value) => typeof value === 'string');
export const number = (name: string): Parameter<number> => guarded(name, (value) => typeof value === 'number');
export const context = (name: string) => guarded(name, isContext);
export const range = (name: string) => guarded(name, (value) => value instanceof FeelRange);
export const feelFunction = (name: string) => guarded(name, (value) => value instanceof FeelFunction);
export const dateLike = (name: string) =>
  guarded(
    name,
    (value): value is FeelDate | FeelDateTime => value instanceof FeelDate || value instanceof FeelDateTime,
  );
export const duration = (name: string) =>
  guarded(
    name,
    (value): value is FeelDaysDuration | FeelMonthsDuration =>
      value instanceof FeelDaysDuration || value instanceof FeelMonthsDuration,
  );

/** Any value, nothing included; only a missing argument does not fit. */
export function any(name: string): Parameter<unknown> {
  return { name, convert: (argument) => (argument === undefined ? MISFIT : argument) };
}

/** A list; another value counts as a list of one. */
export function list(name: string): Parameter<readonly unknown[]> {
  return {
    name,
    convert: (argument) => {
      if (isList(argument)) {
        return argument;
      }
      return argument === undefined || argument === null ? MISFIT : [argument];
    },
  };
}

/** `f(list)` or `f(a, b, …)`. */
export function rest(name: string): Parameter<readonly unknown[]> {
  return { name, isRest: true, convert: (argument) => (isList(argument) ? argument : MISFIT) };
}

/** A parameter that may be left out or be nothing. */
export function optional<T>({ name, convert }: Parameter<T>): Parameter<T | undefined> {
  return { name, convert: (argument) => (argument === undefined || argument === null ? undefined : convert(argument)) };
}
