/**
 * Decides whether a change set can be committed, without changing anything. Whatever passes is applied without another
 * question (apply-change-set.ts), which makes a commit all-or-nothing.
 */
import {
  ConflictError,
  IdempotencyConflictError,
  LockLostError,
  type ChangeSet,
  type ExternalTaskRecord,
  type Guard,
  type OpenRows,
} from '@process-engine/contracts/storage';

import { cronRunKey, idempotencyKey, messageKey, type MemoryTables } from './memory-tables.js';
import type { OpenRow, OpenTable } from './open-table.js';

/** @throws LockLostError, ConflictError, IdempotencyConflictError: the first reason not to commit. */
export function checkChangeSet(tables: MemoryTables, changes: ChangeSet): void {
  changes.guards?.forEach((guard) => checkGuard(tables, guard));
  checkUniqueKeys(tables, changes);
  checkProcessInstances(tables, changes);
  checkFlowNodeInstances(tables, changes);
  checkOpenRows(tables, changes);
}

/** The condition under which a worker may touch a task: its own lock, an ended lock, or no lock. */
export function mayTouch(task: ExternalTaskRecord, workerId: string | null, now: number): boolean {
  return workerId === null || task.workerId === workerId || task.lockedUntil <= now;
}

function checkGuard(tables: MemoryTables, guard: Guard): void {
  switch (guard.kind) {
    case 'external-task': {
      const task = tables.externalTasks.find(guard.processInstanceId, guard.id);
      if (task === undefined) throw new LockLostError(`external task '${guard.id}' is not open`);
      if (!mayTouch(task, guard.workerId, guard.now)) {
        throw new LockLostError(`external task '${guard.id}' is locked by another worker`);
      }
      return;
    }
    case 'job': {
      const job = tables.jobs.find(guard.partition, guard.id);
      if (job === undefined || job.owner !== guard.owner || job.lockedUntil <= guard.now) {
        throw new LockLostError(`job '${guard.id}' is not held by '${guard.owner}'`);
      }
      return;
    }
    case 'message':
      if (!tables.messages.has(messageKey(guard))) throw new ConflictError(`message '${guard.id}' is gone`);
  }
}

function checkUniqueKeys(tables: MemoryTables, { idempotency, cronRun }: ChangeSet): void {
  if (idempotency !== undefined) {
    const first = tables.idempotency.get(idempotencyKey(idempotency));
    if (first !== undefined) throw new IdempotencyConflictError(first.processInstanceId);
  }
  if (cronRun !== undefined && tables.cronRuns.has(cronRunKey(cronRun))) {
    throw new ConflictError(`the run of '${cronRun.startEventId}' due at ${cronRun.dueAt} is already recorded`);
  }
}

function checkProcessInstances(tables: MemoryTables, { processInstances }: ChangeSet): void {
  for (const { id } of processInstances?.insert ?? []) {
    if (tables.instances.has(id)) throw new ConflictError(`process instance '${id}' is already stored`);
  }
  for (const { id, expectedVersion } of processInstances?.update ?? []) {
    const version = tables.instances.get(id)?.instance.version;
    if (version !== expectedVersion) {
      const found = version === undefined ? 'gone' : `at version ${version}`;
      throw new ConflictError(`process instance '${id}' is ${found}, expected was version ${expectedVersion}`);
    }
  }
}

function checkFlowNodeInstances(
  tables: MemoryTables,
  { processInstances, flowNodeInstances, variables }: ChangeSet,
): void {
  let known = '';
  const checkOwner = (processInstanceId: string): void => {
    if (processInstanceId === known) return;
    const isNew = processInstances?.insert?.some(({ id }) => id === processInstanceId) ?? false;
    if (!isNew && !tables.instances.has(processInstanceId)) {
      throw new ConflictError(`process instance '${processInstanceId}' is not stored`);
    }
    known = processInstanceId;
  };
  for (const row of flowNodeInstances?.insert ?? []) checkOwner(row.processInstanceId);
  for (const row of variables?.upsert ?? []) checkOwner(row.processInstanceId);
  for (const { processInstanceId, id } of flowNodeInstances?.update ?? []) {
    if (tables.instances.get(processInstanceId)?.has(id) !== true) {
      throw new ConflictError(`flow node instance '${id}' is not stored`);
    }
  }
}

function checkOpenRows(tables: MemoryTables, changes: ChangeSet): void {
  checkInserts(tables.externalTasks, changes.externalTasks, changes.guards);
  checkInserts(tables.userTasks, changes.userTasks);
  checkInserts(tables.subscriptions, changes.subscriptions);
  checkInserts(tables.jobs, changes.jobs, changes.guards);
  checkInserts(tables.incidents, changes.incidents);
}

/** An id is free when no row has it, or the same change set deletes that row. */
function checkInserts<T extends OpenRow>(
  table: OpenTable<T>,
  rows: OpenRows<T> | undefined,
  guards: readonly Guard[] = [],
): void {
  for (const { id } of rows?.insert ?? []) {
    if (table.get(id) === undefined) continue;
    const isDeleted = rows?.delete?.some((key) => key.id === id) ?? false;
    if (!isDeleted && !guards.some((guard) => guard.id === id))
      throw new ConflictError(`row '${id}' is already stored`);
  }
}
