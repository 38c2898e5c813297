import type { Mention } from '../expressions/mentions.js';

/** What a script may see of the outside: data by name, the command's time and the command's randomness. */
export interface ScriptInputs {
  /** The value of a name (`token`, `identity`, a variable …), `undefined` if the name is unknown. Plain data only. */
  lookup(name: string): unknown;
  /** Milliseconds since 1970-01-01T00:00:00Z; what `Date` shows inside the script. */
  readonly now: number;
  /** A number in [0, 1), from the command's seed; what `Math.random` gives inside the script. */
  random(): number;
}

/** A script that was checked and analysed once, to be run many times. Made by `compileScript`. */
export type CompiledScript = CompiledJavaScript | CompiledFeelScript;

export interface CompiledJavaScript {
  readonly language: 'javascript';
  readonly source: string;
  /** The names the script reads and does not declare itself; only these are passed in. */
  readonly names: ReadonlySet<string>;
  /** Ids read as `token.history.<id>`; `all` if `token` is used in any other way than by a literal path. */
  readonly historyIds: ReadonlySet<string> | 'all';
  /** What the sandbox runs; `undefined` for a script without any statement, whose result is `undefined`. */
  readonly program: SandboxProgram | undefined;
}

export interface CompiledFeelScript {
  readonly language: 'feel';
  readonly source: string;
  readonly names: ReadonlySet<string>;
  readonly historyIds: ReadonlySet<string> | 'all';
  /** As `CompiledExpression.evaluate`. */
  evaluate(inputs: ScriptInputs & { readonly sandbox?: ScriptSandbox }): unknown;
}

/** A script in the form the sandbox evaluates once and then calls. */
export interface SandboxProgram {
  /** An expression whose value is a function of the parameters below. */
  readonly text: string;
  /** The free names of the script, in the order of the function's parameters. */
  readonly parameters: readonly string[];
  /** What of each parameter's value the script can see. */
  readonly mentions: readonly Mention[];
}

/** One call of the script's `console`. Texts are cut at 2,000 characters, a run keeps its first 100 messages. */
export interface ScriptLog {
  readonly level: 'log' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** What a script threw, as data; texts are cut at 10,000 characters. `code` is kept because error events match by it. */
export interface ScriptError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
}

/** `work`: too long; `memory`: too much memory; `stack`: recursion too deep; `depth`: input or output nested too deeply. */
export type ScriptLimit = 'work' | 'memory' | 'stack' | 'depth';

interface ScriptRun {
  /** Interrupts counted, about a millisecond of work each; may differ by one between two runs of the same script. */
  readonly work: number;
  readonly logs: readonly ScriptLog[];
}

/** How a run ended: with a JSON value (or `undefined`), with an error the script threw, or at a limit. */
export type ScriptOutcome = ScriptRun &
  ({ readonly value: unknown } | { readonly error: ScriptError } | { readonly limit: ScriptLimit });

/** Runs scripts apart from the engine: no I/O, no clock, nothing kept from one run to the next. */
export interface ScriptSandbox {
  /** Runs to the end, synchronously. Never throws because of the script. */
  run(script: CompiledScript, inputs: ScriptInputs): ScriptOutcome;
}
