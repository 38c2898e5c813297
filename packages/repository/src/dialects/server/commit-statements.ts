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

import { rowsOf, type EncodedUpdate } from '../../encoded-changes.js';
import { CRON_RUN, DEFINITION, IDEMPOTENCY, JOB, SUBSCRIPTION } from '../../tables.js';
import { distinctVariables, type Wave } from './commit-waves.js';
import type { GuardOf, ServerStatements } from './server-statements.js';
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
  await updateProcessInstances(writing, wave.processInstanceUpdates);
  for (const name of DELETED) {
    const deletes = wave.deletes.get(name);
    if (deletes !== undefined && deletes.keys.length > 0) await statements.deleteRows(session, deletes);
  }
  if (wave.variableDeletes.length > 0) await statements.deleteVariables(session, wave.variableDeletes);
  for (const name of INSERTED) {
    const rows = wave.inserts.get(name);
    if (rows !== undefined) await statements.insertRows(session, rows);
  }
  await updateFlowNodeInstances(writing, wave.flowNodeInstanceUpdates);
  const variables = distinctVariables(wave.variables);
  if (variables !== undefined) await statements.insertRows(session, variables, 'replace-value');
  const events = wave.inserts.get('event_log');
  if (events === undefined) return;
  await statements.beforeEvents?.(session);
  await statements.insertRows(session, events);
}

const DELETED = ['external_task', 'user_task', 'subscription', 'job', 'incident'];
/** Events come last of all. */
const INSERTED = ['process_instance', 'flow_node_instance', ...DELETED, 'message'];

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

function guardsOf<Kind extends Guard['kind']>(guards: readonly Guard[], kind: Kind): GuardOf<Kind>[] {
  const found = guards.filter((guard): guard is GuardOf<Kind> => guard.kind === kind);
  return found.length < 2 ? found : found.sort(byId);
}

function quoted(rows: readonly { readonly id: string }[]): string {
  return rows.map(({ id }) => `'${id}'`).join(' or ');
}

async function recordStarts({ session, statements }: Writing, starts: readonly IdempotencyRecord[]): Promise<void> {
  const [start] = starts;
  if (start === undefined) return;
  const inserted = await statements.insertRows(session, rowsOf(IDEMPOTENCY, starts.toSorted(byKey)), 'skip');
  if (inserted === starts.length) return;
  if (starts.length > 1) throw new ConflictError('an idempotency key of the batch is taken');
  const [first] = await session.rows(
    'select process_instance_id from idempotency where tenant_id = ? and process_model_id = ? and start_key = ?',
    [start.tenantId, start.processModelId, start.key],
  );
  if (first === undefined) throw new ConflictError(`the idempotency key '${start.key}' was removed meanwhile`);
  throw new IdempotencyConflictError(String(first[0]));
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
  for (const group of groups(updates)) {
    if ((await statements.updateRows(session, ['id', 'version'], group)) === group.length) continue;
    throw new ConflictError(`process instance ${quoted(group)} was changed meanwhile`);
  }
}

async function updateFlowNodeInstances(
  { session, statements }: Writing,
  updates: readonly EncodedUpdate[],
): Promise<void> {
  const effective = updates.filter(({ columns }) => columns.length > 0);
  for (const group of groups(effective)) {
    if ((await statements.updateRows(session, ['process_instance_id', 'id'], group)) === group.length) continue;
    throw new ConflictError(`flow node instance ${quoted(group)} is not stored`);
  }
}

/** Updates that can be one statement: of the same columns, no row twice. Later updates of a row come in later groups. */
function groups(updates: readonly EncodedUpdate[]): EncodedUpdate[][] {
  const rounds = new Map<string, number>();
  const found = new Map<string, EncodedUpdate[]>();
  for (const update of updates) {
    const key = JSON.stringify(update.values.slice(update.columns.length));
    const round = rounds.get(key) ?? 0;
    rounds.set(key, round + 1);
    const group = `${round} ${update.columns.join(' ')}`;
    const members = found.get(group);
    if (members === undefined) found.set(group, [update]);
    else members.push(update);
  }
  // A later round is first met after the round before it has been: but other columns may put its group first.
  return [...found.entries()].sort(byRound).map(([, members]) => members);
}

function byRound([left]: [string, unknown], [right]: [string, unknown]): number {
  return Number.parseInt(left, 10) - Number.parseInt(right, 10);
}

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}

function byKey(left: IdempotencyRecord, right: IdempotencyRecord): number {
  return left.key < right.key ? -1 : 1;
}
