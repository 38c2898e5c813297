/**
 * Timer start events: each due time starts one instance in the whole cluster.
 *
 * 1. The commit that starts the instance removes the job, sets the next one, and records the run under its due time:
 *    a second run of the same time cannot be stored.
 * 2. After a downtime the time that came due first is run, late. `skip`: the others that passed are left out.
 *    `catch-up`: each of them is run, one after the other.
 */
import { INTERNAL_USER_ID, type JsonObject } from '@process-engine/contracts';
import type { Guard, JobRecord, Storage } from '@process-engine/contracts/storage';
import { nextDue, type Timer } from '../model/timers.js';
import type { Clock } from './clock.js';
import type { InstanceRunner } from './instance-runner.js';
import type { Model, Models } from './models.js';
import { startJob } from './start-events.js';
import { startInstance } from './start-instance.js';

export interface StartTimersOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newCorrelationId: () => string;
  readonly models: Models;
  readonly runner: InstanceRunner;
  readonly missed: 'skip' | 'catch-up';
  /** An instance was started. */
  readonly started: (model: Model, job: JobRecord, instance: { id: string; correlationId: string }) => void;
  /** A start is due at this time. */
  readonly wakeAt: (time: number) => void;
}

interface StartTimerPayload {
  readonly timer: Timer;
  readonly count: number;
  readonly schedule: string;
  /** The next start was set when this one failed. */
  readonly single?: boolean;
}

export class StartTimers {
  constructor(private readonly options: StartTimersOptions) {}

  async run(job: JobRecord, guard: Guard): Promise<void> {
    const { storage, clock, newId, newCorrelationId, models, runner } = this.options;
    const model = await models.get(job.definitionId!);
    if (model === undefined) return storage.commit({ guards: [guard] });
    const now = clock.now();
    const [id, correlationId] = [newId(), `cronjob_${newCorrelationId()}`];
    const jobs = this.next(job);
    await startInstance(runner, now, {
      model,
      id,
      correlationId,
      ownerId: INTERNAL_USER_ID,
      startEventId: job.flowNodeId!,
      payload: {},
      guard,
      accompanying: {
        jobs,
        cronRun: {
          definitionId: job.definitionId!,
          processModelId: model.definition.key,
          startEventId: job.flowNodeId!,
          dueAt: job.dueAt,
          schedule: payloadOf(job).schedule,
          executedAt: now,
          processInstanceId: id,
        },
      },
    });
    for (const { dueAt } of jobs) this.options.wakeAt(dueAt);
    this.options.started(model, job, { id, correlationId });
  }

  /** The start after this one, as a list: empty where there is none. */
  next(job: JobRecord): JobRecord[] {
    const { clock, newId, missed } = this.options;
    const { timer, count, single } = payloadOf(job);
    if (single === true) return [];
    const now = clock.now();
    const dueAt = nextDue(timer, { now: missed === 'skip' ? now : Math.min(now, job.dueAt), last: job.dueAt, count });
    if (dueAt === undefined) return [];
    const definition = { id: job.definitionId!, tenantId: job.tenantId };
    const payload = { ...(job.payload as JsonObject), count: count + 1 };
    return [startJob({ id: newId(), definition, flowNodeId: job.flowNodeId!, dueAt, now, payload })];
  }
}

function payloadOf(job: JobRecord): StartTimerPayload {
  return job.payload as unknown as StartTimerPayload;
}

/** The same start, with nothing to follow. */
export function singleStart(job: JobRecord): JobRecord {
  return { ...job, payload: { ...job.payload, single: true } };
}
