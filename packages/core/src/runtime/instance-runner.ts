/**
 * Runs commands against instances: mailbox, cached state, step, commit, effects.
 *
 * 1. One command of an instance at a time, in the order of their arrival (the mailbox); instances are independent.
 * 2. What is in memory is a copy: after a failed step or commit it is thrown away and loaded again.
 * 3. Effects (notifications, wake-ups, answers) go out after the commit, never before.
 * 4. A conflict with another node reloads and tries again; what the command was about may be gone by then.
 */
import type { Logger } from '@process-engine/contracts';
import {
  ConflictError,
  LockLostError,
  StorageUnavailableError,
  type ProcessInstanceRecord,
  type Storage,
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

const MAX_ATTEMPTS = 10;

export class InstanceRunner {
  readonly #cache: LruCache<InstanceState>;
  readonly #mailboxes: Mailboxes;

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

  /** Waits until no command is under way or waiting. */
  drain(): Promise<void> {
    return this.#mailboxes.drain();
  }

  get isIdle(): boolean {
    return this.#mailboxes.isIdle;
  }

  async #process(id: string, command: Command, accompanying?: AccompanyingRows): Promise<Submission> {
    for (let attempt = 1; ; attempt += 1) {
      const cached = this.#cache.take(id);
      const state = cached ?? (await this.#load(id));
      if (state?.record.state !== 'running') return { status: 'gone', ended: state !== undefined };
      try {
        const outcome = await this.#step(state, command, accompanying);
        if (outcome !== undefined) return { status: 'done', outcome };
        if (cached === undefined || !this.options.storage.shared) return { status: 'gone', ended: false };
        // Another node may have gone on with the instance: only what is stored tells.
        this.#cache.take(id);
      } catch (error) {
        if (!(error instanceof ConflictError) || attempt === MAX_ATTEMPTS || isAboutMessage(command)) throw error;
        this.options.statistics.count('conflicts');
        this.options.logger.debug({ processInstanceId: id, attempt }, 'conflict with another commit, trying again');
      }
    }
  }

  /** Runs the command and commits what it did; undefined: nothing. */
  async #step(
    state: InstanceState,
    command: Command,
    accompanying: AccompanyingRows | undefined,
  ): Promise<StepOutcome | undefined> {
    const outcome = runStep(state, command, this.options.environment(), accompanying);
    if (outcome === undefined) this.#cache.put(state.record.id, state);
    else await this.#commit(state, outcome);
    return outcome;
  }

  async #load(id: string): Promise<InstanceState | undefined> {
    const { storage, models } = this.options;
    const stored = await storage.loadInstance(id);
    if (stored === undefined) return undefined;
    const model = await models.get(stored.instance.definitionId);
    if (model === undefined)
      throw new Error(`the definition '${stored.instance.definitionId}' of instance '${id}' is gone`);
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
