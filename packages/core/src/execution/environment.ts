/** Everything a step takes from outside besides state and command: the same environment gives the same change set. */
import type { JsonValue } from '@process-engine/contracts';
import type { ScriptSandbox } from '../model/scripts/script-sandbox.js';

/** What a step may do with a service that runs in this process. */
export interface StepServices {
  /** `inline`: a pure synchronous function run inside the step; `local`: run after the commit; `remote`: by another node. */
  kindOf(module: string): 'inline' | 'local' | 'remote' | undefined;
  /** Runs an inline service. Throws what the function throws; a returned promise is an error. */
  runInline(call: InlineCall): JsonValue | undefined;
}

export interface InlineCall {
  readonly module: string;
  readonly method: string | undefined;
  /** Arguments of a method; undefined: the handler form. */
  readonly args: readonly unknown[] | undefined;
  readonly context: {
    readonly payload: JsonValue | undefined;
    readonly processInstanceId: string;
    readonly correlationId: string;
    readonly flowNodeId: string;
    readonly flowNodeInstanceId: string;
    readonly identity: { readonly userId: string; readonly token: '' };
  };
}

export interface StepOptions {
  /** What an uncaught technical failure without retries does. Default `error`. */
  readonly onFailure: 'error' | 'incident';
  /** Delays in ms before each further attempt, for elements that set none. Default: no retries. */
  readonly retries: readonly number[];
  /** Part of such a delay, 0 to 1, by which chance lengthens or shortens it. */
  readonly retryJitter: number;
  /** Lock of work this node takes on itself, in ms. */
  readonly lockDuration: number;
  /** Nodes entered by one step; the rest follows in a job. */
  readonly maxEntries: number;
  /** Rows of one step's commit; the rest follows in a job. */
  readonly maxRows: number;
  /** Work of one step's scripts, in interrupts (about a millisecond each); the rest follows in a job. */
  readonly maxWork: number;
}

export const DEFAULT_STEP_OPTIONS: StepOptions = {
  onFailure: 'error',
  retries: [],
  retryJitter: 0,
  lockDuration: 60_000,
  maxEntries: 500,
  maxRows: 2_000,
  maxWork: 200,
};

export interface StepEnvironment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A UUID (version 7): the ids the step gives derive from it, and its random numbers. */
  readonly seed: string;
  /** This engine's id: owner of the jobs and services it takes on at once. */
  readonly nodeId: string;
  readonly sandbox: ScriptSandbox | undefined;
  readonly services: StepServices;
  readonly options: StepOptions;
  /** False: nobody listens and no event log is kept, so notifications need not be made. */
  readonly notify: boolean;
}

/** The last digits of ids by count: most steps give few ids, always the same ones. */
const SUFFIXES: string[] = [];

/** Ids for the rows of one step: the seed with its last 16 bits counting, so they sort in order of creation. */
export class IdSequence {
  #count = 0;
  readonly #prefix: string;

  constructor(seed: string) {
    this.#prefix = seed.slice(0, 32);
  }

  next(): string {
    const count = (this.#count += 1);
    if (count > 0xffff) throw new Error('a step gave more than 65,535 ids');
    return this.#prefix + (SUFFIXES[count] ??= count.toString(16).padStart(4, '0'));
  }
}

/** Random numbers in [0, 1) that depend on nothing but the seed (mulberry32). */
export function randomFrom(seed: string): () => number {
  let state = 0;
  for (let i = 0; i < seed.length; i += 1) state = (Math.imul(state, 31) + seed.charCodeAt(i)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
