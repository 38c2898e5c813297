/** Deployments and the sweep of finished work: the write operations beside commits and claims. */
import {
  ConflictError,
  type DefinitionRecord,
  type ModelChange,
  type Storage,
} from '@process-engine/contracts/storage';

import { compareText } from './ordering.js';
import type { InstanceRows } from './instance-rows.js';
import type { MemoryTables } from './memory-tables.js';

/** @throws ConflictError when a definition's version is already stored. */
export function saveModels(tables: MemoryTables, change: ModelChange): void {
  for (const definition of change.definitions) checkIsNew(tables, definition);
  for (const definition of change.definitions) tables.definitions.set(definition.id, definition);
  for (const { id, deletedAt } of change.deleted ?? []) {
    const definition = tables.definitions.get(id);
    if (definition !== undefined) tables.definitions.set(id, { ...definition, deletedAt });
  }
  for (const definitionId of change.retired) {
    for (const { id } of tables.subscriptions.of(definitionId)) tables.subscriptions.delete(definitionId, id);
    for (const { id } of tables.jobs.of(definitionId)) tables.jobs.delete(definitionId, id);
  }
  for (const row of change.subscriptions) tables.subscriptions.put(row);
  for (const row of change.jobs) tables.jobs.put(row);
}

function checkIsNew(tables: MemoryTables, { id, tenantId, key, version }: DefinitionRecord): void {
  for (const stored of tables.definitions.values()) {
    const isSameVersion = stored.tenantId === tenantId && stored.key === key && stored.version === version;
    if (stored.id === id || isSameVersion) {
      throw new ConflictError(`version ${version} of process '${key}' is already stored`);
    }
  }
}

/** Removes the instances that ended first, with their events and cron runs. */
export function removeFinished(
  tables: MemoryTables,
  { endedBefore, limit }: Parameters<Storage['removeFinished']>[0],
): number {
  const removed = new Set(finishedBefore(tables, endedBefore).slice(0, Math.max(limit, 0)));
  const ids = new Set([...removed].map((rows) => rows.id));
  for (const rows of removed) tables.removeInstance(rows);
  if (removed.size > 0) {
    tables.events = tables.events.filter(({ processInstanceId }) => !ids.has(processInstanceId ?? ''));
    for (const [key, run] of tables.cronRuns) if (ids.has(run.processInstanceId)) tables.cronRuns.delete(key);
  }
  return removed.size;
}

export function removeExpired(
  tables: MemoryTables,
  { now, keysBefore, eventsBefore, limit }: Parameters<Storage['removeExpired']>[0],
): number {
  const messages = firstOf(tables.messages, limit, ({ expiresAt }) => expiresAt <= now);
  for (const key of messages) tables.messages.delete(key);
  const keys = firstOf(tables.idempotency, limit, ({ createdAt }) => createdAt < keysBefore);
  for (const key of keys) tables.idempotency.delete(key);
  const before = tables.events.length;
  if (eventsBefore !== undefined) {
    let left = limit;
    tables.events = tables.events.filter(({ processInstanceId, createdAt }) => {
      if (processInstanceId !== null || createdAt >= eventsBefore || left <= 0) return true;
      left -= 1;
      return false;
    });
  }
  return messages.length + keys.length + before - tables.events.length;
}

function firstOf<T>(rows: ReadonlyMap<string, T>, limit: number, condition: (row: T) => boolean): string[] {
  const keys: string[] = [];
  for (const [key, row] of rows) if (keys.length < limit && condition(row)) keys.push(key);
  return keys;
}

function finishedBefore(tables: MemoryTables, endedBefore: number): InstanceRows[] {
  const endOf = (rows: InstanceRows): number => rows.instance.endedAt ?? Infinity;
  return [...tables.instances.values()]
    .filter((rows) => endOf(rows) < endedBefore)
    .sort((left, right) => endOf(left) - endOf(right) || compareText(left.id, right.id));
}
