/** The storage port: commits change sets atomically, claims work, answers queries. It never decides BPMN. */
import type { ChangeSet } from './change-set.js';
import type {
  AuditRecord,
  CronRunRecord,
  DefinitionRecord,
  EventLogRecord,
  ExternalTaskRecord,
  FlowNodeInstanceRecord,
  FlowNodeInstanceState,
  IncidentRecord,
  JobRecord,
  MessageRecord,
  ProcessInstanceRecord,
  ProcessInstanceState,
  SubscriptionKind,
  SubscriptionRecord,
  UserTaskKind,
  UserTaskRecord,
  VariableRecord,
} from './records.js';
import type { JsonValue } from '../json.js';

/** `offset` ≤ 0: from the beginning. `limit` ≤ 0 or absent: all that remain. */
export interface PageRequest {
  readonly offset?: number;
  readonly limit?: number;
  /** True: nobody asks for the number of all rows; `totalCount` may be that of the page. */
  readonly uncounted?: boolean;
}

/** `totalCount` counts the matching rows before paging. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly totalCount: number;
}

/** Everything a step needs of a running instance. Of an ended instance only `instance` is filled. */
export interface StoredInstance {
  readonly instance: ProcessInstanceRecord;
  /** The live rows (`leftAt` null), in order of their ids. */
  readonly flowNodeInstances: readonly FlowNodeInstanceRecord[];
  /** The results that live rows' `trail`, `payloadFrom` and `previousId` name. */
  readonly results: ReadonlyMap<string, JsonValue | undefined>;
  readonly variables: readonly VariableRecord[];
  readonly externalTasks: readonly ExternalTaskRecord[];
  readonly userTasks: readonly UserTaskRecord[];
  readonly subscriptions: readonly SubscriptionRecord[];
  readonly jobs: readonly JobRecord[];
  readonly incidents: readonly IncidentRecord[];
}

export interface ExternalTaskClaim {
  readonly tenantId: string;
  readonly topic: string;
  readonly workerId: string;
  readonly now: number;
  readonly lockUntil: number;
  /** ≤ 0: no bound. */
  readonly maxTasks: number;
}

export interface LockExtension {
  readonly id: string;
  readonly workerId: string;
  readonly now: number;
  readonly lockUntil: number;
}

export interface JobClaim {
  readonly owner: string;
  readonly now: number;
  readonly lockUntil: number;
  readonly limit: number;
}

/** A deployment: new definitions, and the start subscriptions and start timers that replace the older versions'. */
export interface ModelChange {
  readonly definitions: readonly DefinitionRecord[];
  readonly subscriptions: readonly SubscriptionRecord[];
  readonly jobs: readonly JobRecord[];
  /** Definitions whose start subscriptions and start timers are removed. */
  readonly retired: readonly string[];
  /** Definitions that are marked deleted. */
  readonly deleted?: readonly { readonly id: string; readonly deletedAt: number }[];
}

export interface DefinitionFilter {
  readonly tenantId: string;
  readonly key?: string;
  readonly deploymentId?: string;
  readonly versionTag?: string;
  readonly version?: number;
  /** True: deleted ones, too. */
  readonly withDeleted?: boolean;
  /** Only the newest version of each key, among those the other fields let pass. */
  readonly latest?: boolean;
}

export interface ProcessInstanceFilter {
  readonly tenantId: string;
  readonly ids?: readonly string[];
  readonly states?: readonly ProcessInstanceState[];
  readonly processModelId?: string;
  readonly definitionId?: string;
  readonly correlationId?: string;
  readonly correlationIds?: readonly string[];
  readonly businessKey?: string;
  readonly ownerId?: string;
  readonly parentInstanceId?: string;
  /** A variable of the root scope that has this value. */
  readonly variable?: { readonly name: string; readonly value: JsonValue };
  /** Later than this, not at it. */
  readonly startedAfter?: number;
  /** Earlier than this, not at it. */
  readonly startedBefore?: number;
}

export interface CorrelationFilter {
  readonly tenantId: string;
  /** Only those with an instance of this model. */
  readonly processModelId?: string;
  /** Only those of which an instance runs. */
  readonly running?: boolean;
}

export interface FlowNodeInstanceFilter {
  readonly tenantId: string;
  readonly processInstanceId?: string;
  readonly correlationId?: string;
  readonly processModelId?: string;
  readonly flowNodeId?: string;
  readonly states?: readonly FlowNodeInstanceState[];
}

export interface TaskFilter {
  readonly tenantId: string;
  readonly kinds?: readonly UserTaskKind[];
  readonly id?: string;
  readonly processInstanceId?: string;
  readonly correlationId?: string;
  readonly processModelId?: string;
  readonly ownerId?: string;
  /** Only these values of `lanes`. */
  readonly lanes?: readonly string[];
  readonly flowNodeId?: string;
  readonly name?: string;
  /** Null: tasks without one. */
  readonly assignee?: string | null;
  readonly candidateUser?: string;
  readonly candidateGroup?: string;
  /** Tasks this user is the assignee of; or, as nobody is, a candidate for, by name or by one of the groups; or either. */
  readonly involves?: {
    readonly userId: string;
    readonly groups: readonly string[];
    readonly as: 'assignee' | 'candidate' | 'any';
  };
  readonly dueAt?: OpenRange;
  readonly followUpAt?: OpenRange;
  readonly minPriority?: number;
  readonly maxPriority?: number;
  /** Default: oldest first. */
  readonly order?: TaskOrder;
}

