/**
 * Runs commands against instances: mailbox, cached state, step, commit, effects.
 *
 * 1. One command of an instance at a time, in the order of their arrival (the mailbox); instances are independent.
 * 2. What is in memory is a copy: after a failed step or commit it is thrown away and loaded again.
 * 3. Effects (notifications, wake-ups, answers) go out after the commit, never before.
 * 4. A conflict with another node reloads and tries again; what the command was about may be gone by then. From then on
 *    the nodes take turns at the instance for a while (`changeInstance`): no one is always too late.
 */
import type { Logger } from '@process-engine/contracts';
import {
  ConflictError,
  LockLostError,
  StorageUnavailableError,
  type ProcessInstanceRecord,
  type Storage,
  type StoredInstance,
} from '@process-engine/contracts/storage';
import type { AccompanyingRows } from '../execution/changes.js';
import type { Command, StartCommand } from '../execution/commands.js';
import type { StepEnvironment } from '../execution/environment.js';
import { InstanceState } from '../execution/instance-state.js';
import { runStep, type StepOutcome } from '../execution/run-step.js';
import type { ProcessGraph } from '../model/graph.js';
import { eventRows, type LoggedKinds } from './event-log.js';
import { LruCache } from './lru-cache.js';
import { Mailboxes } from './mailboxes.js';
import type { Models } from './models.js';
import type { Statistics } from './statistics.js';

/** How a command fared. `gone`: the instance, or what the command was about in it, is not there (any more). */
export type Submission =
  { readonly status: 'done'; readonly outcome: StepOutcome } | { readonly status: 'gone'; readonly ended: boolean };

export interface InstanceRunnerOptions {
  readonly storage: Storage;
  readonly models: Models;
  readonly now: () => number;
  /** Environment of the next step, but for its seed. */
  readonly environment: () => StepEnvironment;
  /** Called after each commit, with the instance as it is now. */
  readonly committed: (outcome: StepOutcome, record: ProcessInstanceRecord) => void;
  readonly eventLog: LoggedKinds;
  /** Instances kept in memory between commands; 0: none. */
  readonly cacheSize: number;
  /** Commands waiting in one instance's mailbox; beyond: StorageUnavailableError. */
  readonly maxMailbox: number;
  readonly logger: Logger;
  readonly statistics: Statistics;
}

/** Runs a command; undefined: what it is about is gone. */
type RunStep = (state: InstanceState) => StepOutcome | undefined;

const MAX_ATTEMPTS = 10;
/** So many commands of an instance take turns with other nodes after a conflict with one of them. */
const CONTESTED_COMMANDS = 20;

export class InstanceRunner {
  readonly #cache: LruCache<InstanceState>;
  readonly #mailboxes: Mailboxes;
  /** By instance: how many further commands take turns with other nodes. */
  readonly #contested = new LruCache<number>(1_000);

  constructor(private readonly options: InstanceRunnerOptions) {
    this.#cache = new LruCache(options.cacheSize);
    this.#mailboxes = new Mailboxes(options.maxMailbox, () => options.statistics.count('refusedCommands'));
  }

