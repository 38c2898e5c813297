import type {
  AuditFilter,
  AuditRecord,
  ChangeSet,
  CronRunRecord,
  CorrelationFilter,
  DefinitionFilter,
  DefinitionRecord,
  EndEventResult,
  EventLogRecord,
  ExternalTaskClaim,
  ExternalTaskLookup,
  ExternalTaskRecord,
  FlowNodeInstanceFilter,
  FlowNodeInstanceRecord,
  IncidentRecord,
  JobClaim,
  JobRecord,
  LockExtension,
  MessageRecord,
  ModelChange,
  Page,
  PageRequest,
  ProcessInstanceFilter,
  ProcessInstanceRecord,
  Storage,
  StoredInstance,
  SubscriptionFilter,
  SubscriptionRecord,
  TaskFilter,
  UserTaskRecord,
  VariableRecord,
} from '@process-engine/contracts/storage';

import { applyChangeSet } from './memory/apply-change-set.js';
import { checkChangeSet, mayTouch } from './memory/check-change-set.js';
import { paged } from './memory/matching.js';
import { removeExpired, removeFinished, saveModels } from './memory/memory-models.js';
import { MemoryQueries } from './memory/memory-queries.js';
import { idempotencyKey, MemoryTables } from './memory/memory-tables.js';
import { compareText } from './memory/ordering.js';

type FilterOf<Method extends keyof Storage> = Parameters<Extract<Storage[Method], (...args: never[]) => unknown>>[0];

/**
 * Storage in this process's memory: for tests, trials and engines whose instances need not outlive the process.
 *
 * Records are handed over, not copied: whoever commits a record or receives one must never change it afterwards. Each
 * call runs to its end before another begins, so every commit is atomic and every answer consistent. Closing keeps the
 * rows; they are gone with the object.
 */
export class MemoryStorage implements Storage {
  readonly shared = false;
  readonly #tables = new MemoryTables();
  readonly #queries = new MemoryQueries(this.#tables);

