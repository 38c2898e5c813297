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
  StorageInTransaction,
  StoredInstance,
  SubscriptionFilter,
  SubscriptionRecord,
  TaskFilter,
  UserTaskRecord,
  VariableRecord,
  WakeUp,
} from '@process-engine/contracts/storage';
import { StorageUnavailableError } from '@process-engine/contracts/storage';

import type { Connection } from './connection.js';
import type { HotPath, StorageStatistics } from './dialects/dialect.js';
import { InstanceQueries } from './queries/instance-queries.js';
import { Lookups } from './queries/lookups.js';
import { OpenRowQueries } from './queries/open-row-queries.js';
import { enterTransaction } from './enter-transaction.js';
import { sequelizeSelect, type Select } from './select.js';

type FilterOf<Method extends keyof Storage> = Storage[Method] extends (filter: infer F, page?: PageRequest) => unknown
  ? F
  : never;

interface Parts {
  readonly connection: Connection;
  readonly hotPath: HotPath;
  readonly lookups: Lookups;
  readonly instances: InstanceQueries;
  readonly openRows: OpenRowQueries;
}

/**
 * Storage in a database. Sequelize connects, migrates and answers lists; commits, claims and lookups go through the
 * dialect's own statements. Every method but `open` rejects with a StorageUnavailableError while the storage is closed.
 */
