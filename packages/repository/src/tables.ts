/** How records become rows: one description per table, in the order in which every statement lists its columns. */
import type {
  AuditRecord,
  CronRunRecord,
  DefinitionRecord,
  EventLogRecord,
  ExternalTaskRecord,
  FlowNodeInstanceRecord,
  IdempotencyRecord,
  IncidentRecord,
  JobRecord,
  MessageRecord,
  ProcessInstanceRecord,
  SubscriptionRecord,
  UserTaskRecord,
  VariableRecord,
} from '@process-engine/contracts/storage';

import type { Codec } from './row-codec.js';

export interface Column {
  /** Field of the record. */
  readonly property: string;
  /** Column of the table. */
  readonly name: string;
  readonly codec: Codec;
}

export interface Table<R> {
  readonly name: string;
  /** The record's fields. */
  readonly columns: readonly Column[];
  /** First column of the key of rows that belong to an instance or to a definition. */
  readonly partition: ((row: R) => string) | undefined;
  /** Names of all columns an insert fills: the record's, then `partition_id` where the table has it. */
  readonly insertColumns: readonly string[];
}

interface TableOptions<R> {
  readonly name: string;
  readonly columns: Readonly<Record<keyof R & string, Codec>>;
  /** Columns that are not named like their field. */
  readonly renamed?: Readonly<Partial<Record<keyof R & string, string>>>;
  readonly partition?: (row: R) => string;
}

function table<R>({ name, columns, renamed, partition }: TableOptions<R>): Table<R> {
  const properties = Object.keys(columns) as (keyof R & string)[];
  const list = properties.map((property) => ({
    property,
    name: renamed?.[property] ?? snakeCase(property),
    codec: columns[property],
  }));
  const names = list.map((column) => column.name);
  return {
    name,
    columns: list,
    partition,
    insertColumns: partition === undefined ? names : [...names, 'partition_id'],
  };
}

