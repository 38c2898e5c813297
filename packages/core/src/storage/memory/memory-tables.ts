import type {
  AuditRecord,
  CronRunRecord,
  DefinitionRecord,
  EventLogRecord,
  IdempotencyRecord,
  IncidentRecord,
  MessageRecord,
  UserTaskRecord,
} from '@process-engine/contracts/storage';

import { GroupedRows } from './grouped-rows.js';
import type { InstanceRows } from './instance-rows.js';
import { ExternalTaskTable, JobTable, OpenTable, SubscriptionTable } from './open-table.js';

/** Everything the memory storage holds, with the indexes its queries need. */
export class MemoryTables {
  audit: AuditRecord[] = [];
  readonly definitions = new Map<string, DefinitionRecord>();
  readonly instances = new Map<string, InstanceRows>();
  readonly instancesByCorrelation = new GroupedRows<InstanceRows>();
  readonly instancesByParent = new GroupedRows<InstanceRows>();
  /** Flow node instance id → process instance id, of the nodes that are external tasks (open or closed). */
  readonly externalFlowNodes = new Map<string, string>();

  readonly externalTasks = new ExternalTaskTable();
  readonly userTasks = new OpenTable<UserTaskRecord>((row) => row.processInstanceId);
  readonly subscriptions = new SubscriptionTable();
  readonly jobs = new JobTable();
  readonly incidents = new OpenTable<IncidentRecord>((row) => row.processInstanceId);

  readonly messages = new Map<string, MessageRecord>();
  readonly idempotency = new Map<string, IdempotencyRecord>();
  readonly cronRuns = new Map<string, CronRunRecord>();
  events: EventLogRecord[] = [];
  lastSeq = 0;

  addInstance(rows: InstanceRows): void {
    const { instance } = rows;
    this.instances.set(instance.id, rows);
    this.instancesByCorrelation.put(instance.correlationId, rows);
    if (instance.parentInstanceId !== null) this.instancesByParent.put(instance.parentInstanceId, rows);
  }

  /** Removes the instance with all its rows, except events and cron runs: those are swept for many instances at once. */
  removeInstance(rows: InstanceRows): void {
    const { instance, id } = rows;
    this.instances.delete(id);
    this.instancesByCorrelation.delete(instance.correlationId, id);
    if (instance.parentInstanceId !== null) this.instancesByParent.delete(instance.parentInstanceId, id);
    for (const row of rows.history()) this.externalFlowNodes.delete(row.id);
    for (const table of [this.externalTasks, this.userTasks, this.subscriptions, this.jobs, this.incidents]) {
      for (const row of table.of(id)) table.delete(id, row.id);
    }
  }
}

export function messageKey(message: { readonly tenantId: string; readonly id: string }): string {
  return `${message.tenantId}\0${message.id}`;
}

export function idempotencyKey(start: Pick<IdempotencyRecord, 'tenantId' | 'processModelId' | 'key'>): string {
  return `${start.tenantId}\0${start.processModelId}\0${start.key}`;
}

export function cronRunKey(run: Pick<CronRunRecord, 'definitionId' | 'startEventId' | 'dueAt'>): string {
  return `${run.definitionId}\0${run.startEventId}\0${run.dueAt}`;
}
