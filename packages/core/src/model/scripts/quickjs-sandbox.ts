import type { QuickJSWASMModule } from 'quickjs-emscripten';
import { MAX_VALUE_DEPTH } from '../expressions/evaluation.js';
import { ExpressionLimitError } from '../expressions/expression-errors.js';
import { pickMentioned } from '../expressions/mentions.js';
import { QuickJsRealm, type RealmLimits, type RealmRun } from './quickjs-realm.js';
import type {
  CompiledFeelScript,
  CompiledScript,
  SandboxProgram,
  ScriptError,
  ScriptInputs,
  ScriptLimit,
  ScriptOutcome,
  ScriptSandbox,
} from './script-sandbox.js';

/** Interrupts by which two runs of one script can differ: the interpreter's counter goes on where the last run left it. */
const UNCERTAINTY = 1;

export interface QuickJsSandboxOptions {
  readonly limits: RealmLimits;
  /** For the safety limit only, never shown to scripts: milliseconds of a clock that only goes forward. */
  readonly clock: () => number;
  /** Called when a module had to be thrown away, so that another one is loaded and handed in by `addModule`. */
  readonly requestModule: () => void;
}

/** No module of the interpreter is ready: two broke within moments. Running the step again later helps. */
export class SandboxUnavailableError extends Error {
  override readonly name = 'SandboxUnavailableError';

  constructor() {
    super('the script sandbox is being rebuilt');
  }
}

/**
 * Runs scripts in QuickJS compiled to WebAssembly.
 *
 * 1. A run sees only what its script mentions, as JSON, and leaves nothing behind: everything it could change is frozen.
 * 2. The same script with the same inputs has the same outcome, whatever ran before: where a limit is so near that the
 *    state of a used realm could decide, the run is repeated in a fresh one. (Runs have no side effects.)
 * 3. After a limit the realm is thrown away; after an exception of the host, the WebAssembly module. Modules can only be
 *    made asynchronously, so a spare one stands ready.
 */
export class QuickJsSandbox implements ScriptSandbox {
  private readonly modules: QuickJSWASMModule[] = [];
  private realm: QuickJsRealm | undefined;

  constructor(private readonly options: QuickJsSandboxOptions) {}

  addModule(module: QuickJSWASMModule): void {
    this.modules.push(module);
  }

  run(script: CompiledScript, inputs: ScriptInputs): ScriptOutcome {
    if (script.language === 'feel') {
      return runFeel(script, inputs, this);
    }
    if (script.program === undefined) {
      return { value: undefined, work: 0, logs: [] };
    }
    const json = inputJson(script.program, inputs);
    if (json === undefined) {
      return { limit: 'depth', work: 0, logs: [] };
    }
    const run = this.runProgram(script.program, json, inputs);
    return { ...outcomeOf(run, this.options.limits), work: run.work, logs: run.logs };
  }

  /** Frees the interpreter's memory. */
  dispose(): void {
    this.dropRealm();
    this.modules.length = 0;
  }

  private runProgram(program: SandboxProgram, json: string, inputs: ScriptInputs): RealmRun {
    const input = { receiver: program.parameters.indexOf('token'), json, inputs };
    const isFresh = this.realm === undefined;
    const run = this.attempt(program, input, isFresh ? 0 : 2 * UNCERTAINTY);
    if (isFresh || !this.isUncertain(run)) {
      return run;
    }
    this.dropRealm();
    return this.attempt(program, input, 0);
  }

  private attempt(
    program: SandboxProgram,
    input: { receiver: number; json: string; inputs: ScriptInputs },
    tolerance: number,
  ): RealmRun {
    try {
      this.realm ??= this.createRealm();
      const run = this.realm.run(program, input, tolerance);
      if (limitOf(run, this.options.limits) !== undefined) {
        this.dropRealm();
      }
      return run;
    } catch (error) {
      if (error instanceof SandboxUnavailableError) {
        throw error;
      }
      // The host's own stack ended, or WebAssembly trapped: what is inside cannot be trusted any more.
      this.dropModule();
      const limit = error instanceof RangeError ? 'stack' : 'memory';
      return { result: { kind: 'limit', limit }, work: 0, logs: [] };
    }
  }

