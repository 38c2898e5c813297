/**
 * Jobs: the engine's own work that is due now or later. Jobs a step of this node created for at once are run straight
 * after its commit; all others are claimed when they are due.
 *
 * 1. A job is carried out by a commit that deletes its row, guarded by owner and lock: never twice.
 * 2. The runner sleeps to the next due job, and never longer than `pollInterval` (other nodes' jobs; lapsed locks).
 * 3. A job that fails stays; its lock lapses and it is tried again.
 */
import { INTERNAL_USER_ID, type JsonObject, type JsonValue, type Logger } from '@process-engine/contracts';
import type { Guard, JobRecord, Storage } from '@process-engine/contracts/storage';
import type { ChildOutcome, Command } from '../execution/commands.js';
import { nextDue, type Timer } from '../model/timers.js';
import type { Background } from './background.js';
import { startCalledProcess } from './called-process.js';
import type { Clock } from './clock.js';
import type { Correlation } from './correlation.js';
import { isTransient, type InstanceRunner } from './instance-runner.js';
import type { Model, Models } from './models.js';
import { startJob } from './start-events.js';
import { startInstance } from './start-instance.js';

export interface JobRunnerOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newCorrelationId: () => string;
  readonly nodeId: string;
  readonly models: Models;
  readonly runner: InstanceRunner;
  readonly correlation: Correlation;
  readonly background: Background;
  readonly logger: Logger;
  /** Lock of a claimed job, ms. */
  readonly lockDuration: number;
  /** Longest sleep, ms. */
  readonly pollInterval: number;
  /** Jobs claimed at once. */
  readonly batchSize: number;
  /** Called at every look for work: other due work of the node (abandoned services). */
  readonly onPoll: () => Promise<void>;
  /** Called after a timer start event has started an instance. */
  readonly startedByTimer: (model: Model, job: JobRecord, instance: { id: string; correlationId: string }) => void;
}

export class JobRunner {
  #cancelWake: (() => void) | undefined;
  #wakeTime = Infinity;
  #polling = false;
  #stopped = true;

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
      await this.options.onPoll();
    } finally {
      this.#polling = false;
      const { clock, pollInterval, storage } = this.options;
      const due = await storage.nextDue().catch(() => null);
      const latest = clock.now() + pollInterval;
      this.wakeAt(Math.min(due ?? latest, latest));
    }
  }

  async #runDue(): Promise<void> {
    const { storage, clock, nodeId, lockDuration, batchSize } = this.options;
    for (;;) {
      const now = clock.now();
      const jobs = await storage.claimJobs({ owner: nodeId, now, lockUntil: now + lockDuration, limit: batchSize });
      await Promise.all(jobs.map((job) => this.#execute(job)));
      if (jobs.length < batchSize || this.#stopped) return;
    }
  }

  async #execute(job: JobRecord): Promise<void> {
    const { clock, nodeId, logger } = this.options;
    const partition = job.processInstanceId ?? job.definitionId!;
    const guard: Guard = { kind: 'job', partition, id: job.id, owner: nodeId, now: clock.now() };
    try {
      await this.#carryOut(job, guard);
    } catch (error) {
      const fields = { error, jobId: job.id, kind: job.kind };
      if (isTransient(error)) logger.debug(fields, 'a job was not carried out this time');
      else logger.error(fields, 'a job failed; it is tried again when its lock has ended');
    }
  }

  #carryOut(job: JobRecord, guard: Guard): Promise<void> {
    const payload = job.payload ?? {};
    const instanceId = job.flowNodeInstanceId ?? '';
    switch (job.kind) {
      case 'timer':
        return this.#submit(job, {
          type: 'trigger',
          flowNodeInstanceId: instanceId,
          waitId: job.id,
          payload: undefined,
          hasPayload: false,
          guard,
        });
      case 'continue':
        return this.#submit(job, {
          type: 'continue',
          flowNodeInstanceIds: payload.flowNodeInstanceIds as string[],
          guard,
        });
      case 'retry':
        return this.#submit(job, { type: 'retry', flowNodeInstanceId: instanceId, guard });
      case 'child-ended':
        return this.#submit(job, childEnded(instanceId, payload, guard));
      case 'cancel-child':
        return this.#submit(job, { type: 'terminate', reason: 'The call activity was cancelled.', guard });
      case 'call':
        return startCalledProcess(this.options, job, guard);
      case 'publish':
        return this.options.correlation.runPublishJob(job, guard);
      case 'start-timer':
        return this.#startByTimer(job, guard);
    }
  }

  /** Runs the command; where what it is about is gone, the job is just removed. */
  async #submit(job: JobRecord, command: Command & { readonly guard?: Guard }): Promise<void> {
    const { runner, storage } = this.options;
    const { status } = await runner.submitOwn(job.processInstanceId!, command);
    if (status === 'gone' && command.guard !== undefined) await storage.commit({ guards: [command.guard] });
  }

  async #startByTimer(job: JobRecord, guard: Guard): Promise<void> {
    const { storage, clock, newId, newCorrelationId, models, runner } = this.options;
    const model = await models.get(job.definitionId!);
    if (model === undefined) return storage.commit({ guards: [guard] });
    const { timer, count, schedule } = job.payload as unknown as { timer: Timer; count: number; schedule: string };
    const now = clock.now();
    const dueAt = nextDue(timer, { now, last: job.dueAt, count });
    const [id, correlationId] = [newId(), `cronjob_${newCorrelationId()}`];
    const next = dueAt === undefined ? [] : [nextStart(job, { id: newId(), dueAt, now, count: count + 1 })];
    await startInstance(runner, now, {
      model,
      id,
      correlationId,
      ownerId: INTERNAL_USER_ID,
      startEventId: job.flowNodeId!,
      payload: {},
      guard,
      accompanying: {
        jobs: next,
        cronRun: {
          definitionId: job.definitionId!,
          processModelId: model.definition.key,
          startEventId: job.flowNodeId!,
          dueAt: job.dueAt,
          schedule,
          executedAt: now,
          processInstanceId: id,
        },
      },
    });
    if (dueAt !== undefined) this.wakeAt(dueAt);
    this.options.startedByTimer(model, job, { id, correlationId });
  }
}

function nextStart(
  job: JobRecord,
  { id, dueAt, now, count }: { id: string; dueAt: number; now: number; count: number },
): JobRecord {
  const definition = { id: job.definitionId!, tenantId: job.tenantId };
  return startJob({
    id,
    definition,
    flowNodeId: job.flowNodeId!,
    dueAt,
    now,
    payload: { ...(job.payload as JsonObject), count },
  });
}

function childEnded(flowNodeInstanceId: string, payload: JsonObject, guard: Guard): Command {
  const { childInstanceId, outcome } = payload as { childInstanceId: string; outcome: JsonValue };
  return {
    type: 'child-ended',
    flowNodeInstanceId,
    childInstanceId,
    outcome: outcome as unknown as ChildOutcome,
    guard,
  };
}