function snakeCase(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export const DEFINITION = table<DefinitionRecord>({
  name: 'definition',
  columns: {
    id: 'plain',
    tenantId: 'plain',
    key: 'plain',
    version: 'integer',
    hash: 'plain',
    deploymentId: 'plain',
    deploymentName: 'plain',
    fileName: 'plain',
    name: 'plain',
    versionTag: 'plain',
    executable: 'flag',
    xml: 'plain',
    createdAt: 'integer',
    deletedAt: 'integer',
  },
  renamed: { key: 'definition_key' },
});

export const PROCESS_INSTANCE = table<ProcessInstanceRecord>({
  name: 'process_instance',
  columns: {
    id: 'plain',
    tenantId: 'plain',
    definitionId: 'plain',
    processModelId: 'plain',
    correlationId: 'plain',
    businessKey: 'plain',
    parentInstanceId: 'plain',
    parentFlowNodeInstanceId: 'plain',
    callDepth: 'integer',
    ownerId: 'plain',
    startEventId: 'plain',
    state: 'plain',
    version: 'integer',
    completedCount: 'integer',
    startedAt: 'integer',
    endedAt: 'integer',
    error: 'object',
    payload: 'value',
    local: 'object',
  },
});

export const FLOW_NODE_INSTANCE = table<FlowNodeInstanceRecord>({
  name: 'flow_node_instance',
  columns: {
    processInstanceId: 'plain',
    id: 'plain',
    flowNodeId: 'plain',
    flowNodeType: 'plain',
    scopeId: 'plain',
    previousId: 'plain',
    state: 'plain',
    payloadFrom: 'plain',
    payload: 'value',
    result: 'value',
    trail: 'value',
    local: 'object',
    external: 'flag',
    enteredAt: 'integer',
    leftAt: 'integer',
    error: 'object',
    completedSeq: 'integer',
  },
});

export const VARIABLE = table<VariableRecord>({
  name: 'variable',
  columns: { processInstanceId: 'plain', scopeId: 'plain', name: 'plain', value: 'value' },
});

export const EXTERNAL_TASK = table<ExternalTaskRecord>({
  name: 'external_task',
  columns: {
    id: 'plain',
    processInstanceId: 'plain',
    tenantId: 'plain',
    topic: 'plain',
    correlationId: 'plain',
    processModelId: 'plain',
    flowNodeId: 'plain',
    ownerId: 'plain',
    payload: 'value',
    workerId: 'plain',
    lockedUntil: 'integer',
    retries: 'integer',
    priority: 'integer',
    createdAt: 'integer',
  },
});

export const USER_TASK = table<UserTaskRecord>({
  name: 'user_task',
  columns: {
    id: 'plain',
    processInstanceId: 'plain',
    tenantId: 'plain',
    kind: 'plain',
    correlationId: 'plain',
    processModelId: 'plain',
    definitionId: 'plain',
    flowNodeId: 'plain',
    name: 'plain',
    lanes: 'plain',
    ownerId: 'plain',
    payload: 'value',
    config: 'object',
    assignee: 'plain',
    assignedAt: 'integer',
    candidateUsers: 'value',
    candidateGroups: 'value',
    dueAt: 'integer',
    followUpAt: 'integer',
    priority: 'integer',
    createdAt: 'integer',
  },
});

export const SUBSCRIPTION = table<SubscriptionRecord>({
  name: 'subscription',
  columns: {
    id: 'plain',
    tenantId: 'plain',
    kind: 'plain',
    name: 'plain',
    keyHash: 'plain',
    processInstanceId: 'plain',
    flowNodeInstanceId: 'plain',
    flowNodeId: 'plain',
    flowNodeType: 'plain',
    definitionId: 'plain',
    processModelId: 'plain',
    correlationId: 'plain',
    businessKey: 'plain',
    lanes: 'plain',
    createdAt: 'integer',
  },
  partition: (row) => row.processInstanceId ?? row.definitionId,
});

export const JOB = table<JobRecord>({
  name: 'job',
  columns: {
    id: 'plain',
    tenantId: 'plain',
    kind: 'plain',
    processInstanceId: 'plain',
    definitionId: 'plain',
    flowNodeInstanceId: 'plain',
    flowNodeId: 'plain',
    dueAt: 'integer',
    owner: 'plain',
    lockedUntil: 'integer',
    attempts: 'integer',
    payload: 'object',
    createdAt: 'integer',
    error: 'object',
    failedAt: 'integer',
  },
  partition: (row) => row.processInstanceId ?? row.definitionId ?? '',
});

export const INCIDENT = table<IncidentRecord>({
  name: 'incident',
  columns: {
    id: 'plain',
    processInstanceId: 'plain',
    tenantId: 'plain',
    processModelId: 'plain',
    correlationId: 'plain',
    flowNodeInstanceId: 'plain',
    flowNodeId: 'plain',
    error: 'object',
    createdAt: 'integer',
  },
});

export const MESSAGE = table<MessageRecord>({
  name: 'message',
  columns: {
    id: 'plain',
    tenantId: 'plain',
    name: 'plain',
    keyHash: 'plain',
    correlationKeys: 'object',
    businessKey: 'plain',
    processInstanceId: 'plain',
    messageId: 'plain',
    payload: 'value',
    expiresAt: 'integer',
    createdAt: 'integer',
  },
});

export const AUDIT_LOG = table<AuditRecord>({
  name: 'audit_log',
  columns: {
    id: 'plain',
    tenantId: 'plain',
    userId: 'plain',
    operation: 'plain',
    target: 'object',
    outcome: 'plain',
    code: 'integer',
    reason: 'plain',
    createdAt: 'integer',
  },
});

export const EVENT_LOG = table<Omit<EventLogRecord, 'seq'>>({
  name: 'event_log',
  columns: { processInstanceId: 'plain', kind: 'plain', payload: 'object', createdAt: 'integer' },
});

export const IDEMPOTENCY = table<IdempotencyRecord>({
  name: 'idempotency',
  columns: {
    tenantId: 'plain',
    processModelId: 'plain',
    key: 'plain',
    processInstanceId: 'plain',
    createdAt: 'integer',
  },
  renamed: { key: 'start_key' },
});

export const CRON_RUN = table<CronRunRecord>({
  name: 'cron_run',
  columns: {
    definitionId: 'plain',
    processModelId: 'plain',
    startEventId: 'plain',
    dueAt: 'integer',
    schedule: 'plain',
    executedAt: 'integer',
    processInstanceId: 'plain',
  },
});
