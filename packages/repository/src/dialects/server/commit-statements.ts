/**
 * The statements of a commit. They run inside a transaction and throw to have it undone. Concurrent transactions lock
 * rows in the same order: guarded rows, keys of starts, process instances, then what belongs to these, table by table.
 */
import {
  ConflictError,
  IdempotencyConflictError,
  LockLostError,
  type Guard,
  type IdempotencyRecord,
  type ModelChange,
} from '@process-engine/contracts/storage';

import { rowsOf, type EncodedRows, type EncodedUpdate } from '../../encoded-changes.js';
import { CRON_RUN, DEFINITION, IDEMPOTENCY, JOB, SUBSCRIPTION } from '../../tables.js';
import { guardsOf, quoted, updateGroups } from './commit-order.js';
import { distinctVariables, type Wave } from './commit-waves.js';
import type { ServerStatements } from './server-statements.js';
import type { Session } from './sessions.js';

/** A transaction under way and the database's way to say things. */
export interface Writing {
  readonly session: Session;
  readonly statements: ServerStatements;
}

export async function commitWave(writing: Writing, wave: Wave): Promise<void> {
  const { session, statements } = writing;
  await takeGuards(writing, wave.guards);
  await recordStarts(writing, wave.idempotency);
  await recordCronRuns(writing, wave);
  const isUpdated = await updateTogether(writing, wave);
  if (!isUpdated) await updateProcessInstances(writing, wave.processInstanceUpdates);
  for (const name of DELETED) {
    const deletes = wave.deletes.get(name);
    if (deletes !== undefined && deletes.keys.length > 0) await statements.deleteRows(session, deletes);
  }
  if (wave.variableDeletes.length > 0) await statements.deleteVariables(session, wave.variableDeletes);
  for (const name of INSERTED) {
    const rows = wave.inserts.get(name);
    if (rows !== undefined) await statements.insertRows(session, rows);
  }
  if (!isUpdated) await updateFlowNodeInstances(writing, wave.flowNodeInstanceUpdates);
  const variables = distinctVariables(wave.variables);
  if (variables !== undefined) await statements.insertRows(session, variables, 'replace-value');
  const events = wave.inserts.get('event_log');
  if (events === undefined) return;
  await statements.beforeEvents?.(session);
  await statements.insertRows(session, events);
}

const DELETED = ['external_task', 'user_task', 'subscription', 'job', 'incident'];
/** Events come last of all. */
const INSERTED = ['process_instance', 'flow_node_instance', ...DELETED, 'message', 'audit_log'];

export async function saveModelRows({ session, statements }: Writing, change: ModelChange): Promise<void> {
  if (change.definitions.length > 0) await statements.insertRows(session, rowsOf(DEFINITION, change.definitions));
  for (const { id, deletedAt } of change.deleted ?? []) {
    await session.run('update definition set deleted_at = ? where id = ?', [deletedAt, id]);
  }
  for (const id of change.retired) {
    await session.run('delete from subscription where partition_id = ?', [id]);
    await session.run('delete from job where partition_id = ?', [id]);
  }
  if (change.subscriptions.length > 0) await statements.insertRows(session, rowsOf(SUBSCRIPTION, change.subscriptions));
  if (change.jobs.length > 0) await statements.insertRows(session, rowsOf(JOB, change.jobs));
}

async function takeGuards({ session, statements }: Writing, guards: readonly Guard[]): Promise<void> {
  const tasks = guardsOf(guards, 'external-task');
  if (tasks.length > 0 && (await statements.takeExternalTasks(session, tasks)) < tasks.length) {
    throw new LockLostError(`external task ${quoted(tasks)} is closed or locked by another worker`);
  }
  const jobs = guardsOf(guards, 'job');
  if (jobs.length > 0 && (await statements.takeJobs(session, jobs)) < jobs.length) {
    throw new LockLostError(`job ${quoted(jobs)} is not held by '${jobs[0]?.owner ?? ''}'`);
  }
  const messages = guardsOf(guards, 'message');
  if (messages.length > 0 && (await statements.takeMessages(session, messages)) < messages.length) {
    throw new ConflictError(`message ${quoted(messages)} is gone`);
  }
}