/** Neither end is included. A row without the value is outside of every range. */
export interface OpenRange {
  readonly after?: number;
  readonly before?: number;
}

/** Rows without the value come last, those with the same one oldest first. */
export interface TaskOrder {
  readonly by: 'createdAt' | 'dueAt' | 'followUpAt' | 'priority' | 'name';
  readonly descending: boolean;
}

export interface AuditFilter {
  readonly tenantId: string;
  readonly userId?: string;
  readonly operation?: string;
  readonly outcome?: AuditRecord['outcome'];
  /** Not earlier than this. */
  readonly from?: number;
  /** Earlier than this, not at it. */
  readonly before?: number;
}

export interface SubscriptionFilter {
  readonly tenantId: string;
  readonly kinds?: readonly SubscriptionKind[];
  readonly name?: string;
  /** Only subscriptions with one of these hashes (pass `''` for those without keys). */
  readonly keyHashes?: readonly string[];
  readonly businessKey?: string;
  readonly processInstanceId?: string;
  readonly correlationId?: string;
  readonly processModelId?: string;
  readonly flowNodeTypes?: readonly string[];
  /** True: only start events; false: only waiting instances. */
  readonly start?: boolean;
  readonly lanes?: readonly string[];
}

/** One finished end event of a process instance's root scope. */
export interface EndEventResult {
  readonly processInstanceId: string;
  readonly definitionId: string;
  readonly correlationId: string;
  readonly processModelId: string;
  readonly endEventId: string;
  readonly result: JsonValue | undefined;
}

/** What is known of an external task id: open with its row, closed (its flow node instance is known, its row gone), or nothing. */
export type ExternalTaskLookup =
  | { readonly state: 'open'; readonly task: ExternalTaskRecord }
  | { readonly state: 'closed'; readonly processInstanceId: string }
  | { readonly state: 'unknown' };

/**
 * What commits of other processes may have brought. Hints: any of them may come late, twice or never, and none of them
 * is more than a reason to look. Without any field: there may be anything.
 */
export interface WakeUp {
  /** Topics of new external tasks. */
  readonly topics?: readonly string[];
  /** The time at which the first of the new jobs is due. */
  readonly jobDueAt?: number;
  /** Ids of process instances that ended. */
  readonly endedInstances?: readonly string[];
  /** There are new events. */
  readonly events?: true;
}

/**
 * Expected errors: `ConflictError` (reload and try again), `LockLostError` (a guard's row is gone),
 * `IdempotencyConflictError`, `StorageUnavailableError` (503 with a hint). Lists are oldest first; as ids grow with time,
 * a storage may order by id.
 */
export interface Storage {
  /** True where other processes may write to it too. */
  readonly shared: boolean;
  /** True while so much waits to be committed that starts are turned away before they cost anything. Absent: never. */
  readonly overloaded?: boolean;

  /** Connects and brings the schema up to date. */
  open(): Promise<void>;
  /** Finishes commits under way and disconnects. */
  close(): Promise<void>;

  /**
   * The time by the clock that all processes of the storage have in common, in ms since the epoch: the database server's.
   * Absent where there is one process: its own clock counts.
   */
  now?(): number;
  /**
   * The storage as a part of a transaction of the application: reads and writes through it, and keeps nothing of it.
   * Absent where there are no transactions to take part in.
   *
   * @throws Error when it is not a transaction under way on this storage's connection.
   */
  within?(transaction: unknown): StorageInTransaction;
  /** While open: tells of what other processes commit, if the storage can. Answers how to end it. */
  onWakeUp?(listener: (wakeUp: WakeUp) => void): () => void;

  commit(changes: ChangeSet): Promise<void>;
  loadInstance(processInstanceId: string): Promise<StoredInstance | undefined>;
  /**
   * Commits what `step` makes of the instance as it is stored (undefined: there is none, or nothing is to be committed),
   * and lets nobody else change it in between: for an instance that several nodes change at the same time. `step` may be
   * called for a transaction that then fails as `commit` does.
   */
  changeInstance(
    processInstanceId: string,
    step: (stored: StoredInstance | undefined) => Promise<ChangeSet | undefined>,
  ): Promise<void>;

  /** Open tasks of a topic that no lock holds, now locked by the worker; highest priority first, of equal ones the oldest. */
  claimExternalTasks(claim: ExternalTaskClaim): Promise<readonly ExternalTaskRecord[]>;
  findExternalTask(id: string): Promise<ExternalTaskLookup>;
  /** Sets worker and lock end where the guard's condition for `external-task` holds; false where it does not. */
  extendLock(extension: LockExtension): Promise<boolean>;
  /** Due jobs (`dueAt ≤ now`) whose lock has ended, now owned by `owner`; earliest due first. */
  claimJobs(claim: JobClaim): Promise<readonly JobRecord[]>;
  /** The earliest time at which a job becomes due or a job's lock ends; null: no job. */
  nextDue(): Promise<number | null>;
  /** Frees jobs and internal tasks this owner holds (at start-up and shutdown), so that they are claimable at once. */
  releaseClaims(owner: string): Promise<void>;

