/**
 * Jobs that fail: tried again after growing pauses, then an incident that somebody retries or resolves.
 *
 * 1. A failure is noted in the job's own row, so it goes with whatever removes the row (the end of its instance, a
 *    cancelled wait), and survives the node.
 * 2. What failed because of others (a conflict, a storage that is away) is tried again without being counted.
 * 3. A start timer that becomes an incident does not stop its schedule: the next start is set.
 */
import { RequestConflictError, type Logger } from '@process-engine/contracts';
import {
  FAILED_JOB_LOCK,
  FAILED_JOB_OWNER,
  LockLostError,
  type Guard,
  type JobRecord,
  type Storage,
} from '@process-engine/contracts/storage';
import { errorDataOf } from '../execution/failures.js';
import type { Clock } from './clock.js';
import { isTransient, type InstanceRunner } from './instance-runner.js';
import { retryDelay, type RetryDelays } from './retry-schedule.js';
import { singleStart, type StartTimers } from './start-timers.js';
import type { Statistics } from './statistics.js';

export interface FailedJobsOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly logger: Logger;
  readonly runner: InstanceRunner;
  readonly startTimers: StartTimers;
  readonly statistics: Statistics;
  readonly retries: RetryDelays;
  /** There is a job to try again at this time. */
  readonly wakeAt: (time: number) => void;
  /** A job became an incident. */
  readonly gaveUp: (job: JobRecord) => void;
}

/** ms before work that others were in the way of is tried again. */
const PAUSE = 1_000;

export class FailedJobs {
  constructor(private readonly options: FailedJobsOptions) {}

  /** Notes that an attempt failed. Where even that fails, the lock of the job ends and it is tried again. */
  async note(job: JobRecord, error: unknown): Promise<void> {
    const { statistics, logger } = this.options;
    const fields = { error, jobId: job.id, kind: job.kind, processInstanceId: job.processInstanceId };
    if (error instanceof LockLostError) {
      statistics.count('lostJobs');
      return logger.debug(fields, 'a job was taken by another node, or is gone');
    }
    try {
      if (isTransient(error)) await this.#putOff(job, fields);
      else await this.#countFailure(job, error, fields);
    } catch (problem) {
      logger.debug({ ...fields, problem }, 'a job that failed keeps its lock; it is tried again when that has ended');
    }
  }

  async #putOff(job: JobRecord, fields: object): Promise<void> {
    const { clock, logger } = this.options;
    logger.debug(fields, 'a job was not carried out this time');
    const lockedUntil = clock.now() + PAUSE;
    await this.#replace(job, { ...job, owner: null, lockedUntil });
    this.options.wakeAt(lockedUntil);
  }

  async #countFailure(job: JobRecord, thrown: unknown, fields: object): Promise<void> {
    const { clock, logger, statistics, retries } = this.options;
    const now = clock.now();
    const failed = { ...job, attempts: job.attempts + 1, error: errorDataOf(thrown), failedAt: now };
    const delay = retryDelay(retries, job.attempts, Math.random());
    if (delay === undefined) return this.#giveUp(failed, fields);
    const lockedUntil = now + Math.max(delay, 1);
    statistics.count('failedJobs');
    logger.warn({ ...fields, attempts: failed.attempts, delay }, 'a job failed; it is tried again');
    await this.#replace(job, { ...failed, owner: null, lockedUntil });
    this.options.wakeAt(lockedUntil);
  }

  async #giveUp(failed: JobRecord, fields: object): Promise<void> {
    const { logger, statistics, startTimers, wakeAt, gaveUp } = this.options;
    const incident = { ...failed, owner: FAILED_JOB_OWNER, lockedUntil: FAILED_JOB_LOCK };
    const next = failed.kind === 'start-timer' ? startTimers.next(failed) : [];
    await this.#replace(failed, failed.kind === 'start-timer' ? singleStart(incident) : incident, next);
    statistics.count('jobIncidents');
    logger.error({ ...fields, attempts: failed.attempts }, 'a job failed for good; it waits as an incident');
    for (const { dueAt } of next) wakeAt(dueAt);
    gaveUp(incident);
  }

  #replace(job: JobRecord, changed: JobRecord, more: readonly JobRecord[] = []): Promise<void> {
    const { storage, nodeId } = this.options;
    return storage.commit({ guards: [this.#guard(job, nodeId)], jobs: { insert: [changed, ...more] } });
  }

  #guard(job: JobRecord, owner: string): Guard {
    return {
      kind: 'job',
      partition: job.processInstanceId ?? job.definitionId!,
      id: job.id,
      owner,
      now: this.options.clock.now(),
    };
  }

  /** The job's attempts begin anew, now. LockLostError: it is no incident any more. */
  async retry(job: JobRecord): Promise<void> {
    const { storage, clock, wakeAt } = this.options;
    const again = { ...job, owner: null, lockedUntil: 0, attempts: 0, error: null, failedAt: null };
    await storage.commit({ guards: [this.#guard(job, FAILED_JOB_OWNER)], jobs: { insert: [again] } });
    wakeAt(clock.now());
  }

  /**
   * Goes on without the job: a call returns without a result; a message is not sent, a start left out, a called process
   * not ended. LockLostError: it is no incident any more. ConflictError: nothing can go on without it.
   */
  async resolve(job: JobRecord): Promise<void> {
    const { storage, runner } = this.options;
    const guard = this.#guard(job, FAILED_JOB_OWNER);
    switch (job.kind) {
      case 'call': {
        const { status } = await runner.submit(job.processInstanceId!, {
          type: 'child-ended',
          flowNodeInstanceId: job.flowNodeInstanceId!,
          childInstanceId: job.payload!.childInstanceId as string,
          outcome: { state: 'finished', endEvent: null, result: undefined, variables: {} },
          guard,
        });
        if (status === 'gone') await storage.commit({ guards: [guard] });
        return;
      }
      case 'publish':
      case 'start-timer':
      case 'cancel-child':
        return storage.commit({ guards: [guard] });
      case 'timer':
      case 'continue':
      case 'retry':
      case 'child-ended':
        throw new RequestConflictError(
          `the process instance cannot go on without its job '${job.kind}': retry the incident, or terminate the instance`,
          { reason: 'incident-not-resolvable' },
        );
    }
  }
}
