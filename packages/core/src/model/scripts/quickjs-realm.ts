import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { TICK_PERIOD } from './count-work.js';
import { SANDBOX_PRELUDE } from './sandbox-prelude.js';
import type { SandboxProgram, ScriptLimit, ScriptLog } from './script-sandbox.js';

/** What one run may use. */
export interface RealmLimits {
  /** Interrupts; QuickJS counts one for about every 10,000 calls, loop passes or steps of a regular expression. */
  readonly work: number;
  readonly memoryBytes: number;
  /** Of the interpreter's own stack. The host's stack, used alongside, must last longer. */
  readonly stackBytes: number;
}

/** How a run ended inside: with the text of a value or error, without settling its promise, or at a limit. */
export type RealmResult =
  | { readonly kind: 'value'; readonly json: string | undefined }
  | { readonly kind: 'error'; readonly json: string }
  | { readonly kind: 'unsettled' }
  | { readonly kind: 'limit'; readonly limit: ScriptLimit };

/** What one run is given. */
export interface RealmInput {
  /** Arguments as JSON: a list with one list per parameter, empty for `undefined`. */
  readonly json: string;
  /** Index of the argument that is `this` as well; -1 for none. */
  readonly receiver: number;
  readonly environment: { readonly now: number; readonly random: () => number };
  readonly stopwatch: Stopwatch;
}

/** Ends a run that takes long although little work was counted: a loop that compares texts of megabytes. */
export interface Stopwatch {
  /** Goes on where it was started already. */
  start(): void;
  /** @param share of the time a run has; default all of it */
  isOverdue(share?: number): boolean;
  /** Whether much time passed since this was last asked, so that it should be asked more often. */
  isSlow(): boolean;
}

export interface RealmRun {
  readonly result: RealmResult;
  readonly work: number;
  readonly logs: readonly ScriptLog[];
}

const MAX_LOGS = 100;
const MAX_COMPILED = 200;
const PENDING = 'p';
/** What halves of pairs become on their way to the host. */
const REPLACED = 0xfffd;
/** Without memory even the error may be missing. */
const OUT_OF_MEMORY = { name: 'InternalError', message: 'out of memory' };

/** What the host calls inside: see the end of the prelude. */
interface Driver {
  readonly run: QuickJSHandle;
  readonly outcome: QuickJSHandle;
  readonly adopt: QuickJSHandle;
}

/** No Proxy, typed arrays or BigInt: see the prelude. */
const INTRINSICS = Object.fromEntries(
  'BaseObjects Date Eval StringNormalize RegExp RegExpCompiler JSON MapSet Promise'
    .split(' ')
    .map((name) => [name, true]),
);

/**
 * One frozen JavaScript world in which scripts run one after the other. It must be thrown away after a run that ended
 * at a limit, and with its module after anything it throws: then the state inside is not known.
 */
export class QuickJsRealm {
  private readonly runtime: QuickJSRuntime;
  private readonly context: QuickJSContext;
  private readonly driver: Driver;
  private readonly compiled = new Map<SandboxProgram, QuickJSHandle>();
  private current: { environment: RealmInput['environment']; logs: ScriptLog[] } | undefined;
  private work = 0;
  private stopped = false;
  private stopwatch: Stopwatch | undefined;
  private period = 1;
  private allowance = Number.POSITIVE_INFINITY;

  constructor(
    module: QuickJSWASMModule,
    private readonly limits: RealmLimits,
  ) {
    this.runtime = module.newRuntime();
    this.runtime.setMemoryLimit(limits.memoryBytes);
    this.runtime.setMaxStackSize(limits.stackBytes);
    this.context = this.runtime.newContext({ intrinsics: INTRINSICS });
    this.driver = this.prepare();
    this.runtime.setInterruptHandler(() => this.isOver(1));
  }

  /** @param tolerance interrupts allowed beyond the limit */
  run(program: SandboxProgram, input: RealmInput, tolerance: number): RealmRun {
    const logs: ScriptLog[] = [];
    this.work = 0;
    this.stopped = false;
    this.stopwatch = input.stopwatch;
    this.period = 1;
    input.stopwatch.start();
    this.allowance = this.limits.work + tolerance;
    this.current = { environment: input.environment, logs };
    const result = this.resultOf(program, input);
    this.current = undefined;
    return { result: this.stopped ? { kind: 'limit', limit: 'work' } : result, work: this.work, logs };
  }

  dispose(): void {
    this.compiled.forEach((handle) => handle.dispose());
    [this.driver.run, this.driver.outcome, this.driver.adopt].forEach((handle) => handle.dispose());
    this.context.dispose();
    this.runtime.dispose();
  }

  private resultOf(program: SandboxProgram, { receiver, json }: RealmInput): RealmResult {
    const script = this.functionOf(program);
    if ('failure' in script) {
      return script.failure;
    }
    const text = this.context.newString(json);
    const position = this.context.newNumber(receiver);
    const first = this.call(this.driver.run, script.handle, position, text);
    text.dispose();
    position.dispose();
    if (typeof first !== 'string' || !this.runtime.hasPendingJob()) {
      return typeof first === 'string' ? parseOutcome(first) : first;
    }
    return this.runJobs(first);
  }