  /** A version that another node stored meanwhile: `ConflictError`. */
  saveModels(change: ModelChange): Promise<void>;
  loadDefinition(id: string): Promise<DefinitionRecord | undefined>;
  /** Id of the newest version that is not deleted. Asked at every start: without the XML. */
  findLatestDefinition(tenantId: string, key: string): Promise<string | undefined>;
  /** Ordered by key and version; without deleted ones unless the filter asks for them. */
  findDefinitions(filter: DefinitionFilter, page?: PageRequest): Promise<Page<DefinitionRecord>>;

  findProcessInstances(filter: ProcessInstanceFilter, page?: PageRequest): Promise<Page<ProcessInstanceRecord>>;
  /** The correlation ids of the instances that agree with the whole filter, by the first of these. */
  findCorrelations(filter: CorrelationFilter, page?: PageRequest): Promise<Page<string>>;
  /** Ended ones first, by `completedSeq`, then live ones by id (within one instance). */
  findFlowNodeInstances(filter: FlowNodeInstanceFilter, page?: PageRequest): Promise<Page<FlowNodeInstanceRecord>>;
  findVariables(processInstanceId: string): Promise<readonly VariableRecord[]>;
  findUserTasks(filter: TaskFilter, page?: PageRequest): Promise<Page<UserTaskRecord>>;
  /** The distinct values of `lanes` among the matching user tasks. */
  findTaskLanes(filter: TaskFilter): Promise<readonly string[]>;
  /** The distinct candidate groups of the matching user tasks. */
  findTaskGroups(filter: TaskFilter): Promise<readonly string[]>;
  findExternalTasks(
    filter: { tenantId: string; processInstanceId?: string; topic?: string },
    page?: PageRequest,
  ): Promise<Page<ExternalTaskRecord>>;
  findSubscriptions(filter: SubscriptionFilter, page?: PageRequest): Promise<Page<SubscriptionRecord>>;
  findJobs(
    filter: {
      tenantId: string;
      processInstanceId?: string;
      definitionId?: string;
      kinds?: readonly JobRecord['kind'][];
      id?: string;
      /** True: only those that failed for good (`owner` is `FAILED_JOB_OWNER`). */
      failed?: boolean;
    },
    page?: PageRequest,
  ): Promise<Page<JobRecord>>;
  findIncidents(
    filter: {
      tenantId: string;
      id?: string;
      processInstanceId?: string;
      processModelId?: string;
      correlationId?: string;
    },
    page?: PageRequest,
  ): Promise<Page<IncidentRecord>>;
  /** Kept messages that have not expired at `now`, oldest first. */
  findMessages(filter: {
    /** Absent: of all tenants. */
    tenantId?: string;
    name?: string;
    messageId?: string;
    now: number;
    /** Only those with a greater id. */
    afterId?: string;
    limit?: number;
  }): Promise<readonly MessageRecord[]>;
  /** Finished end events of instances without a parent, in order of completion. */
  findEndEventResults(filter: {
    tenantId: string;
    correlationId: string;
    processModelId: string;
  }): Promise<readonly EndEventResult[]>;
  findIdempotentStart(key: { tenantId: string; processModelId: string; key: string }): Promise<string | undefined>;
  findCronRuns(
    filter: { tenantId?: string; processModelId?: string; schedule?: string },
    page?: PageRequest,
  ): Promise<Page<CronRunRecord>>;

  /** The number of the last event that `readEvents` could answer now; 0: none was ever logged. */
  lastEvent(): Promise<number>;
  /** Events after the cursor (0: from the beginning), at most `limit`; never past a commit that is still under way. */
  readEvents(after: number, limit: number): Promise<readonly EventLogRecord[]>;
  /**
   * Deletes ended instances (those that ended first) with all their rows; answers their number. Several nodes may do so
   * at the same time: each takes instances of its own.
   */
  removeFinished(filter: { endedBefore: number; limit: number }): Promise<number>;
  /**
   * Deletes messages that have expired at `now`, idempotency keys made before `keysBefore`, and events that belong to no
   * instance from before `eventsBefore` (absent: none); of each at most `limit`. Answers how many rows it were.
   */
  removeExpired(filter: { now: number; keysBefore: number; eventsBefore?: number; limit: number }): Promise<number>;

  /** Newest first. */
  findAudit(filter: AuditFilter, page?: PageRequest): Promise<Page<AuditRecord>>;
  /** Deletes what is older. */
  removeAudit(before: number): Promise<void>;
}

/** Of `open` and `close` neither is called. */
export interface StorageInTransaction extends Storage {
  /** Calls back once the transaction was committed; never, if it was not. */
  afterCommit(callback: () => void): void;
}