  /** Creates the instance and runs its first step. */
  start(
    graph: ProcessGraph,
    record: ProcessInstanceRecord,
    command: StartCommand,
    accompanying?: AccompanyingRows,
  ): Promise<StepOutcome> {
    return this.#mailboxes.run(record.id, async () => {
      const state = new InstanceState(graph, record);
      const outcome = runStep(state, command, this.options.environment(), accompanying)!;
      await this.#commit(state, outcome);
      return outcome;
    });
  }

  /** Runs a command against an existing instance. */
  submit(processInstanceId: string, command: Command, accompanying?: AccompanyingRows): Promise<Submission> {
    return this.#mailboxes.run(processInstanceId, () => this.#process(processInstanceId, command, accompanying));
  }

  /** The same for work this node has done already: turned away, it would only be done again. */
  submitOwn(processInstanceId: string, command: Command): Promise<Submission> {
    return this.#mailboxes.run(processInstanceId, () => this.#process(processInstanceId, command), false);
  }

  /** What is in memory of the instance may be outdated. */
  forget(processInstanceId: string): void {
    this.#cache.take(processInstanceId);
  }

  /** Waits until no command is under way or waiting. */
  drain(): Promise<void> {
    return this.#mailboxes.drain();
  }

  get isIdle(): boolean {
    return this.#mailboxes.isIdle;
  }

  async #process(id: string, command: Command, accompanying?: AccompanyingRows): Promise<Submission> {
    const step = (state: InstanceState): StepOutcome | undefined =>
      runStep(state, command, this.options.environment(), accompanying);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const submission = this.#isContested(id) ? await this.#runAlone(id, step) : await this.#run(id, step);
        if (submission !== undefined) return submission;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        this.#contested.put(id, CONTESTED_COMMANDS);
        if (attempt === MAX_ATTEMPTS || isAboutMessage(command)) throw error;
        this.options.statistics.count('conflicts');
        this.options.logger.debug({ processInstanceId: id, attempt }, 'conflict with another commit, trying again');
      }
    }
  }

  /** Undefined: what this node kept of the instance may be out of date; only what is stored tells. */
  async #run(id: string, step: RunStep): Promise<Submission | undefined> {
    const cached = this.#cache.take(id);
    const state = cached ?? (await this.#load(id));
    if (state?.record.state !== 'running') return { status: 'gone', ended: state !== undefined };
    const outcome = step(state);
    if (outcome !== undefined) {
      await this.#commit(state, outcome);
      return { status: 'done', outcome };
    }
    if (cached !== undefined && this.options.storage.shared) return undefined;
    this.#cache.put(id, state);
    return { status: 'gone', ended: false };
  }

  /** Takes turns with other nodes: whoever loads a hot instance first and commits then would be too late each time. */
  async #runAlone(id: string, step: RunStep): Promise<Submission> {
    this.#cache.take(id);
    let state: InstanceState | undefined;
    let outcome: StepOutcome | undefined;
    await this.options.storage.changeInstance(id, async (stored) => {
      state = stored === undefined ? undefined : await this.#stateOf(stored);
      outcome = state?.record.state === 'running' ? step(state) : undefined;
      return state === undefined || outcome === undefined ? undefined : this.#withEvents(state, outcome);
    });
    if (state === undefined || outcome === undefined) {
      return { status: 'gone', ended: state !== undefined && state.record.state !== 'running' };
    }
    this.options.committed(outcome, state.record);
    return { status: 'done', outcome };
  }

  /** For some commands after a conflict. */
  #isContested(id: string): boolean {
    const left = this.#contested.take(id) ?? 0;
    if (left > 1) this.#contested.put(id, left - 1);
    return left > 0;
  }

  async #load(id: string): Promise<InstanceState | undefined> {
    const stored = await this.options.storage.loadInstance(id);
    return stored === undefined ? undefined : this.#stateOf(stored);
  }

  async #stateOf(stored: StoredInstance): Promise<InstanceState> {
    const { id, definitionId } = stored.instance;
    const model = await this.options.models.get(definitionId);
    if (model === undefined) throw new Error(`the definition '${definitionId}' of instance '${id}' is gone`);
    return InstanceState.load(model.graph, stored);
  }

  async #commit(state: InstanceState, outcome: StepOutcome): Promise<void> {
    const { storage, committed } = this.options;
    await storage.commit(this.#withEvents(state, outcome));
    const { record } = state;
    if (record.state === 'running') this.#cache.put(record.id, state);
    committed(outcome, record);
  }

  #withEvents({ record }: InstanceState, { changes, notifications }: StepOutcome): StepOutcome['changes'] {
    const { eventLog, now } = this.options;
    const createdAt = changes.processInstances?.insert?.[0]?.startedAt ?? now();
    const events = eventRows(eventLog, notifications, { processInstanceId: record.id, createdAt });
    return events === undefined ? changes : { ...changes, events };
  }
}

/** The message may be gone for good: whoever delivers it looks. */
function isAboutMessage({ guard }: Command): boolean {
  return guard?.kind === 'message';
}

/** True for errors after which the same command may succeed later. */
export function isTransient(error: unknown): boolean {
  return error instanceof ConflictError || error instanceof LockLostError || error instanceof StorageUnavailableError;
}
