/** Applies a change set that was checked (check-change-set.ts): guards and deletes first, then inserts and updates. */
import type { ChangeSet, FlowNodeInstanceRecord, Guard, OpenRows } from '@process-engine/contracts/storage';

import { InstanceRows } from './instance-rows.js';
import { cronRunKey, idempotencyKey, messageKey, type MemoryTables } from './memory-tables.js';
import type { OpenRow, OpenTable } from './open-table.js';

export function applyChangeSet(tables: MemoryTables, changes: ChangeSet): void {
  changes.guards?.forEach((guard) => applyGuard(tables, guard));
  applyProcessInstances(tables, changes);
  applyFlowNodeInstances(tables, changes);
  applyVariables(tables, changes);
  applyOpenRows(tables.externalTasks, changes.externalTasks);
  applyOpenRows(tables.userTasks, changes.userTasks);
  applyOpenRows(tables.subscriptions, changes.subscriptions);
  applyOpenRows(tables.jobs, changes.jobs);
  applyOpenRows(tables.incidents, changes.incidents);
  for (const message of changes.messages?.insert ?? []) tables.messages.set(messageKey(message), message);
  if (changes.idempotency !== undefined) {
    tables.idempotency.set(idempotencyKey(changes.idempotency), changes.idempotency);
  }
  if (changes.cronRun !== undefined) tables.cronRuns.set(cronRunKey(changes.cronRun), changes.cronRun);
  tables.audit.push(...(changes.audit ?? []));
  for (const event of changes.events ?? []) {
    tables.lastSeq += 1;
    tables.events.push({ seq: tables.lastSeq, ...event });
  }
}

function applyGuard(tables: MemoryTables, guard: Guard): void {
  switch (guard.kind) {
    case 'external-task':
      tables.externalTasks.delete(guard.processInstanceId, guard.id);
      return;
    case 'job':
      tables.jobs.delete(guard.partition, guard.id);
      return;
    case 'message':
      tables.messages.delete(messageKey(guard));
  }
}

function applyProcessInstances(tables: MemoryTables, { processInstances }: ChangeSet): void {
  for (const instance of processInstances?.insert ?? []) tables.addInstance(new InstanceRows(instance));
  for (const { id, set } of processInstances?.update ?? []) {
    const rows = tables.instances.get(id);
    if (rows !== undefined) rows.instance = { ...rows.instance, ...set };
  }
}

function applyFlowNodeInstances(tables: MemoryTables, { flowNodeInstances }: ChangeSet): void {
  for (const row of flowNodeInstances?.insert ?? []) {
    tables.instances.get(row.processInstanceId)?.insert(row);
    noteExternal(tables, row);
  }
  for (const update of flowNodeInstances?.update ?? []) {
    const row = tables.instances.get(update.processInstanceId)?.update(update);
    if (row !== undefined) noteExternal(tables, row);
  }
}

function noteExternal(tables: MemoryTables, row: FlowNodeInstanceRecord): void {
  if (row.external) tables.externalFlowNodes.set(row.id, row.processInstanceId);
}

function applyVariables(tables: MemoryTables, { variables }: ChangeSet): void {
  for (const key of variables?.delete ?? []) tables.instances.get(key.processInstanceId)?.deleteVariable(key);
  for (const row of variables?.upsert ?? []) tables.instances.get(row.processInstanceId)?.setVariable(row);
}

function applyOpenRows<T extends OpenRow>(table: OpenTable<T>, rows: OpenRows<T> | undefined): void {
  if (rows === undefined) return;
  for (const { partition, id } of rows.delete ?? []) table.delete(partition, id);
  for (const row of rows.insert ?? []) table.put(row);
}
