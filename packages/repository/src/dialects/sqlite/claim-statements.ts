/** Claims, lock extensions and releases. They run inside a transaction of the file's single writer. */
import type {
  ExternalTaskClaim,
  ExternalTaskRecord,
  JobClaim,
  JobRecord,
  LockExtension,
} from '@process-engine/contracts/storage';

import { columnList, decodeRecord, type SqlRow } from '../../row-codec.js';
import { EXTERNAL_TASK, JOB } from '../../tables.js';
import type { SqliteHandle } from './sqlite-handle.js';

// Never locked rows come in order from the index; rows whose lock has ended are few, and sorted. One query for both
// would sort all.
const TASKS = `select ${columnList(EXTERNAL_TASK)} from external_task where tenant_id = ? and topic = ?`;
const UNLOCKED_TASKS = `${TASKS} and locked_until = 0 order by priority desc, id limit ?`;
const LAPSED_TASKS = `${TASKS} and locked_until > 0 and locked_until <= ? order by priority desc, id limit ?`;
const LOCK_TASK = 'update external_task set worker_id = ?, locked_until = ? where process_instance_id = ? and id = ?';

export function claimExternalTasks(handle: SqliteHandle, claim: ExternalTaskClaim): ExternalTaskRecord[] {
  const { tenantId, topic, workerId, now, lockUntil, maxTasks } = claim;
  const limit = maxTasks > 0 ? maxTasks : -1;
  const unlocked = handle.rows(UNLOCKED_TASKS, [tenantId, topic, limit]);
  const lapsed = handle.rows(LAPSED_TASKS, [tenantId, topic, now, limit]);
  const tasks = merged(unlocked, lapsed, (row) => decodeRecord(EXTERNAL_TASK, row), byPriority);
  return (maxTasks > 0 ? tasks.slice(0, maxTasks) : tasks).map((task) => {
    handle.run(LOCK_TASK, [workerId, lockUntil, task.processInstanceId, task.id]);
    return { ...task, workerId, lockedUntil: lockUntil };
  });
}

/** Answers whether the task is open and this worker may touch it. */
export function extendLock(handle: SqliteHandle, { id, workerId, now, lockUntil }: LockExtension): boolean {
  return handle.run(EXTEND_LOCK, [workerId, lockUntil, id, workerId, now]) > 0;
}

const EXTEND_LOCK =
  'update external_task set worker_id = ?, locked_until = ? where id = ? and (worker_id = ? or locked_until <= ?)';

const JOBS = `select ${columnList(JOB)} from job`;
const UNLOCKED_JOBS = `${JOBS} where locked_until = 0 and due_at <= ? order by due_at, id limit ?`;
const LAPSED_JOBS = `${JOBS} where locked_until > 0 and locked_until <= ? and due_at <= ? order by due_at, id limit ?`;
const LOCK_JOB = 'update job set owner = ?, locked_until = ? where partition_id = ? and id = ?';

export function claimJobs(handle: SqliteHandle, { owner, now, lockUntil, limit }: JobClaim): JobRecord[] {
  if (limit <= 0) return [];
  const unlocked = handle.rows(UNLOCKED_JOBS, [now, limit]);
  const lapsed = handle.rows(LAPSED_JOBS, [now, now, limit]);
  const jobs = merged(unlocked, lapsed, (row) => decodeRecord(JOB, row), byDueTime);
  return jobs.slice(0, limit).map((job) => {
    handle.run(LOCK_JOB, [owner, lockUntil, job.processInstanceId ?? job.definitionId ?? '', job.id]);
    return { ...job, owner, lockedUntil: lockUntil };
  });
}

export function releaseClaims(handle: SqliteHandle, owner: string): void {
  handle.run('update job set owner = null, locked_until = 0 where owner = ?', [owner]);
  handle.run(
    "update external_task set worker_id = null, locked_until = 0 where worker_id = ? and topic like 'internal:%'",
    [owner],
  );
}

/** Two lists, each in order, as one in order. */
function merged<T>(
  left: readonly SqlRow[],
  right: readonly SqlRow[],
  decode: (row: SqlRow) => T,
  order: (left: T, right: T) => number,
): T[] {
  const rows = [...left, ...right].map(decode);
  return right.length === 0 ? rows : rows.sort(order);
}

function byPriority(left: ExternalTaskRecord, right: ExternalTaskRecord): number {
  return right.priority - left.priority || byId(left, right);
}

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}

function byDueTime(left: JobRecord, right: JobRecord): number {
  return left.dueAt - right.dueAt || byId(left, right);
}
