/** The read side of the memory storage. Every list is taken from the narrowest index its filter allows, then filtered. */
import {
  FAILED_JOB_OWNER,
  type AuditFilter,
  type AuditRecord,
  type CorrelationFilter,
  type CronRunRecord,
  type DefinitionFilter,
  type DefinitionRecord,
  type EndEventResult,
  type EventLogRecord,
  type ExternalTaskLookup,
  type ExternalTaskRecord,
  type FlowNodeInstanceFilter,
  type FlowNodeInstanceRecord,
  type IncidentRecord,
  type JobRecord,
  type MessageRecord,
  type Page,
  type PageRequest,
  type ProcessInstanceFilter,
  type ProcessInstanceRecord,
  type Storage,
  type StoredInstance,
  type SubscriptionFilter,
  type SubscriptionRecord,
  type TaskFilter,
  type UserTaskRecord,
} from '@process-engine/contracts/storage';

import type { InstanceRows } from './instance-rows.js';
import {
  agrees,
  isOneOf,
  matchesDefinition,
  matchesFlowNodeInstance,
  matchesProcessInstance,
  matchesSubscription,
  paged,
} from './matching.js';
import type { MemoryTables } from './memory-tables.js';
import type { OpenRow, OpenTable } from './open-table.js';
import { compareText, oldestFirst } from './ordering.js';
import { inTaskOrder, matchesTask } from './task-matching.js';

type FilterOf<Method extends keyof Storage> = Parameters<Extract<Storage[Method], (...args: never[]) => unknown>>[0];

export class MemoryQueries {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  instance(processInstanceId: string): StoredInstance | undefined {
    const rows = this.#tables.instances.get(processInstanceId);
    if (rows === undefined) return undefined;
    const isLive = rows.instance.endedAt === null;
    const open = <T extends OpenRow>(table: OpenTable<T>): readonly T[] =>
      isLive ? table.of(processInstanceId).sort(oldestFirst) : [];
    return {
      instance: rows.instance,
      flowNodeInstances: isLive ? rows.liveRows() : [],
      results: isLive ? rows.results() : new Map(),
      variables: isLive ? rows.variables() : [],
      externalTasks: open(this.#tables.externalTasks),
      userTasks: open(this.#tables.userTasks),
      subscriptions: open(this.#tables.subscriptions),
      jobs: open(this.#tables.jobs),
      incidents: open(this.#tables.incidents),
    };
  }

  externalTask(id: string): ExternalTaskLookup {
    const task = this.#tables.externalTasks.get(id);
    if (task !== undefined) return { state: 'open', task };
    const processInstanceId = this.#tables.externalFlowNodes.get(id);
    return processInstanceId === undefined ? { state: 'unknown' } : { state: 'closed', processInstanceId };
  }

  definitions(filter: DefinitionFilter, page?: PageRequest): Page<DefinitionRecord> {
    const rows = [...this.#tables.definitions.values()]
      .filter((row) => matchesDefinition(row, filter))
      .sort((left, right) => compareText(left.key, right.key) || left.version - right.version);
    return paged(filter.latest === true ? rows.filter((row, at) => rows[at + 1]?.key !== row.key) : rows, page);
  }

  processInstances(filter: ProcessInstanceFilter, page?: PageRequest): Page<ProcessInstanceRecord> {
    return paged(
      this.#instances(filter).map((rows) => rows.instance),
      page,
    );
  }

  correlations({ tenantId, processModelId, running }: CorrelationFilter, page?: PageRequest): Page<string> {
    const instances = this.#instances({
      tenantId,
      ...(processModelId === undefined ? {} : { processModelId }),
      ...(running === true ? { states: ['running'] } : {}),
    });
    return paged([...new Set(instances.map(({ instance }) => instance.correlationId))], page);
  }

  flowNodeInstances(filter: FlowNodeInstanceFilter, page?: PageRequest): Page<FlowNodeInstanceRecord> {
    const { tenantId, processInstanceId, correlationId, processModelId } = filter;
    const instances = this.#instances({
      tenantId,
      ...(processInstanceId === undefined ? {} : { ids: [processInstanceId] }),
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(processModelId === undefined ? {} : { processModelId }),
    });
    return paged(
      instances.flatMap((rows) => rows.history().filter((row) => matchesFlowNodeInstance(row, filter))),
      page,
    );
  }

  userTasks(filter: TaskFilter): UserTaskRecord[] {
    const { id, processInstanceId, order } = filter;
    const rows = this.#openRows(this.#tables.userTasks, { id, processInstanceId }, (row) => matchesTask(row, filter));
    return order === undefined ? rows : rows.sort(inTaskOrder(order));
  }

  externalTasks(filter: FilterOf<'findExternalTasks'>): ExternalTaskRecord[] {
    return this.#openRows(this.#tables.externalTasks, { processInstanceId: filter.processInstanceId }, (row) =>
      agrees(row, filter, ['tenantId', 'topic']),
    );
  }

  subscriptions(filter: SubscriptionFilter): SubscriptionRecord[] {
    const { tenantId, name, keyHashes, processInstanceId } = filter;
    const table = this.#tables.subscriptions;
    const candidates =
      processInstanceId === undefined && name !== undefined
        ? table.named(tenantId, name, keyHashes)
        : candidatesOf(table, { processInstanceId });
    return candidates.filter((row) => matchesSubscription(row, filter)).sort(oldestFirst);
  }

