/**
 * Claims: rows are chosen with `for update skip locked`, so that those another claim is about to take are passed over
 * and not waited for, and updated by their keys. Neither database answers the rows of an update.
 */
import type { ExternalTaskClaim, ExternalTaskRecord, JobClaim, JobRecord } from '@process-engine/contracts/storage';

import { columnList, decodeRecord, type SqlValue } from '../../row-codec.js';
import { EXTERNAL_TASK, JOB } from '../../tables.js';
import type { ServerStatements } from '../server/server-statements.js';
import type { Session } from '../server/sessions.js';
import { keyColumn, keyRows, keyTable } from './key-table.js';
import type { PacketLimit } from './packet-limit.js';

type Claims = Pick<ServerStatements, 'claimExternalTasks' | 'claimJobs'>;

export function claimStatements(limit: PacketLimit): Claims {
  return {
    claimExternalTasks: (sessions, claim) => sessions.transaction((session) => claimTasks(limit, session, claim)),
    claimJobs: (sessions, claim) => sessions.transaction((session) => claimJobs(limit, session, claim)),
  };
}

// Never locked rows come in order from the index; rows whose lock has ended are few, and sorted. One condition for both
// would sort, and lock, all.
const TASKS = `select ${columnList(EXTERNAL_TASK)} from external_task where tenant_id = ? and topic = ?`;
const FREE_TASKS = `(${TASKS} and locked_until = 0 order by priority desc, id limit ? for update skip locked)
  union all
  (${TASKS} and locked_until > 0 and locked_until <= ? order by priority desc, id limit ? for update skip locked)`;

const JOBS = `select ${columnList(JOB)} from job where`;
const FREE_JOBS = `(${JOBS} locked_until = 0 and due_at <= ? order by due_at, id limit ? for update skip locked)
  union all
  (${JOBS} locked_until > 0 and locked_until <= ? and due_at <= ? order by due_at, id limit ? for update skip locked)`;

/** As good as no limit. */
const UNLIMITED = 1_000_000_000;

async function claimTasks(
  packet: PacketLimit,
  session: Session,
  { tenantId, topic, workerId, now, lockUntil, maxTasks }: ExternalTaskClaim,
): Promise<ExternalTaskRecord[]> {
  const limit = maxTasks > 0 ? maxTasks : UNLIMITED;
  const rows = await session.rows(FREE_TASKS, [tenantId, topic, limit, tenantId, topic, now, limit]);
  const tasks = rows.map((row) => decodeRecord(EXTERNAL_TASK, row)).sort(byPriority);
  const chosen = tasks.slice(0, limit);
  const lock = { table: 'external_task', partition: 'process_instance_id', owner: 'worker_id' };
  const keys = chosen.map(({ processInstanceId, id }) => [processInstanceId, id]);
  await lockRows(packet, session, lock, [workerId, lockUntil], keys);
  return chosen.map((task) => ({ ...task, workerId, lockedUntil: lockUntil }));
}

async function claimJobs(
  packet: PacketLimit,
  session: Session,
  { owner, now, lockUntil, limit }: JobClaim,
): Promise<JobRecord[]> {
  const rows = await session.rows(FREE_JOBS, [now, limit, now, now, limit]);
  const jobs = rows.map((row) => decodeRecord(JOB, row)).sort(byDueTime);
  const chosen = jobs.slice(0, limit);
  const lock = { table: 'job', partition: 'partition_id', owner: 'owner' };
  const keys = chosen.map((job) => [JOB.partition?.(job) ?? '', job.id]);
  await lockRows(packet, session, lock, [owner, lockUntil], keys);
  return chosen.map((job) => ({ ...job, owner, lockedUntil: lockUntil }));
}

interface Lock {
  readonly table: string;
  readonly partition: string;
  readonly owner: string;
}

async function lockRows(
  limit: PacketLimit,
  session: Session,
  { table, partition, owner }: Lock,
  values: readonly SqlValue[],
  keys: readonly (readonly string[])[],
): Promise<void> {
  if (keys.length === 0) return;
  const sql = `update ${keyTable(['key', 'key'])} k straight_join ${table} t force index (primary)
      on t.${partition} = ${keyColumn(0)} and t.id = ${keyColumn(1)}
     set t.${owner} = ?, t.locked_until = ?`;
  for (const part of limit.parts(keys)) await session.run(sql, [keyRows(part), ...values]);
}

function byPriority(left: ExternalTaskRecord, right: ExternalTaskRecord): number {
  return right.priority - left.priority || byId(left, right);
}

function byDueTime(left: JobRecord, right: JobRecord): number {
  return left.dueAt - right.dueAt || byId(left, right);
}

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}
