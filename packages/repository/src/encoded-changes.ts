/**
 * A change set as rows and parameters. It is made before the change set queues for its transaction: a transaction that
 * has to be repeated encodes nothing again, and the queue knows how many bytes wait in it.
 */
import type {
  ChangeSet,
  CronRunRecord,
  Guard,
  IdempotencyRecord,
  OpenRows,
  RowKey,
  VariableKey,
} from '@process-engine/contracts/storage';

import { encode, encodeRecord, type SqlValue } from './row-codec.js';
import {
  AUDIT_LOG,
  EVENT_LOG,
  EXTERNAL_TASK,
  FLOW_NODE_INSTANCE,
  INCIDENT,
  JOB,
  MESSAGE,
  PROCESS_INSTANCE,
  SUBSCRIPTION,
  USER_TASK,
  VARIABLE,
  type Table,
} from './tables.js';

/** Rows of one table. */
export interface EncodedRows {
  readonly table: Pick<Table<never>, 'name' | 'columns' | 'insertColumns'>;
  /** One row's values after the other. */
  readonly values: readonly SqlValue[];
}

export interface EncodedUpdate {
  readonly table: Pick<Table<never>, 'name' | 'columns'>;
  /** Names of the columns to set. */
  readonly columns: readonly string[];
  /** The columns' values, followed by the key's. */
  readonly values: readonly SqlValue[];
  /** For the error when no row is hit. */
  readonly id: string;
}

export interface EncodedDeletes {
  readonly table: { readonly name: string };
  readonly partitionColumn: 'process_instance_id' | 'partition_id';
  readonly keys: readonly RowKey[];
}

export interface EncodedChanges {
  readonly guards: readonly Guard[];
  readonly idempotency: IdempotencyRecord | undefined;
  readonly cronRun: CronRunRecord | undefined;
  /** Keyed by id and expected version. */
  readonly processInstanceUpdates: readonly EncodedUpdate[];
  /** Keyed by process instance id and id. */
  readonly flowNodeInstanceUpdates: readonly EncodedUpdate[];
  readonly deletes: readonly EncodedDeletes[];
  readonly variableDeletes: readonly VariableKey[];
  /** In the fixed order of tables that keeps concurrent transactions from waiting for each other. */
  readonly inserts: readonly EncodedRows[];
  readonly variables: EncodedRows | undefined;
  /** About the bytes it takes in memory. */
  readonly weight: number;
}

export function rowsOf<R>(table: Table<R>, records: readonly R[]): EncodedRows {
  const values: SqlValue[] = [];
  for (const record of records) encodeRecord(table, record, values);
  return { table, values };
}

export function encodeChanges(changes: ChangeSet): EncodedChanges {
  const encoder = new Encoder();
  encoder.insert(PROCESS_INSTANCE, changes.processInstances?.insert);
  encoder.insert(FLOW_NODE_INSTANCE, changes.flowNodeInstances?.insert);
  encoder.open(EXTERNAL_TASK, changes.externalTasks);
  encoder.open(USER_TASK, changes.userTasks);
  encoder.open(SUBSCRIPTION, changes.subscriptions);
  encoder.open(JOB, changes.jobs);
  encoder.open(INCIDENT, changes.incidents);
  encoder.insert(MESSAGE, changes.messages?.insert);
  encoder.insert(AUDIT_LOG, changes.audit);
  encoder.insert(EVENT_LOG, changes.events);
  return {
    guards: changes.guards ?? [],
    idempotency: changes.idempotency,
    cronRun: changes.cronRun,
    processInstanceUpdates: (changes.processInstances?.update ?? []).map(({ id, expectedVersion, set }) =>
      encoder.update(PROCESS_INSTANCE, set, [id, expectedVersion], id),
    ),
    flowNodeInstanceUpdates: (changes.flowNodeInstances?.update ?? []).map(({ processInstanceId, id, set }) =>
      encoder.update(FLOW_NODE_INSTANCE, set, [processInstanceId, id], id),
    ),
    deletes: encoder.deletes,
    variableDeletes: changes.variables?.delete ?? [],
    inserts: encoder.inserts,
    variables: encoder.rows(VARIABLE, changes.variables?.upsert),
    weight: encoder.weight,
  };
}

/** What a row takes besides the characters of its JSON values: measured, with the objects of the step it comes from. */
const ROW_WEIGHT = 1_000;

class Encoder {
  readonly inserts: EncodedRows[] = [];
  readonly deletes: EncodedDeletes[] = [];
  weight = 0;

  rows<R>(table: Table<R>, records: readonly R[] | undefined): EncodedRows | undefined {
    if (records === undefined || records.length === 0) return undefined;
    const values: SqlValue[] = [];
    for (const record of records) this.weight += ROW_WEIGHT + encodeRecord(table, record, values);
    return { table, values };
  }

  insert<R>(table: Table<R>, records: readonly R[] | undefined): void {
    const rows = this.rows(table, records);
    if (rows !== undefined) this.inserts.push(rows);
  }

  open<R>(table: Table<R>, rows: OpenRows<R> | undefined): void {
    if (rows === undefined) return;
    const partitionColumn = table.partition === undefined ? 'process_instance_id' : 'partition_id';
    if (rows.delete !== undefined) this.deletes.push({ table, partitionColumn, keys: rows.delete });
    this.insert(table, rows.insert);
  }

  update<R>(table: Table<R>, set: Partial<R>, key: readonly SqlValue[], id: string): EncodedUpdate {
    const columns: string[] = [];
    const values: SqlValue[] = [];
    const fields = set as Readonly<Record<string, unknown>>;
    for (const { property, name, codec } of table.columns) {
      if (!Object.hasOwn(fields, property)) continue;
      const value = encode(codec, fields[property]);
      if (typeof value === 'string') this.weight += value.length;
      columns.push(name);
      values.push(value);
    }
    values.push(...key);
    return { table, columns, values, id };
  }
}