export class SequelizeStorage implements Storage {
  readonly #connect: () => Promise<Connection>;
  #opening: Promise<Parts> | undefined;
  #parts: Parts | undefined;

  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect;
  }

  /** Known once the storage is open; until then the careful answer is yes. */
  get shared(): boolean {
    return this.#parts?.hotPath.shared ?? true;
  }

  get overloaded(): boolean {
    return this.#parts?.hotPath.overloaded ?? false;
  }

  get statistics(): StorageStatistics {
    return this.#parts?.hotPath.statistics ?? { transactions: 0, rollbacks: 0, statements: 0, rows: 0 };
  }

  async open(): Promise<void> {
    const opening = (this.#opening ??= this.#connectParts());
    try {
      const parts = await opening;
      // It may have been closed meanwhile.
      if (this.#opening === opening) this.#parts = parts;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#parts = undefined;
    const parts = await opening?.catch(() => undefined);
    await parts?.connection.close();
  }

  now(): number {
    return this.#parts?.hotPath.now?.() ?? Date.now();
  }

  within(transaction: unknown): StorageInTransaction {
    const { connection, hotPath } = this.#open();
    const entered = enterTransaction(transaction, connection.sequelize);
    const inside = hotPath.within(entered);
    const storage = new SequelizeStorage(() => Promise.reject(new Error('a transaction is not opened')));
    storage.#parts = partsOf({ ...connection, hotPath: inside }, inside.select);
    return Object.assign(storage, { afterCommit: entered.afterCommit });
  }

  onWakeUp(listener: (wakeUp: WakeUp) => void): () => void {
    return this.#open().hotPath.onWakeUp?.(listener) ?? ((): void => undefined);
  }

  async commit(changes: ChangeSet): Promise<void> {
    await this.#open().hotPath.commit(changes);
  }

  async loadInstance(processInstanceId: string): Promise<StoredInstance | undefined> {
    return await this.#open().hotPath.loadInstance(processInstanceId);
  }

  async changeInstance(
    processInstanceId: string,
    step: (stored: StoredInstance | undefined) => Promise<ChangeSet | undefined>,
  ): Promise<void> {
    await this.#open().hotPath.changeInstance(processInstanceId, step);
  }

  async claimExternalTasks(claim: ExternalTaskClaim): Promise<readonly ExternalTaskRecord[]> {
    return await this.#open().hotPath.claimExternalTasks(claim);
  }

  async findExternalTask(id: string): Promise<ExternalTaskLookup> {
    return await this.#open().lookups.externalTask(id);
  }

  async extendLock(extension: LockExtension): Promise<boolean> {
    return await this.#open().hotPath.extendLock(extension);
  }

  async claimJobs(claim: JobClaim): Promise<readonly JobRecord[]> {
    return await this.#open().hotPath.claimJobs(claim);
  }

  async nextDue(): Promise<number | null> {
    return await this.#open().lookups.nextDue();
  }

  async releaseClaims(owner: string): Promise<void> {
    await this.#open().hotPath.releaseClaims(owner);
  }

  async saveModels(change: ModelChange): Promise<void> {
    await this.#open().hotPath.saveModels(change);
  }

  async loadDefinition(id: string): Promise<DefinitionRecord | undefined> {
    return await this.#open().lookups.definition(id);
  }

  async findLatestDefinition(tenantId: string, key: string): Promise<string | undefined> {
    return await this.#open().lookups.latestDefinition(tenantId, key);
  }

  async findDefinitions(filter: DefinitionFilter, page?: PageRequest): Promise<Page<DefinitionRecord>> {
    return await this.#open().lookups.definitions(filter, page);
  }

  async findProcessInstances(filter: ProcessInstanceFilter, page?: PageRequest): Promise<Page<ProcessInstanceRecord>> {
    return await this.#open().instances.processInstances(filter, page);
  }

  async findCorrelations(filter: CorrelationFilter, page?: PageRequest): Promise<Page<string>> {
    return await this.#open().instances.correlations(filter, page);
  }

  async findFlowNodeInstances(
    filter: FlowNodeInstanceFilter,
    page?: PageRequest,
  ): Promise<Page<FlowNodeInstanceRecord>> {
    return await this.#open().instances.flowNodeInstances(filter, page);
  }

  async findVariables(processInstanceId: string): Promise<readonly VariableRecord[]> {
    return await this.#open().instances.variables(processInstanceId);
  }

  async findUserTasks(filter: TaskFilter, page?: PageRequest): Promise<Page<UserTaskRecord>> {
    return await this.#open().openRows.userTasks(filter, page);
  }

  async findTaskLanes(filter: TaskFilter): Promise<readonly string[]> {
    return await this.#open().openRows.taskLanes(filter);
  }

  async findTaskGroups(filter: TaskFilter): Promise<readonly string[]> {
    return await this.#open().openRows.taskGroups(filter);
  }

  async findExternalTasks(
    filter: FilterOf<'findExternalTasks'>,
    page?: PageRequest,
  ): Promise<Page<ExternalTaskRecord>> {
    return await this.#open().openRows.externalTasks(filter, page);
  }

  async findSubscriptions(filter: SubscriptionFilter, page?: PageRequest): Promise<Page<SubscriptionRecord>> {
    return await this.#open().openRows.subscriptions(filter, page);
  }

  async findJobs(filter: FilterOf<'findJobs'>, page?: PageRequest): Promise<Page<JobRecord>> {
    return await this.#open().openRows.jobs(filter, page);
  }

  async findIncidents(filter: FilterOf<'findIncidents'>, page?: PageRequest): Promise<Page<IncidentRecord>> {
    return await this.#open().openRows.incidents(filter, page);
  }

  async findMessages(filter: FilterOf<'findMessages'>): Promise<readonly MessageRecord[]> {
    return await this.#open().lookups.messages(filter);
  }

  async findEndEventResults(filter: FilterOf<'findEndEventResults'>): Promise<readonly EndEventResult[]> {
    return await this.#open().instances.endEventResults(filter);
  }

  async findIdempotentStart(key: FilterOf<'findIdempotentStart'>): Promise<string | undefined> {
    return await this.#open().lookups.idempotentStart(key);
  }

  async findCronRuns(filter: FilterOf<'findCronRuns'>, page?: PageRequest): Promise<Page<CronRunRecord>> {
    return await this.#open().openRows.cronRuns(filter, page);
  }

  async lastEvent(): Promise<number> {
    const { hotPath, lookups } = this.#open();
    return await lookups.lastEvent(await hotPath.settledEvents());
  }

  async readEvents(after: number, limit: number): Promise<readonly EventLogRecord[]> {
    const { hotPath, lookups } = this.#open();
    return await lookups.events(after, await hotPath.settledEvents(), limit);
  }

  async removeFinished(filter: FilterOf<'removeFinished'>): Promise<number> {
    return await this.#open().hotPath.removeFinished(filter);
  }

  async removeExpired(filter: FilterOf<'removeExpired'>): Promise<number> {
    return await this.#open().hotPath.removeExpired(filter);
  }

  async findAudit(filter: AuditFilter, page?: PageRequest): Promise<Page<AuditRecord>> {
    return await this.#open().openRows.audit(filter, page);
  }

  async removeAudit(before: number): Promise<void> {
    await this.#open().hotPath.removeAudit(before);
  }

  async #connectParts(): Promise<Parts> {
    const connection = await this.#connect();
    const { hotPath, sequelize } = connection;
    return partsOf(
      connection,
      sequelizeSelect(sequelize, (error) => hotPath.toStorageError(error)),
    );
  }

  #open(): Parts {
    if (this.#parts === undefined) throw new StorageUnavailableError('the storage is not open');
    return this.#parts;
  }
}

/** @param history reads what people ask for: the history is large, what waits is few and often asked for. */
function partsOf(connection: Connection, history: Select): Parts {
  const { hotPath } = connection;
  return {
    connection,
    hotPath,
    lookups: new Lookups(hotPath.select, hotPath.ask),
    openRows: new OpenRowQueries(hotPath.select, hotPath.ask),
    instances: new InstanceQueries(history),
  };
}
