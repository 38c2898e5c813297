import type { QuickJSWASMModule } from 'quickjs-emscripten-core';
import { MAX_VALUE_DEPTH } from '../expressions/evaluation.js';
import { ExpressionLimitError } from '../expressions/expression-errors.js';
import { pickMentioned } from '../expressions/mentions.js';
import { QuickJsRealm, type RealmInput, type RealmLimits, type RealmRun, type Stopwatch } from './quickjs-realm.js';
import { limitOf, nestingOf, outcomeOf } from './run-outcome.js';
import type {
  CompiledFeelScript,
  CompiledScript,
  SandboxProgram,
  ScriptInputs,
  ScriptOutcome,
  ScriptSandbox,
} from './script-sandbox.js';

/** Interrupts by which two runs of one script can differ: the interpreter's counter goes on where the last run left it. */
const UNCERTAINTY = 1;

export interface QuickJsSandboxOptions {
  readonly limits: RealmLimits;
  /** For the limit of time only, never shown to scripts. */
  readonly createStopwatch: () => Stopwatch;
  /** Called when a module had to be thrown away, so that another one is loaded and handed in by `addModule`. */
  readonly requestModule: () => void;
}

/** No module of the interpreter is ready: two broke within moments, or the sandbox was disposed of. */
export class SandboxUnavailableError extends Error {
  override readonly name = 'SandboxUnavailableError';

  constructor() {
    super('the script sandbox is not available at the moment');
  }
}

/**
 * Runs scripts in QuickJS compiled to WebAssembly.
 *
 * 1. A run sees only what its script mentions, as JSON, and leaves nothing behind: everything it could change is frozen.
 * 2. The same script with the same inputs has the same outcome, whatever ran before: where a limit is so near that the
 *    state of a used realm could decide, the run is repeated in a fresh one, if half of its time is left. (Runs have no side
 *    effects.)
 * 3. After a limit the realm is thrown away; after an exception of the host, the WebAssembly module. Modules can only be
 *    made asynchronously, so a spare one stands ready.
 */
export class QuickJsSandbox implements ScriptSandbox {
  private readonly modules: QuickJSWASMModule[] = [];
  private realm: QuickJsRealm | undefined;
  private disposed = false;

  constructor(private readonly options: QuickJsSandboxOptions) {}

  addModule(module: QuickJSWASMModule): void {
    if (!this.disposed) {
      this.modules.push(module);
    }
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

  /** Frees the interpreter's memory; scripts are unavailable from then on. */
  dispose(): void {
    this.disposed = true;
    this.dropRealm();
    this.modules.length = 0;
  }

  private runProgram(program: SandboxProgram, json: string, inputs: ScriptInputs): RealmRun {
    const draws = new RecordedDraws(inputs);
    const receiver = program.parameters.indexOf('token');
    const isFresh = this.realm === undefined;
    const stopwatch = this.options.createStopwatch();
    const environment = { now: inputs.now, random: draws.random };
    const input = { receiver, json, environment, stopwatch };
    const run = this.attempt(program, input, isFresh ? 0 : 2 * UNCERTAINTY);
    if (isFresh || !this.isUncertain(run) || stopwatch.isOverdue(0.5)) {
      return run;
    }
    this.dropRealm();
    draws.rewind();
    return this.attempt(program, input, 0);
  }

  private attempt(program: SandboxProgram, input: RealmInput, tolerance: number): RealmRun {
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
    return new QuickJsRealm(module, this.options.limits);
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
    if (!this.disposed) {
      this.options.requestModule();
    }
  }
}

/** Lets a repeated run see the random numbers of the first. */
class RecordedDraws {
  private readonly drawn: number[] = [];
  private position = 0;

  constructor(private readonly inputs: ScriptInputs) {}

  readonly random = (): number => {
    const known = this.drawn[this.position];
    const draw = known ?? this.inputs.random();
    this.drawn[this.position] = draw;
    this.position += 1;
    return draw;
  };

  rewind(): void {
    this.position = 0;
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