  open(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  commit(changes: ChangeSet): Promise<void> {
    return settled(() => {
      checkChangeSet(this.#tables, changes);
      applyChangeSet(this.#tables, changes);
    });
  }

  loadInstance(processInstanceId: string): Promise<StoredInstance | undefined> {
    return settled(() => this.#queries.instance(processInstanceId));
  }

  /** Several engines may share this storage in tests: a conflict is possible. */
  async changeInstance(
    processInstanceId: string,
    step: (stored: StoredInstance | undefined) => Promise<ChangeSet | undefined>,
  ): Promise<void> {
    const changes = await step(await this.loadInstance(processInstanceId));
    if (changes !== undefined) await this.commit(changes);
  }

  claimExternalTasks(claim: ExternalTaskClaim): Promise<readonly ExternalTaskRecord[]> {
    return settled(() => {
      const { workerId, now, lockUntil, maxTasks } = claim;
      const free = this.#tables.externalTasks.take(claim, now, maxTasks > 0 ? maxTasks : Infinity);
      const claimed = free.map((task) => ({ ...task, workerId, lockedUntil: lockUntil }));
      for (const task of claimed) this.#tables.externalTasks.put(task);
      return claimed;
    });
  }

  findExternalTask(id: string): Promise<ExternalTaskLookup> {
    return settled(() => this.#queries.externalTask(id));
  }

  extendLock({ id, workerId, now, lockUntil }: LockExtension): Promise<boolean> {
    return settled(() => {
      const task = this.#tables.externalTasks.get(id);
      if (task === undefined || !mayTouch(task, workerId, now)) return false;
      this.#tables.externalTasks.put({ ...task, workerId, lockedUntil: lockUntil });
      return true;
    });
  }

  claimJobs({ owner, now, lockUntil, limit }: JobClaim): Promise<readonly JobRecord[]> {
    return settled(() => {
      const claimed = this.#tables.jobs.take(now, limit).map((job) => ({ ...job, owner, lockedUntil: lockUntil }));
      for (const job of claimed) this.#tables.jobs.put(job);
      return claimed;
    });
  }

  nextDue(): Promise<number | null> {
    return settled(() => this.#tables.jobs.nextDue());
  }

  releaseClaims(owner: string): Promise<void> {
    return settled(() => {
      for (const job of this.#tables.jobs.all()) {
        if (job.owner === owner) this.#tables.jobs.put({ ...job, owner: null, lockedUntil: 0 });
      }
      for (const task of this.#tables.externalTasks.all()) {
        if (task.workerId !== owner || !task.topic.startsWith('internal:')) continue;
        this.#tables.externalTasks.put({ ...task, workerId: null, lockedUntil: 0 });
      }
    });
  }

  saveModels(change: ModelChange): Promise<void> {
    return settled(() => saveModels(this.#tables, change));
  }

  loadDefinition(id: string): Promise<DefinitionRecord | undefined> {
    return settled(() => this.#tables.definitions.get(id));
  }

  findLatestDefinition(tenantId: string, key: string): Promise<string | undefined> {
    return settled(() => this.#queries.definitions({ tenantId, key, latest: true }).items[0]?.id);
  }

  findDefinitions(filter: DefinitionFilter, page?: PageRequest): Promise<Page<DefinitionRecord>> {
    return settled(() => this.#queries.definitions(filter, page));
  }

  findProcessInstances(filter: ProcessInstanceFilter, page?: PageRequest): Promise<Page<ProcessInstanceRecord>> {
    return settled(() => this.#queries.processInstances(filter, page));
  }

  findCorrelations(filter: CorrelationFilter, page?: PageRequest): Promise<Page<string>> {
    return settled(() => this.#queries.correlations(filter, page));
  }

  findFlowNodeInstances(filter: FlowNodeInstanceFilter, page?: PageRequest): Promise<Page<FlowNodeInstanceRecord>> {
    return settled(() => this.#queries.flowNodeInstances(filter, page));
  }

  findVariables(processInstanceId: string): Promise<readonly VariableRecord[]> {
    return settled(() => this.#tables.instances.get(processInstanceId)?.variables() ?? []);
  }

  findUserTasks(filter: TaskFilter, page?: PageRequest): Promise<Page<UserTaskRecord>> {
    return settled(() => paged(this.#queries.userTasks(filter), page));
  }

  findTaskLanes(filter: TaskFilter): Promise<readonly string[]> {
    return settled(() => [...new Set(this.#queries.userTasks(filter).map((row) => row.lanes))].sort(compareText));
  }

  findTaskGroups(filter: TaskFilter): Promise<readonly string[]> {
    const groups = () => this.#queries.userTasks(filter).flatMap((row) => row.candidateGroups);
    return settled(() => [...new Set(groups())].sort(compareText));
  }

  findExternalTasks(filter: FilterOf<'findExternalTasks'>, page?: PageRequest): Promise<Page<ExternalTaskRecord>> {
    return settled(() => paged(this.#queries.externalTasks(filter), page));
  }

  findSubscriptions(filter: SubscriptionFilter, page?: PageRequest): Promise<Page<SubscriptionRecord>> {
    return settled(() => paged(this.#queries.subscriptions(filter), page));
  }

  findJobs(filter: FilterOf<'findJobs'>, page?: PageRequest): Promise<Page<JobRecord>> {
    return settled(() => paged(this.#queries.jobs(filter), page));
  }

  findIncidents(filter: FilterOf<'findIncidents'>, page?: PageRequest): Promise<Page<IncidentRecord>> {
    return settled(() => paged(this.#queries.incidents(filter), page));
  }

  findMessages(filter: FilterOf<'findMessages'>): Promise<readonly MessageRecord[]> {
    return settled(() => this.#queries.messages(filter));
  }

  findEndEventResults(filter: FilterOf<'findEndEventResults'>): Promise<readonly EndEventResult[]> {
    return settled(() => this.#queries.endEventResults(filter));
  }

  findIdempotentStart(key: FilterOf<'findIdempotentStart'>): Promise<string | undefined> {
    return settled(() => this.#tables.idempotency.get(idempotencyKey(key))?.processInstanceId);
  }

  findCronRuns(filter: FilterOf<'findCronRuns'>, page?: PageRequest): Promise<Page<CronRunRecord>> {
    return settled(() => this.#queries.cronRuns(filter, page));
  }

  lastEvent(): Promise<number> {
    return settled(() => this.#tables.events.at(-1)?.seq ?? 0);
  }

  readEvents(after: number, limit: number): Promise<readonly EventLogRecord[]> {
    return settled(() => this.#queries.events(after, limit));
  }

  findAudit(filter: AuditFilter, page?: PageRequest): Promise<Page<AuditRecord>> {
    return settled(() => paged(this.#queries.audit(filter), page));
  }

  removeAudit(before: number): Promise<void> {
    return settled(() => {
      this.#tables.audit = this.#tables.audit.filter(({ createdAt }) => createdAt >= before);
    });
  }

  removeFinished(filter: FilterOf<'removeFinished'>): Promise<number> {
    return settled(() => removeFinished(this.#tables, filter));
  }

  removeExpired(filter: FilterOf<'removeExpired'>): Promise<number> {
    return settled(() => removeExpired(this.#tables, filter));
  }
}

/** The work's outcome as a promise: an error becomes a rejection. */
function settled<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
