/**
 * Many change sets as few statements. Change sets that touch different instances become one; where one touches what an
 * earlier one of the batch has touched, a new wave begins, so that it sees what the earlier one wrote.
 */
import type { CronRunRecord, Guard, IdempotencyRecord, VariableKey } from '@process-engine/contracts/storage';

import type { EncodedChanges, EncodedDeletes, EncodedRows, EncodedUpdate } from '../../encoded-changes.js';
import type { Member } from '../../group-commit.js';
import type { SqlValue } from '../../row-codec.js';

/** A change set that waits for its commit. */
export interface CommitMember extends Member {
  readonly encoded: EncodedChanges;
}

/** The rows of several change sets, table by table. */
export interface Wave {
  readonly guards: Guard[];
  readonly idempotency: IdempotencyRecord[];
  readonly cronRuns: CronRunRecord[];
  readonly processInstanceUpdates: EncodedUpdate[];
  readonly flowNodeInstanceUpdates: EncodedUpdate[];
  readonly deletes: Map<string, EncodedDeletes>;
  readonly variableDeletes: VariableKey[];
  /** In the order of the tables in {@link EncodedChanges.inserts}. */
  readonly inserts: Map<string, EncodedRows>;
  readonly variables: EncodedRows[];
}

export function commitWaves(members: readonly CommitMember[]): Wave[] {
  let wave = emptyWave();
  const waves = [wave];
  const touched = new Set<SqlValue>();
  for (const { encoded } of members) {
    if (members.length > 1) {
      const keys = touchedKeys(encoded);
      if ([...keys].some((key) => touched.has(key))) {
        wave = emptyWave();
        waves.push(wave);
        touched.clear();
      }
      for (const key of keys) touched.add(key);
    }
    add(wave, encoded);
  }
  return waves;
}

function emptyWave(): Wave {
  return {
    guards: [],
    idempotency: [],
    cronRuns: [],
    processInstanceUpdates: [],
    flowNodeInstanceUpdates: [],
    deletes: new Map(),
    variableDeletes: [],
    inserts: new Map(),
    variables: [],
  };
}

function add(wave: Wave, changes: EncodedChanges): void {
  wave.guards.push(...changes.guards);
  if (changes.idempotency !== undefined) wave.idempotency.push(changes.idempotency);
  if (changes.cronRun !== undefined) wave.cronRuns.push(changes.cronRun);
  wave.processInstanceUpdates.push(...changes.processInstanceUpdates);
  wave.flowNodeInstanceUpdates.push(...changes.flowNodeInstanceUpdates);
  wave.variableDeletes.push(...changes.variableDeletes);
  for (const deletes of changes.deletes) {
    const { name } = deletes.table;
    const before = wave.deletes.get(name)?.keys ?? [];
    wave.deletes.set(name, { ...deletes, keys: [...before, ...deletes.keys] });
  }
  for (const rows of changes.inserts) {
    const { name } = rows.table;
    const before = wave.inserts.get(name);
    wave.inserts.set(name, before === undefined ? rows : appended(before, rows));
  }
  if (changes.variables !== undefined) wave.variables.push(changes.variables);
}

function appended({ table, values }: EncodedRows, rows: EncodedRows): EncodedRows {
  return { table, values: [...values, ...rows.values] };
}

/** The rows to store, each key once: the last one wins. */
export function distinctVariables(parts: readonly EncodedRows[]): EncodedRows | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const width = first.table.insertColumns.length;
  const rows = new Map<string, readonly SqlValue[]>();
  for (const { values } of parts) {
    for (let from = 0; from < values.length; from += width) {
      const row = values.slice(from, from + width);
      rows.set(JSON.stringify(row.slice(0, 3)), row);
    }
  }
  return { table: first.table, values: [...rows.values()].flat() };
}

/** What a change set reads or writes, by instance, definition, message and key of a start. */
function touchedKeys(changes: EncodedChanges): ReadonlySet<SqlValue> {
  const keys = new Set<SqlValue>(changes.guards.map(guardedKey));
  for (const { id } of changes.processInstanceUpdates) keys.add(id);
  for (const { columns, values } of changes.flowNodeInstanceUpdates) keys.add(values[columns.length] ?? null);
  for (const { processInstanceId } of changes.variableDeletes) keys.add(processInstanceId);
  for (const deletes of changes.deletes) {
    for (const { partition } of deletes.keys) keys.add(partition);
  }
  for (const rows of changes.inserts) addOwners(keys, rows);
  if (changes.variables !== undefined) addOwners(keys, changes.variables);
  const start = changes.idempotency;
  if (start !== undefined) keys.add(JSON.stringify([start.tenantId, start.processModelId, start.key]));
  return keys;
}

function guardedKey(guard: Guard): string {
  switch (guard.kind) {
    case 'external-task':
      return guard.processInstanceId;
    case 'job':
      return guard.partition;
    case 'message':
      return guard.id;
  }
}

/** Tables whose rows belong to nobody. */
const INDEPENDENT = new Set(['process_instance', 'message']);

function addOwners(keys: Set<SqlValue>, { table, values }: EncodedRows): void {
  // Events are only ever added.
  if (table.name === 'event_log') return;
  const { insertColumns } = table;
  const partition = insertColumns.includes('partition_id') ? 'partition_id' : 'process_instance_id';
  const column = INDEPENDENT.has(table.name) ? 'id' : partition;
  for (let at = insertColumns.indexOf(column); at < values.length; at += insertColumns.length) {
    keys.add(values[at] ?? null);
  }
}
