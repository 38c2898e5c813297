/** The statements of a commit. They run inside a transaction and throw to have it undone. */
import {
  ConflictError,
  IdempotencyConflictError,
  LockLostError,
  type CronRunRecord,
  type Guard,
  type IdempotencyRecord,
  type ModelChange,
} from '@process-engine/contracts/storage';

import {
  rowsOf,
  type EncodedChanges,
  type EncodedDeletes,
  type EncodedRows,
  type EncodedUpdate,
} from '../../encoded-changes.js';
import { CRON_RUN, DEFINITION, IDEMPOTENCY, JOB, SUBSCRIPTION } from '../../tables.js';
import type { SqliteHandle } from './sqlite-handle.js';

/** Most rows of an insert statement. What a step writes to a table is most often one statement, prepared once per number. */
const MOST_ROWS = 16;

export function commitChanges(handle: SqliteHandle, changes: EncodedChanges): void {
  for (const guard of changes.guards) takeGuard(handle, guard);
  if (changes.idempotency !== undefined) recordStart(handle, changes.idempotency);
  if (changes.cronRun !== undefined) recordCronRun(handle, changes.cronRun);
  for (const update of changes.processInstanceUpdates) updateProcessInstance(handle, update);
  for (const deletes of changes.deletes) deleteRows(handle, deletes);
  for (const { processInstanceId, scopeId, name } of changes.variableDeletes) {
    handle.run(DELETE_VARIABLE, [processInstanceId, scopeId, name]);
  }
  for (const rows of changes.inserts) insertRows(handle, rows);
  for (const update of changes.flowNodeInstanceUpdates) updateFlowNodeInstance(handle, update);
  if (changes.variables !== undefined) insertRows(handle, changes.variables, VARIABLE_CONFLICT);
}

const DELETE_VARIABLE = 'delete from variable where process_instance_id = ? and scope_id = ? and name = ?';
const VARIABLE_CONFLICT = 'on conflict do update set value = excluded.value';

export function saveModelRows(handle: SqliteHandle, change: ModelChange): void {
  insertRows(handle, rowsOf(DEFINITION, change.definitions));
  for (const { id, deletedAt } of change.deleted ?? []) {
    handle.run('update definition set deleted_at = ? where id = ?', [deletedAt, id]);
  }
  for (const id of change.retired) {
    handle.run('delete from subscription where partition_id = ?', [id]);
    handle.run('delete from job where partition_id = ?', [id]);
  }
  insertRows(handle, rowsOf(SUBSCRIPTION, change.subscriptions));
  insertRows(handle, rowsOf(JOB, change.jobs));
}

function takeGuard(handle: SqliteHandle, guard: Guard): void {
  switch (guard.kind) {
    case 'external-task': {
      const { processInstanceId, id, workerId, now } = guard;
      const deleted =
        workerId === null
          ? handle.run('delete from external_task where process_instance_id = ? and id = ?', [processInstanceId, id])
          : handle.run(TAKE_EXTERNAL_TASK, [processInstanceId, id, workerId, now]);
      if (deleted === 0) throw new LockLostError(`external task '${id}' is closed or locked by another worker`);
      return;
    }
    case 'job': {
      const { partition, id, owner, now } = guard;
      if (handle.run(TAKE_JOB, [partition, id, owner, now]) > 0) return;
      throw new LockLostError(`job '${id}' is not held by '${owner}'`);
    }
    case 'message':
      if (handle.run('delete from message where tenant_id = ? and id = ?', [guard.tenantId, guard.id]) > 0) return;
      throw new ConflictError(`message '${guard.id}' is gone`);
  }
}

const TAKE_EXTERNAL_TASK =
  'delete from external_task where process_instance_id = ? and id = ? and (worker_id = ? or locked_until <= ?)';
const TAKE_JOB = 'delete from job where partition_id = ? and id = ? and owner = ? and locked_until > ?';

function recordStart(handle: SqliteHandle, start: IdempotencyRecord): void {
  if (insertRows(handle, rowsOf(IDEMPOTENCY, [start]), 'on conflict do nothing') > 0) return;
  const [first] = handle.rows(
    'select process_instance_id from idempotency where tenant_id = ? and process_model_id = ? and start_key = ?',
    [start.tenantId, start.processModelId, start.key],
  );
  throw new IdempotencyConflictError(String(first?.[0]));
}

function recordCronRun(handle: SqliteHandle, run: CronRunRecord): void {
  if (insertRows(handle, rowsOf(CRON_RUN, [run]), 'on conflict do nothing') > 0) return;
  throw new ConflictError(`the run of '${run.startEventId}' due at ${run.dueAt} is already recorded`);
}

function updateProcessInstance(handle: SqliteHandle, { columns, values, id }: EncodedUpdate): void {
  const sql = `update process_instance set ${assignments(columns)} where id = ? and version = ?`;
  if (handle.run(sql, values) === 0) throw new ConflictError(`process instance '${id}' was changed meanwhile`);
}

function updateFlowNodeInstance(handle: SqliteHandle, { columns, values, id }: EncodedUpdate): void {
  if (columns.length === 0) return;
  const sql = `update flow_node_instance set ${assignments(columns)} where process_instance_id = ? and id = ?`;
  if (handle.run(sql, values) === 0) throw new ConflictError(`flow node instance '${id}' is not stored`);
}

function assignments(columns: readonly string[]): string {
  return `${columns.join(' = ?, ')} = ?`;
}

function deleteRows(handle: SqliteHandle, { table, partitionColumn, keys }: EncodedDeletes): void {
  const sql = `delete from ${table.name} where ${partitionColumn} = ? and id = ?`;
  for (const { partition, id } of keys) handle.run(sql, [partition, id]);
}

/** Answers the number of rows inserted. */
function insertRows(handle: SqliteHandle, { table, values }: EncodedRows, onConflict = ''): number {
  const width = table.insertColumns.length;
  let inserted = 0;
  for (let from = 0; from < values.length; from += MOST_ROWS * width) {
    const slice = values.length <= MOST_ROWS * width ? values : values.slice(from, from + MOST_ROWS * width);
    inserted += handle.run(insertStatement(table, slice.length / width, onConflict), slice);
  }
  return inserted;
}

const INSERTS = new Map<string, string>();

function insertStatement(table: EncodedRows['table'], rows: number, onConflict: string): string {
  const key = `${table.name} ${rows} ${onConflict}`;
  let sql = INSERTS.get(key);
  if (sql === undefined) {
    const row = `(${table.insertColumns.map(() => '?').join(', ')})`;
    const all = Array.from({ length: rows }, () => row).join(', ');
    sql = `insert into ${table.name} (${table.insertColumns.join(', ')}) values ${all} ${onConflict}`;
    INSERTS.set(key, sql);
  }
  return sql;
}
