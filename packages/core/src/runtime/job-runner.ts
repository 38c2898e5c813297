/**
 * Jobs: the engine's own work that is due now or later. Jobs a step of this node created for at once are run straight
 * after its commit; all others are claimed when they are due.
 *
 * 1. A job is carried out by a commit that deletes its row, guarded by owner and lock: never twice.
 * 2. The runner sleeps to the next due job, and never longer than `pollInterval` (other nodes' jobs; lapsed locks).
 * 3. A job that fails stays (failed-jobs.ts): it is tried again later, in the end it is an incident.
 * 4. However many are due, a batch is under way at a time, and between two batches requests have their turn.
 */
import type { Logger } from '@process-engine/contracts';
import type { Guard, JobRecord, Storage } from '@process-engine/contracts/storage';
import type { Background } from './background.js';
import { nextTurn, type Clock } from './clock.js';
import type { FailedJobs } from './failed-jobs.js';
import type { JobWork } from './job-work.js';
import type { Statistics } from './statistics.js';

export interface JobRunnerOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly work: JobWork;
  readonly failed: FailedJobs;
  readonly background: Background;
  readonly statistics: Statistics;
  readonly logger: Logger;
  /** Lock of a claimed job, ms. */
  readonly lockDuration: number;
  /** Longest sleep, ms. */
  readonly pollInterval: number;
  /** Jobs claimed at once. */
  readonly batchSize: number;
  /** Called at every look for work: other due work of the node (abandoned services). */
  readonly onPoll: () => Promise<void>;
}

export class JobRunner {
  #cancelWake: (() => void) | undefined;
  #wakeTime = Infinity;
  #polling = false;
  #stopped = true;
  /** When `onPoll` was called. */
  #lastPoll = -Infinity;

  constructor(private readonly options: JobRunnerOptions) {}

  /** Begins to look for due jobs. */
  start(): void {
    this.#stopped = false;
    this.wakeAt(this.options.clock.now());
  }

  /** Claims nothing more. Jobs under way belong to the background that `stop` of the engine drains. */
  stop(): void {
    this.#stopped = true;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#wakeTime = Infinity;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** There is a job due at this time. */
  wakeAt(time: number): void {
    if (this.#stopped || time >= this.#wakeTime) return;
    this.#cancelWake?.();
    this.#wakeTime = time;
    this.#cancelWake = this.options.clock.wakeAt(time, () => {
      this.#cancelWake = undefined;
      this.#wakeTime = Infinity;
      this.options.background.run('looking for due jobs', () => this.#poll());
    });
  }

  /** Runs a job this node owns, without waiting for it. */
  run(job: JobRecord): void {
    this.options.background.run(`job '${job.id}' (${job.kind})`, () => this.#execute(job));
  }

  async #poll(): Promise<void> {
    if (this.#polling || this.#stopped) return;
    this.#polling = true;
    try {
      await this.#runDue();
      await this.#otherWork();
    } finally {
      this.#polling = false;
      const { clock, pollInterval, storage } = this.options;
      const due = await storage.nextDue().catch(() => null);
      const latest = clock.now() + pollInterval;
      this.wakeAt(Math.min(due ?? latest, latest));
    }
  }

  async #otherWork(): Promise<void> {
    this.#lastPoll = this.options.clock.now();
    await this.options.onPoll();
  }

  async #runDue(): Promise<void> {
    const { storage, clock, nodeId, lockDuration, batchSize, pollInterval } = this.options;
    for (;;) {
      const now = clock.now();
      const jobs = await storage.claimJobs({ owner: nodeId, now, lockUntil: now + lockDuration, limit: batchSize });
      await Promise.all(jobs.map((job) => this.#execute(job, true)));
      if (jobs.length < batchSize || this.#stopped) return;
      if (clock.now() >= this.#lastPoll + pollInterval) await this.#otherWork();
      await nextTurn();
    }
  }

  /** `claimed`: not by the node that made it, at once, but later: it may have been begun before. */
  async #execute(job: JobRecord, claimed = false): Promise<void> {
    const { clock, nodeId, work, failed, statistics } = this.options;
    const partition = job.processInstanceId ?? job.definitionId!;
    const guard: Guard = { kind: 'job', partition, id: job.id, owner: nodeId, now: clock.now() };
    try {
      await work.carryOut(job, guard, claimed);
      statistics.count('jobs');
    } catch (error) {
      await failed.note(job, error);
    }
  }
}