  jobs(filter: FilterOf<'findJobs'>): JobRecord[] {
    const { id, processInstanceId, kinds, failed } = filter;
    return this.#openRows(
      this.#tables.jobs,
      { id, processInstanceId },
      (row) =>
        agrees(row, filter, ['tenantId', 'processInstanceId', 'definitionId']) &&
        isOneOf(row.kind, kinds) &&
        (failed === undefined || failed === (row.owner === FAILED_JOB_OWNER)),
    );
  }

  incidents(filter: FilterOf<'findIncidents'>): IncidentRecord[] {
    const { id, processInstanceId } = filter;
    return this.#openRows(this.#tables.incidents, { id, processInstanceId }, (row) =>
      agrees(row, filter, ['tenantId', 'processInstanceId', 'processModelId', 'correlationId']),
    );
  }

  messages(filter: FilterOf<'findMessages'>): MessageRecord[] {
    const { now, afterId = '', limit } = filter;
    return [...this.#tables.messages.values()]
      .filter((row) => agrees(row, filter, ['tenantId', 'name', 'messageId']) && row.expiresAt > now)
      .filter(({ id }) => id > afterId)
      .sort(afterId === '' && limit === undefined ? oldestFirst : (left, right) => compareText(left.id, right.id))
      .slice(0, limit);
  }

  endEventResults({ tenantId, ...filter }: FilterOf<'findEndEventResults'>): EndEventResult[] {
    return this.#instances({ tenantId, ...filter })
      .filter(({ instance }) => instance.parentInstanceId === null)
      .flatMap((rows) => rows.history().filter((row) => isFinishedEnd(row) && row.scopeId === rows.id))
      .sort((left, right) => (left.leftAt ?? 0) - (right.leftAt ?? 0) || compareInstances(left, right))
      .map((row) => this.#endEventResult(row));
  }

  audit(filter: AuditFilter): AuditRecord[] {
    const { from = -Infinity, before = Infinity } = filter;
    return this.#tables.audit
      .filter((row) => agrees(row, filter, ['tenantId', 'userId', 'operation', 'outcome']))
      .filter(({ createdAt }) => createdAt >= from && createdAt < before)
      .sort((left, right) => right.createdAt - left.createdAt || compareText(right.id, left.id));
  }

  #isOfTenant({ definitionId }: CronRunRecord, tenantId: string | undefined): boolean {
    return tenantId === undefined || this.#tables.definitions.get(definitionId)?.tenantId === tenantId;
  }

  cronRuns(filter: FilterOf<'findCronRuns'>, page?: PageRequest): Page<CronRunRecord> {
    const rows = [...this.#tables.cronRuns.values()]
      .filter((row) => agrees(row, filter, ['processModelId', 'schedule']) && this.#isOfTenant(row, filter.tenantId))
      .sort(
        (left, right) =>
          left.executedAt - right.executedAt ||
          left.dueAt - right.dueAt ||
          compareText(left.definitionId, right.definitionId) ||
          compareText(left.startEventId, right.startEventId),
      );
    return paged(rows, page);
  }

  events(after: number, limit: number): EventLogRecord[] {
    const { events } = this.#tables;
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((events[middle]?.seq ?? Infinity) > after) high = middle;
      else low = middle + 1;
    }
    return events.slice(low, low + limit);
  }

  /** Oldest first. */
  #instances(filter: ProcessInstanceFilter): InstanceRows[] {
    return this.#instanceCandidates(filter)
      .filter((rows) => matchesProcessInstance(rows, filter))
      .sort((left, right) => left.instance.startedAt - right.instance.startedAt || compareText(left.id, right.id));
  }

  #instanceCandidates({ ids, correlationId, correlationIds, parentInstanceId }: ProcessInstanceFilter): InstanceRows[] {
    const { instances, instancesByCorrelation, instancesByParent } = this.#tables;
    if (ids !== undefined) return [...new Set(ids)].flatMap((id) => instances.get(id) ?? []);
    if (parentInstanceId !== undefined) return instancesByParent.of(parentInstanceId);
    if (correlationId !== undefined) return instancesByCorrelation.of(correlationId);
    if (correlationIds !== undefined)
      return [...new Set(correlationIds)].flatMap((id) => instancesByCorrelation.of(id));
    return [...instances.values()];
  }

  #openRows<T extends OpenRow>(table: OpenTable<T>, keys: RowKeys, matches: (row: T) => boolean): T[] {
    return candidatesOf(table, keys).filter(matches).sort(oldestFirst);
  }

  #endEventResult(row: FlowNodeInstanceRecord): EndEventResult {
    const { processInstanceId, flowNodeId: endEventId, result } = row;
    const rows = this.#tables.instances.get(processInstanceId);
    const { definitionId = '', correlationId = '', processModelId = '' } = rows?.instance ?? {};
    return { processInstanceId, definitionId, correlationId, processModelId, endEventId, result };
  }
}

interface RowKeys {
  readonly id?: string | undefined;
  readonly processInstanceId?: string | undefined;
}

function candidatesOf<T extends OpenRow>(table: OpenTable<T>, { id, processInstanceId }: RowKeys): T[] {
  if (id !== undefined) {
    const row = table.get(id);
    return row === undefined ? [] : [row];
  }
  return processInstanceId === undefined ? table.all() : table.of(processInstanceId);
}

function isFinishedEnd(row: FlowNodeInstanceRecord): boolean {
  return row.flowNodeType === 'bpmn:EndEvent' && row.state === 'finished';
}

function compareInstances(left: FlowNodeInstanceRecord, right: FlowNodeInstanceRecord): number {
  return (
    compareText(left.processInstanceId, right.processInstanceId) || (left.completedSeq ?? 0) - (right.completedSeq ?? 0)
  );
}
