/** Claims: one statement each. Rows that another claim is about to take are skipped, not waited for. */
import type { ExternalTaskClaim, ExternalTaskRecord, JobClaim, JobRecord } from '@process-engine/contracts/storage';

import { columnList, decodeRecord } from '../../row-codec.js';
import { EXTERNAL_TASK, JOB } from '../../tables.js';
import type { Sessions } from '../server/sessions.js';

// Never locked rows come in order from the index; rows whose lock has ended are few, and sorted. One query for both
// would sort all.
const CLAIM_TASKS = `
  with free as materialized (
    select process_instance_id, id, priority from external_task
     where tenant_id = ? and topic = ? and locked_until = 0
     order by priority desc, id limit ? for update skip locked
  ), lapsed as materialized (
    select process_instance_id, id, priority from external_task
     where tenant_id = ? and topic = ? and locked_until > 0 and locked_until <= ?
     order by priority desc, id limit ? for update skip locked
  ), chosen as (
    select process_instance_id, id, priority from free union all select process_instance_id, id, priority from lapsed
     order by priority desc, id limit ?
  )
  update external_task t set worker_id = ?, locked_until = ?
    from chosen c where t.process_instance_id = c.process_instance_id and t.id = c.id
  returning ${columnList(EXTERNAL_TASK, 't')}`;

export async function claimExternalTasks(sessions: Sessions, claim: ExternalTaskClaim): Promise<ExternalTaskRecord[]> {
  const { tenantId, topic, workerId, now, lockUntil, maxTasks } = claim;
  const limit = maxTasks > 0 ? maxTasks : null;
  const values = [tenantId, topic, limit, tenantId, topic, now, limit, limit, workerId, lockUntil];
  const rows = await sessions.use((session) => session.rows(CLAIM_TASKS, values));
  return rows.map((row) => decodeRecord(EXTERNAL_TASK, row)).sort(byPriority);
}

const CLAIM_JOBS = `
  with free as materialized (
    select partition_id, id, due_at from job
     where locked_until = 0 and due_at <= ?
     order by due_at, id limit ? for update skip locked
  ), lapsed as materialized (
    select partition_id, id, due_at from job
     where locked_until > 0 and locked_until <= ? and due_at <= ?
     order by due_at, id limit ? for update skip locked
  ), chosen as (
    select partition_id, id, due_at from free union all select partition_id, id, due_at from lapsed
     order by due_at, id limit ?
  )
  update job t set owner = ?, locked_until = ?
    from chosen c where t.partition_id = c.partition_id and t.id = c.id
  returning ${columnList(JOB, 't')}`;

export async function claimJobs(sessions: Sessions, claim: JobClaim): Promise<JobRecord[]> {
  const { owner, now, lockUntil, limit } = claim;
  const values = [now, limit, now, now, limit, limit, owner, lockUntil];
  const rows = await sessions.use((session) => session.rows(CLAIM_JOBS, values));
  return rows.map((row) => decodeRecord(JOB, row)).sort((left, right) => left.dueAt - right.dueAt || byId(left, right));
}

function byPriority(left: ExternalTaskRecord, right: ExternalTaskRecord): number {
  return right.priority - left.priority || byId(left, right);
}

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}
