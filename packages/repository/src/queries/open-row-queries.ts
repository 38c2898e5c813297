/** Lists of what waits: tasks, subscriptions, jobs, incidents; and the runs of start timers. Oldest first, by id. */
import {
  FAILED_JOB_LOCK,
  FAILED_JOB_OWNER,
  type AuditFilter,
  type AuditRecord,
  type CronRunRecord,
  type ExternalTaskRecord,
  type IncidentRecord,
  type JobRecord,
  type Page,
  type PageRequest,
  type Storage,
  type SubscriptionFilter,
  type SubscriptionRecord,
  type TaskFilter,
  type UserTaskRecord,
} from '@process-engine/contracts/storage';

import type { HotPath } from '../dialects/dialect.js';
import type { Question } from '../gathered-questions.js';
import { columnList, decodeRecord } from '../row-codec.js';
import type { Select } from '../select.js';
import { AUDIT_LOG, CRON_RUN, EXTERNAL_TASK, INCIDENT, JOB, SUBSCRIPTION, USER_TASK, type Table } from '../tables.js';
import { Conditions } from './conditions.js';
import { paged } from './paged.js';
import { taskConditions, taskOrder } from './task-conditions.js';

type FilterOf<Method extends keyof Storage> = Storage[Method] extends (filter: infer F, page?: PageRequest) => unknown
  ? F
  : never;

type Ask = NonNullable<HotPath['ask']>;

export class OpenRowQueries {
  readonly #select: Select;
  readonly #ask: Ask | undefined;

  constructor(select: Select, ask?: Ask) {
    this.#select = select;
    this.#ask = ask;
  }

  userTasks(filter: TaskFilter, page: PageRequest = {}): Promise<Page<UserTaskRecord>> {
    const isFew = filter.processInstanceId !== undefined && filter.order === undefined && isWhole(page);
    if (isFew && this.#ask !== undefined) {
      const conditions = taskConditions(filter);
      const { equalColumns, values } = conditions;
      if (equalColumns !== undefined) return this.#asked(this.#ask, USER_TASK, { equalColumns, values });
    }
    return this.#list(USER_TASK, taskConditions(filter), page, taskOrder(filter.order));
  }

  async taskLanes(filter: TaskFilter): Promise<string[]> {
    const { where, values } = taskConditions(filter);
    const rows = await this.#select(`select distinct lanes from user_task${where} order by lanes`, values);
    return rows.map(([lanes]) => String(lanes));
  }

  async taskGroups(filter: TaskFilter): Promise<string[]> {
    const { where, values } = taskConditions(filter);
    const rows = await this.#select(`select distinct candidate_groups from user_task${where}`, values);
    return [...new Set(rows.flatMap(([groups]) => JSON.parse(String(groups)) as string[]))].sort();
  }

  externalTasks(filter: FilterOf<'findExternalTasks'>, page?: PageRequest): Promise<Page<ExternalTaskRecord>> {
    const conditions = new Conditions()
      .is('tenant_id', filter.tenantId)
      .is('process_instance_id', filter.processInstanceId)
      .is('topic', filter.topic);
    return this.#list(EXTERNAL_TASK, conditions, page);
  }

  subscriptions(filter: SubscriptionFilter, page?: PageRequest): Promise<Page<SubscriptionRecord>> {
    const conditions = new Conditions()
      .is('tenant_id', filter.tenantId)
      .isOneOf('kind', filter.kinds)
      .is('name', filter.name)
      .isOneOf('key_hash', filter.keyHashes)
      .is('business_key', filter.businessKey)
      .is('partition_id', filter.processInstanceId)
      .is('process_instance_id', filter.processInstanceId)
      .is('correlation_id', filter.correlationId)
      .is('process_model_id', filter.processModelId)
      .isOneOf('flow_node_type', filter.flowNodeTypes)
      .isOneOf('lanes', filter.lanes);
    if (filter.start !== undefined) {
      conditions.add(filter.start ? 'process_instance_id is null' : 'process_instance_id is not null');
    }
    return this.#list(SUBSCRIPTION, conditions, page);
  }

  jobs(filter: FilterOf<'findJobs'>, page?: PageRequest): Promise<Page<JobRecord>> {
    const conditions = new Conditions()
      .is('tenant_id', filter.tenantId)
      .is('partition_id', filter.processInstanceId)
      .is('process_instance_id', filter.processInstanceId)
      .is('definition_id', filter.definitionId)
      .is('id', filter.id)
      .isOneOf('kind', filter.kinds);
    // The lock's end is indexed, the owner is not.
    if (filter.failed === true) conditions.is('locked_until', FAILED_JOB_LOCK).is('owner', FAILED_JOB_OWNER);
    if (filter.failed === false) conditions.add('locked_until < ?', FAILED_JOB_LOCK);
    return this.#list(JOB, conditions, page);
  }

  incidents(filter: FilterOf<'findIncidents'>, page?: PageRequest): Promise<Page<IncidentRecord>> {
    const conditions = new Conditions()
      .is('tenant_id', filter.tenantId)
      .is('id', filter.id)
      .is('process_instance_id', filter.processInstanceId)
      .is('process_model_id', filter.processModelId)
      .is('correlation_id', filter.correlationId);
    return this.#list(INCIDENT, conditions, page);
  }

  cronRuns(filter: FilterOf<'findCronRuns'>, page?: PageRequest): Promise<Page<CronRunRecord>> {
    const conditions = new Conditions().is('process_model_id', filter.processModelId).is('schedule', filter.schedule);
    if (filter.tenantId !== undefined)
      conditions.add('definition_id in (select d.id from definition d where d.tenant_id = ?)', filter.tenantId);
    return this.#list(CRON_RUN, conditions, page, 'executed_at, due_at, definition_id, start_event_id');
  }

  audit(filter: AuditFilter, page?: PageRequest): Promise<Page<AuditRecord>> {
    const conditions = new Conditions()
      .is('tenant_id', filter.tenantId)
      .is('user_id', filter.userId)
      .is('operation', filter.operation)
      .is('outcome', filter.outcome);
    if (filter.from !== undefined) conditions.add('created_at >= ?', filter.from);
    if (filter.before !== undefined) conditions.add('created_at < ?', filter.before);
    return this.#list(AUDIT_LOG, conditions, page, 'created_at desc, id desc');
  }

  async #asked<R>(ask: Ask, table: Table<R>, equal: Pick<Question, 'equalColumns' | 'values'>): Promise<Page<R>> {
    const rows = await ask({ table: table.name, selected: columnList(table), ...equal });
    return { items: rows.map((row) => decodeRecord(table, row)), totalCount: rows.length };
  }

  #list<R>(table: Table<R>, conditions: Conditions, page?: PageRequest, orderBy = 'id'): Promise<Page<R>> {
    const query = {
      columns: columnList(table),
      from: table.name,
      conditions,
      orderBy,
      decode: (row: readonly unknown[]) => decodeRecord(table, row),
    };
    return paged(this.#select, query, page);
  }
}

function isWhole({ offset = 0, limit = 0 }: PageRequest): boolean {
  return offset <= 0 && limit <= 0;
}