  /** Whether a used realm's leftovers — garbage, the interrupt counter's phase — could have decided. */
  private isUncertain(run: RealmRun): boolean {
    const { work } = this.options.limits;
    const nearLimit = run.work >= work - UNCERTAINTY && run.work <= work + UNCERTAINTY;
    return nearLimit || limitOf(run, this.options.limits) === 'memory';
  }

  private createRealm(): QuickJsRealm {
    const [module] = this.modules;
    if (module === undefined) {
      throw new SandboxUnavailableError();
    }
    return new QuickJsRealm(module, this.options.limits, this.options.clock);
  }

  private dropRealm(): void {
    try {
      this.realm?.dispose();
      this.realm = undefined;
    } catch {
      this.dropModule(); // it could not even be freed
    }
  }

  private dropModule(): void {
    this.realm = undefined;
    this.modules.shift();
    this.options.requestModule();
  }
}

function runFeel(script: CompiledFeelScript, inputs: ScriptInputs, sandbox: ScriptSandbox): ScriptOutcome {
  const context = {
    lookup: (name: string) => inputs.lookup(name),
    random: () => inputs.random(),
    now: inputs.now,
    sandbox,
  };
  const run = { work: 0, logs: [] };
  try {
    return { ...run, value: script.evaluate(context) };
  } catch (error) {
    if (error instanceof ExpressionLimitError) {
      return { ...run, limit: error.limit === 'steps' || error.limit === 'size' ? 'work' : error.limit };
    }
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { ...run, error: { name, message } };
  }
}

/** The arguments, each in a list of its own, which is empty for `undefined`. `undefined` if one is nested too deeply. */
function inputJson({ parameters, mentions }: SandboxProgram, inputs: ScriptInputs): string | undefined {
  const boxes = parameters.map((name, index) => {
    const mention = mentions[index];
    const value = inputs.lookup(name);
    return value === undefined || mention === undefined ? [] : [pickMentioned(value, mention)];
  });
  try {
    const json = JSON.stringify(boxes);
    return nestingOf(json) > MAX_VALUE_DEPTH + 2 ? undefined : json;
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined; // too deep even to be written
    }
    throw error;
  }
}

function outcomeOf(run: RealmRun, limits: RealmLimits): { value: unknown } | { error: ScriptError } | { limit: ScriptLimit } {
  const limit = limitOf(run, limits);
  if (limit !== undefined) {
    return { limit };
  }
  const { result } = run;
  if (result.kind === 'value') {
    return valueOutcome(result.json);
  }
  if (result.kind === 'error') {
    return { error: withOwnStack(JSON.parse(result.json) as ScriptError) };
  }
  return { error: { name: 'Error', message: 'the returned promise does not settle: scripts cannot wait for anything' } };
}

function valueOutcome(json: string | undefined): { value: unknown } | { limit: ScriptLimit } {
  if (json === undefined) {
    return { value: undefined };
  }
  return nestingOf(json) > MAX_VALUE_DEPTH ? { limit: 'depth' } : { value: JSON.parse(json) };
}

/** Leaves out what called the script. */
function withOwnStack(error: ScriptError): ScriptError {
  const lines = error.stack?.split('\n').filter((line) => line.includes('script.js'));
  return lines === undefined ? error : { ...error, stack: lines.join('\n') };
}

/** How the interpreter says that memory or stack are used up, wherever it happened. */
const INTERPRETER_LIMITS: ReadonlyMap<string, ScriptLimit> = new Map<string, ScriptLimit>([
  ['InternalError: out of memory', 'memory'],
  ['InternalError: string too long', 'memory'],
  ['RangeError: invalid string length', 'memory'],
  ['InternalError: stack overflow', 'stack'],
  ['SyntaxError: stack overflow', 'stack'],
]);

function limitOf({ result, work }: RealmRun, limits: RealmLimits): ScriptLimit | undefined {
  if (result.kind === 'limit') {
    return result.limit;
  }
  if (work > limits.work) {
    return 'work';
  }
  if (result.kind !== 'error') {
    return undefined;
  }
  const { name, message } = JSON.parse(result.json) as ScriptError;
  return INTERPRETER_LIMITS.get(`${name}: ${message}`);
}

/** Deepest nesting of a JSON text. A text that is short cannot be deep. */
function nestingOf(json: string): number {
  if (json.length <= 2 * MAX_VALUE_DEPTH) {
    return 0;
  }
  let depth = 0;
  let deepest = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (token === ']' || token === '}') {
      depth -= 1;
    }
  }
  return deepest;
}
