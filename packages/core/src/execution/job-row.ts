import type { JsonObject } from '@process-engine/contracts';
import type { JobKind, JobRecord } from '@process-engine/contracts/storage';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';

/** What a step says of a job; all else follows from the instance and the time. */
export interface NewJob {
  readonly kind: JobKind;
  readonly dueAt?: number;
  readonly payload?: JsonObject | null;
  readonly flowNodeId?: string;
  /** The instance the job belongs to, where it is not this one. */
  readonly processInstanceId?: string;
  readonly flowNodeInstanceId?: string;
}

/** The row of the job: taken on by this node at once where it is due. */
export function newJobRow(step: Step, job: NewJob, instance: FlowNodeInstance | undefined): JobRecord {
  const { state, env, now } = step;
  const { id: processInstanceId, tenantId } = state.record;
  const { kind, dueAt = now, payload = null } = job;
  const own = dueAt <= now;
  return {
    id: step.nextId(),
    tenantId,
    kind,
    processInstanceId: job.processInstanceId ?? processInstanceId,
    definitionId: null,
    flowNodeInstanceId: instance?.id ?? job.flowNodeInstanceId ?? null,
    flowNodeId: job.flowNodeId ?? instance?.node.id ?? null,
    dueAt,
    owner: own ? env.nodeId : null,
    lockedUntil: own ? now + env.options.lockDuration : 0,
    attempts: 0,
    error: null,
    failedAt: null,
    payload,
    createdAt: now,
  };
}
