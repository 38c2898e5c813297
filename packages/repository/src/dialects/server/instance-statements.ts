/** Loads an instance in one statement (a second one fetches the results it refers to), and removes ended ones. */
import type { JsonValue } from '@process-engine/contracts';
import type { FlowNodeInstanceRecord, StoredInstance } from '@process-engine/contracts/storage';

import { columnList, decode, decodeRecord, type SqlRow } from '../../row-codec.js';
import {
  EXTERNAL_TASK,
  FLOW_NODE_INSTANCE,
  INCIDENT,
  JOB,
  PROCESS_INSTANCE,
  SUBSCRIPTION,
  USER_TASK,
  VARIABLE,
  type Table,
} from '../../tables.js';
import type { Session } from './sessions.js';

/** The tables of an instance. */
const PARTS: readonly (readonly [table: Table<never>, condition: string])[] = [
  [PROCESS_INSTANCE, 'id = ?'],
  [FLOW_NODE_INSTANCE, 'process_instance_id = ? and left_at is null'],
  [VARIABLE, 'process_instance_id = ?'],
  [EXTERNAL_TASK, 'process_instance_id = ?'],
  [USER_TASK, 'process_instance_id = ?'],
  [SUBSCRIPTION, 'partition_id = ?'],
  [JOB, 'partition_id = ?'],
  [INCIDENT, 'process_instance_id = ?'],
];

/** How the rows of all tables come in one answer. Each begins with its table's place in {@link PARTS}. */
export interface InstanceQuery {
  readonly sql: string;
  readonly columnsOf: (row: SqlRow) => SqlRow;
}

/** @param jsonArray see ServerStatements. */
export function instanceQuery(jsonArray?: string): InstanceQuery {
  if (jsonArray === undefined) return { sql: unionOf(paddedColumns), columnsOf: (row) => row.slice(1) };
  return {
    sql: unionOf((table) => `cast(${jsonArray}(${columnList(table)}) as text) as columns_`),
    columnsOf: (row) => JSON.parse(String(row[1])) as SqlRow,
  };
}

function unionOf(selected: (table: Table<never>) => string): string {
  return PARTS.map(
    ([table, condition], at) => `select ${at} as part, ${selected(table)} from ${table.name} where ${condition}`,
  ).join(' union all ');
}

const WIDEST = Math.max(...PARTS.map(([{ columns }]) => columns.length));

function paddedColumns(table: Table<never>): string {
  const padding = Array.from({ length: WIDEST - table.columns.length }, () => ', null').join('');
  return columnList(table) + padding;
}

export async function loadInstance(
  session: Session,
  { sql, columnsOf }: InstanceQuery,
  id: string,
): Promise<StoredInstance | undefined> {
  const parts = PARTS.map((): SqlRow[] => []);
  const ids = PARTS.map(() => id);
  for (const row of await session.rows(sql, ids)) parts[Number(row[0])]?.push(columnsOf(row));
  const [row] = parts[0] ?? [];
  if (row === undefined) return undefined;
  const instance = decodeRecord(PROCESS_INSTANCE, row);
  const rows = <R>(at: number, table: Table<R>): R[] =>
    instance.endedAt === null ? (parts[at] ?? []).map((values) => decodeRecord(table, values)) : [];
  const flowNodeInstances = rows(1, FLOW_NODE_INSTANCE).sort(byId);
  return {
    instance,
    flowNodeInstances,
    results: await loadResults(session, id, flowNodeInstances),
    variables: rows(2, VARIABLE).sort(byScopeAndName),
    externalTasks: rows(3, EXTERNAL_TASK).sort(byId),
    userTasks: rows(4, USER_TASK).sort(byId),
    subscriptions: rows(5, SUBSCRIPTION).sort(byId),
    jobs: rows(6, JOB).sort(byId),
    incidents: rows(7, INCIDENT).sort(byId),
  };
}

/** Results asked for with one statement: few shapes, each prepared once. */
const CHUNKS = [64, 16, 4, 1];

async function loadResults(
  session: Session,
  processInstanceId: string,
  live: readonly FlowNodeInstanceRecord[],
): Promise<Map<string, JsonValue | undefined>> {
  const ids = [...referencedIds(live)];
  const results = new Map<string, JsonValue | undefined>();
  let from = 0;
  for (const chunk of CHUNKS) {
    for (; from + chunk <= ids.length; from += chunk) {
      const marks = Array.from({ length: chunk }, () => '?').join(', ');
      const sql = `select id, result from flow_node_instance where process_instance_id = ? and id in (${marks})`;
      const rows = await session.rows(sql, [processInstanceId, ...ids.slice(from, from + chunk)]);
      for (const [id, result] of rows) results.set(String(id), decode('value', result) as JsonValue | undefined);
    }
  }
  return results;
}

function referencedIds(live: readonly FlowNodeInstanceRecord[]): Set<string> {
  const ids = new Set<string>();
  for (const { payloadFrom, previousId, trail } of live) {
    if (payloadFrom !== null) ids.add(payloadFrom);
    for (const id of previousId?.split(';') ?? []) ids.add(id);
    for (const id of Object.values(trail)) ids.add(id);
  }
  return ids;
}

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}

function byScopeAndName(
  left: { readonly scopeId: string; readonly name: string },
  right: { readonly scopeId: string; readonly name: string },
): number {
  if (left.scopeId !== right.scopeId) return left.scopeId < right.scopeId ? -1 : 1;
  return left.name < right.name ? -1 : 1;
}
