/** Loads an instance: one statement per table, each by the primary key or an index of the live rows. */
import type { JsonValue } from '@process-engine/contracts';
import type { FlowNodeInstanceRecord, StoredInstance } from '@process-engine/contracts/storage';

import { columnList, decode, decodeRecord } from '../../row-codec.js';
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
import type { SqliteHandle } from './sqlite-handle.js';

const INSTANCE = `select ${columnList(PROCESS_INSTANCE)} from process_instance where id = ?`;
// Left to itself the planner reads the whole history along the primary key.
const LIVE = `select ${columnList(FLOW_NODE_INSTANCE)} from flow_node_instance indexed by flow_node_instance_live
  where process_instance_id = ? and left_at is null order by id`;
const RESULTS =
  'select id, result from flow_node_instance where process_instance_id = ? and id in (select value from json_each(?))';
const VARIABLES = statement(VARIABLE, 'process_instance_id', 'order by scope_id, name');
const EXTERNAL_TASKS = statement(EXTERNAL_TASK, 'process_instance_id', 'order by id');
const USER_TASKS = statement(USER_TASK, 'process_instance_id', 'order by id');
const SUBSCRIPTIONS = statement(SUBSCRIPTION, 'partition_id', 'order by id');
const JOBS = statement(JOB, 'partition_id', 'order by id');
const INCIDENTS = statement(INCIDENT, 'process_instance_id', 'order by id');

function statement<R>(table: Table<R>, key: string, rest: string): string {
  return `select ${columnList(table)} from ${table.name} where ${key} = ? ${rest}`;
}

export function loadInstance(handle: SqliteHandle, id: string): StoredInstance | undefined {
  const [row] = handle.rows(INSTANCE, [id]);
  if (row === undefined) return undefined;
  const instance = decodeRecord(PROCESS_INSTANCE, row);
  const rows = <R>(table: Table<R>, sql: string): R[] =>
    instance.endedAt === null ? handle.rows(sql, [id]).map((values) => decodeRecord(table, values)) : [];
  const flowNodeInstances = rows(FLOW_NODE_INSTANCE, LIVE);
  return {
    instance,
    flowNodeInstances,
    results: loadResults(handle, id, flowNodeInstances),
    variables: rows(VARIABLE, VARIABLES),
    externalTasks: rows(EXTERNAL_TASK, EXTERNAL_TASKS),
    userTasks: rows(USER_TASK, USER_TASKS),
    subscriptions: rows(SUBSCRIPTION, SUBSCRIPTIONS),
    jobs: rows(JOB, JOBS),
    incidents: rows(INCIDENT, INCIDENTS),
  };
}

function loadResults(
  handle: SqliteHandle,
  processInstanceId: string,
  live: readonly FlowNodeInstanceRecord[],
): Map<string, JsonValue | undefined> {
  const ids = new Set<string>();
  for (const { payloadFrom, previousId, trail } of live) {
    if (payloadFrom !== null) ids.add(payloadFrom);
    for (const id of previousId?.split(';') ?? []) ids.add(id);
    for (const id of Object.values(trail)) ids.add(id);
  }
  if (ids.size === 0) return new Map();
  const rows = handle.rows(RESULTS, [processInstanceId, JSON.stringify([...ids])]);
  return new Map(rows.map(([id, result]) => [String(id), decode('value', result) as JsonValue | undefined]));
}
