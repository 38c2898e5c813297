/**
 * What a step did, as plain data: the only thing storage accepts. Committed as a whole or not at all. Guards are asked
 * first, deletes come before inserts: a row can be replaced by deleting (or guarding) and inserting it in one change set.
 */
import type {
  AuditRecord,
  CronRunRecord,
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
} from './records.js';

/**
 * A row that must be there, in the stated condition, and is deleted by the commit. Zero rows hit: nothing of the change
 * set is committed and storage throws a `LockLostError` (`external-task`, `job`) or a `ConflictError` (`message`).
 * - `external-task`: open, and locked by `workerId`, or its lock has ended at `now`, or never locked;
 *   `workerId: null` takes it whoever holds the lock (cancellation is no guard: see `delete`);
 * - `job`: owned by `owner` with a lock that lasts beyond `now`;
 * - `message`: still there.
 */
export type Guard =
  | {
      readonly kind: 'external-task';
      readonly processInstanceId: string;
      readonly id: string;
      readonly workerId: string | null;
      readonly now: number;
    }
  | {
      readonly kind: 'job';
      readonly partition: string;
      readonly id: string;
      readonly owner: string;
      readonly now: number;
    }
  | { readonly kind: 'message'; readonly tenantId: string; readonly id: string };

/** Key of an open row. `partition` is the process instance id, or the definition id of rows that belong to a definition. */
export interface RowKey {
  readonly partition: string;
  readonly id: string;
}

/** Inserts and deletes of a table of open rows. A deleted row that is already gone is no error. */
export interface OpenRows<T> {
  readonly insert?: readonly T[];
  readonly delete?: readonly RowKey[];
}

export interface ProcessInstanceUpdate {
  readonly id: string;
  /** The version the step started from; any other in the table: `ConflictError`. */
  readonly expectedVersion: number;
  readonly set: Partial<Omit<ProcessInstanceRecord, 'id' | 'tenantId'>> & { readonly version: number };
}

export interface FlowNodeInstanceUpdate {
  readonly processInstanceId: string;
  readonly id: string;
  readonly set: Partial<
    Omit<FlowNodeInstanceRecord, 'processInstanceId' | 'id' | 'flowNodeId' | 'flowNodeType' | 'scopeId'>
  >;
}

/** Key of a variable. */
export type VariableKey = Pick<VariableRecord, 'processInstanceId' | 'scopeId' | 'name'>;

export interface ChangeSet {
  readonly guards?: readonly Guard[];
  readonly processInstances?: {
    readonly insert?: readonly ProcessInstanceRecord[];
    readonly update?: readonly ProcessInstanceUpdate[];
  };
  readonly flowNodeInstances?: {
    readonly insert?: readonly FlowNodeInstanceRecord[];
    readonly update?: readonly FlowNodeInstanceUpdate[];
  };
  readonly variables?: { readonly upsert?: readonly VariableRecord[]; readonly delete?: readonly VariableKey[] };
  readonly externalTasks?: OpenRows<ExternalTaskRecord>;
  readonly userTasks?: OpenRows<UserTaskRecord>;
  readonly subscriptions?: OpenRows<SubscriptionRecord>;
  readonly jobs?: OpenRows<JobRecord>;
  readonly incidents?: OpenRows<IncidentRecord>;
  readonly messages?: { readonly insert?: readonly MessageRecord[] };
  /** A key that is already taken: `IdempotencyConflictError` with the first instance's id. */
  readonly idempotency?: IdempotencyRecord;
  /** A run that is already recorded: `ConflictError`. */
  readonly cronRun?: CronRunRecord;
  readonly audit?: readonly AuditRecord[];
  readonly events?: readonly Omit<EventLogRecord, 'seq'>[];
}