async function recordStarts({ session, statements }: Writing, starts: readonly IdempotencyRecord[]): Promise<void> {
  const [start] = starts;
  if (start === undefined) return;
  const inserted = await statements.insertRows(session, rowsOf(IDEMPOTENCY, starts.toSorted(byKey)), 'skip');
  if (inserted === starts.length) return;
  if (starts.length > 1) throw new ConflictError('an idempotency key of the batch is taken');
  throw await takenStart(session, start);
}

/** The key of a start is taken: by which instance? */
export async function takenStart(session: Session, start: IdempotencyRecord): Promise<Error> {
  const [first] = await session.rows(
    'select process_instance_id from idempotency where tenant_id = ? and process_model_id = ? and start_key = ?',
    [start.tenantId, start.processModelId, start.key],
  );
  if (first === undefined) return new ConflictError(`the idempotency key '${start.key}' was removed meanwhile`);
  return new IdempotencyConflictError(String(first[0]));
}

async function recordCronRuns({ session, statements }: Writing, { cronRuns }: Wave): Promise<void> {
  const [run] = cronRuns;
  if (run === undefined) return;
  const inserted = await statements.insertRows(session, rowsOf(CRON_RUN, cronRuns), 'skip');
  if (inserted === cronRuns.length) return;
  throw new ConflictError(`the run of '${run.startEventId}' due at ${run.dueAt} is already recorded`);
}

async function updateProcessInstances(
  { session, statements }: Writing,
  updates: readonly EncodedUpdate[],
): Promise<void> {
  const ids = [...new Set(updates.map(({ id }) => id))].sort();
  if (ids.length > 1) await statements.lockInstances(session, ids);
  for (const group of updateGroups(updates)) {
    if ((await statements.updateRows(session, ['id', 'version'], group)) === group.length) continue;
    throw new ConflictError(`process instance ${quoted(group)} was changed meanwhile`);
  }
}

/** A step that ends one wait changes one row of each. False: they are to be updated table by table. */
async function updateTogether({ session, statements }: Writing, wave: Wave): Promise<boolean> {
  const [instance, ...instances] = wave.processInstanceUpdates;
  const [node, ...nodes] = wave.flowNodeInstanceUpdates;
  if (statements.updateTogether === undefined || instance === undefined || node === undefined) return false;
  if (instances.length > 0 || nodes.length > 0 || node.columns.length === 0) return false;
  // A row that the same step inserts is not there yet.
  if (isInserted(wave.inserts.get('flow_node_instance'), node.id)) return false;
  if (await statements.updateTogether(session, instance, node)) return true;
  throw new ConflictError(
    `process instance ${quoted([instance])} was changed meanwhile, or flow node instance ${quoted([node])} is not stored`,
  );
}

function isInserted(rows: EncodedRows | undefined, id: string): boolean {
  if (rows === undefined) return false;
  const { insertColumns } = rows.table;
  const at = insertColumns.indexOf('id');
  return rows.values.some((value, index) => value === id && index % insertColumns.length === at);
}

async function updateFlowNodeInstances(
  { session, statements }: Writing,
  updates: readonly EncodedUpdate[],
): Promise<void> {
  const effective = updates.filter(({ columns }) => columns.length > 0);
  for (const group of updateGroups(effective)) {
    if ((await statements.updateRows(session, ['process_instance_id', 'id'], group)) === group.length) continue;
    throw new ConflictError(`flow node instance ${quoted(group)} is not stored`);
  }
}

function byKey(left: IdempotencyRecord, right: IdempotencyRecord): number {
  return left.key < right.key ? -1 : 1;
}