  /** Promises inside go on here. What is still queued at a limit dies with the realm. */
  private runJobs(first: string): RealmResult {
    const jobs = this.runtime.executePendingJobs();
    if (jobs.error) {
      return this.failure(jobs.error);
    }
    jobs.dispose();
    if (first !== PENDING) {
      return parseOutcome(first);
    }
    const outcome = this.call(this.driver.outcome);
    return typeof outcome === 'string' ? parseOutcome(outcome) : outcome;
  }

  /** Evaluates a script's text once. Oldest scripts make room for new ones. */
  private functionOf(program: SandboxProgram): { handle: QuickJSHandle } | { failure: RealmResult } {
    const known = this.compiled.get(program);
    if (known !== undefined) {
      return { handle: known };
    }
    const evaluated = this.context.evalCode(program.text, 'script.js');
    if (evaluated.error) {
      return { failure: this.failure(evaluated.error) };
    }
    const adopted = this.context.callFunction(this.driver.adopt, this.context.undefined, evaluated.value);
    evaluated.dispose();
    if (adopted.error) {
      return { failure: this.failure(adopted.error) };
    }
    this.forgetOldest();
    this.compiled.set(program, adopted.value);
    return { handle: adopted.value };
  }

  private forgetOldest(): void {
    const oldest = this.compiled.size < MAX_COMPILED ? undefined : this.compiled.entries().next().value;
    if (oldest !== undefined) {
      oldest[1].dispose();
      this.compiled.delete(oldest[0]);
    }
  }

  private call(target: QuickJSHandle, ...args: QuickJSHandle[]): string | RealmResult {
    const called = this.context.callFunction(target, this.context.undefined, ...args);
    if (called.error) {
      return this.failure(called.error);
    }
    const text = this.context.getString(called.value);
    called.dispose();
    return text;
  }

  /** Limits come out as errors of the interpreter, syntax it does not know as `SyntaxError`. */
  private failure(handle: QuickJSHandle): RealmResult {
    const error: unknown = this.stopped ? undefined : this.context.dump(handle);
    handle.dispose();
    return { kind: 'error', json: JSON.stringify(error ?? OUT_OF_MEMORY) };
  }

  private prepare(): Driver {
    const { context } = this;
    const now = context.newFunction('now', () => context.newNumber(this.current?.environment.now ?? 0));
    const random = context.newFunction('random', () => context.newNumber(this.current?.environment.random() ?? 0));
    const log = context.newFunction('log', (level, message) => {
      this.keepLog(context.getString(level), context.getString(message));
    });
    const charge = context.newFunction('charge', (units) =>
      this.isOver(context.getNumber(units)) ? this.tooMuch() : undefined,
    );
    const tick = context.newFunction('tick', () =>
      this.isOver(0) ? this.tooMuch() : context.newNumber(this.nextCount()),
    );
    const escapes = context.newFunction('escapes', (text, length) =>
      context.newNumber(escapesIn(context.getString(text), context.getNumber(length))),
    );
    const prelude = context.unwrapResult(context.evalCode(SANDBOX_PRELUDE, 'prelude.js'));
    const functions = [now, random, log, charge, tick, escapes];
    const driver = context.unwrapResult(context.callFunction(prelude, context.undefined, ...functions));
    const calls = {
      run: context.getProp(driver, 'run'),
      outcome: context.getProp(driver, 'outcome'),
      adopt: context.getProp(driver, 'adopt'),
    };
    [...functions, prelude, driver].forEach((handle) => handle.dispose());
    return calls;
  }

  /**
   * After the limit every further call throws again, until the next interrupt ends the run for good. A text has no
   * description of the stack, which would take long where it is caught at each of a thousand levels.
   */
  private tooMuch(): { error: QuickJSHandle } {
    return { error: this.context.newString('the script took too long') };
  }

  /** Where the script's counter goes on, so that the next tick comes the sooner the slower the last passes were. */
  private nextCount(): number {
    this.period = this.stopwatch?.isSlow() === true ? 1 : Math.min(this.period * 2, TICK_PERIOD);
    return TICK_PERIOD - this.period;
  }

  private isOver(units: number): boolean {
    this.work += units;
    this.stopped ||= this.work > this.allowance || this.stopwatch?.isOverdue() === true;
    return this.stopped;
  }

  private keepLog(level: string, message: string): void {
    const logs = this.current?.logs;
    if (logs !== undefined && logs.length < MAX_LOGS) {
      logs.push({ level: level as ScriptLog['level'], message });
    }
  }
}

/**
 * How many letters JSON writes as six, for which the interpreter takes very long. The text ends at the first zero on its
 * way to the host: what is missing of its length counts.
 */
function escapesIn(text: string, length: number): number {
  let count = Math.max(0, length - text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === REPLACED) {
      count += 1;
    }
  }
  return count;
}

function parseOutcome(text: string): RealmResult {
  switch (text[0]) {
    case 'v':
      return { kind: 'value', json: text.slice(1) };
    case 'u':
      return { kind: 'value', json: undefined };
    case 'e':
      return { kind: 'error', json: text.slice(1) };
    default:
      return { kind: 'unsettled' };
  }
}
