/**
 * The rows of the engine's tables, as plain data.
 *
 * Rules shared by all tables:
 * - ids are UUIDs (version 7, RFC 9562), times are integer milliseconds since the Unix epoch;
 * - a JSON field that is `undefined` is absent (SQL NULL), a field that is `null` holds the JSON value null;
 * - `tenantId` is `''` where no tenant is used;
 * - the root scope's id is the process instance id, an external or user task's id is its flow node instance id.
 */
import type { JsonObject, JsonValue } from '../json.js';

/** One immutable version of one process of a deployed file. A file with several processes gives several definitions. */
export interface DefinitionRecord {
  readonly id: string;
  readonly tenantId: string;
  /** The process id of the model (`bpmn:process/@id`), known to clients as the process model id. */
  readonly key: string;
  /** 1, 2, 3 … per tenant and key. */
  readonly version: number;
  /** SHA-256 of the file's text, hexadecimal. */
  readonly hash: string;
  readonly deploymentId: string;
  readonly deploymentName: string | null;
  readonly fileName: string;
  readonly name: string | null;
  readonly versionTag: string | null;
  readonly executable: boolean;
  readonly xml: string;
  readonly createdAt: number;
  /** Set when the model was deleted: no longer listed or startable, still used by its running instances. */
  readonly deletedAt: number | null;
}

/** `terminated` is a terminate end event or a call of the management API; `error` an uncaught BPMN error or failure. */
export type ProcessInstanceState = 'running' | 'finished' | 'terminated' | 'error';

/** An error as data: a BPMN error (`name`, `code`, `message`) or a technical failure with more about it. */
export interface ErrorData {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  /** HTTP status of a technical failure that has one of its own (for example 404 of an unresolvable call). */
  readonly status?: number;
  readonly additionalInformation?: JsonValue;
  readonly stack?: string;
}

export interface ProcessInstanceRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly definitionId: string;
  readonly processModelId: string;
  readonly correlationId: string;
  readonly businessKey: string | null;
  readonly parentInstanceId: string | null;
  /** The call activity's flow node instance in the parent. */
  readonly parentFlowNodeInstanceId: string | null;
  /** Number of call activities above this instance. */
  readonly callDepth: number;
  /** User id of the identity that started the (outermost) instance. */
  readonly ownerId: string;
  readonly startEventId: string | null;
  readonly state: ProcessInstanceState;
  /** Incremented by every commit; guards against a concurrent step. */
  readonly version: number;
  /** The last `completedSeq` given to a flow node instance. */
  readonly completedCount: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly error: ErrorData | null;
  /** The start payload. */
  readonly payload: JsonValue | undefined;
  /** Bookkeeping of the root scope, see {@link FlowNodeInstanceRecord.local}. */
  readonly local: JsonObject | null;
}

/**
 * `ready`: entered, its behaviour has not run (asynchronous continuation, step budget) · `waiting`: has waits ·
 * `active`: a scope with live children · `joining`: a join with arrivals · `failed`: an incident stands ·
 * the last three are history: left, cancelled, ended by an error.
 */
export type FlowNodeInstanceState =
  'ready' | 'waiting' | 'active' | 'joining' | 'failed' | 'finished' | 'cancelled' | 'error';

/** One entry into one flow node: the token, the scope (of a container) and, once left, the history row. */
export interface FlowNodeInstanceRecord {
  readonly processInstanceId: string;
  readonly id: string;
  readonly flowNodeId: string;
  /** BPMN type, for example `bpmn:UserTask`. */
  readonly flowNodeType: string;
  /** The flow node instance of the enclosing container, or the process instance id. */
  readonly scopeId: string;
  /** The flow node instance the token came from; several, joined by `;`, after a join; null at a start. */
  readonly previousId: string | null;
  readonly state: FlowNodeInstanceState;
  /** The flow node instance whose result is the payload; then `payload` is undefined. */
  readonly payloadFrom: string | null;
  /** The incoming payload by value, where it is no other flow node instance's result. */
  readonly payload: JsonValue | undefined;
  readonly result: JsonValue | undefined;
  /** Flow node id → flow node instance whose result this path sees (`token.history`). */
  readonly trail: Readonly<Record<string, string>>;
  /** Arrivals, counters, completed list: whatever the node's behaviour keeps between steps. */
  readonly local: JsonObject | null;
  /** True when the node's work is an external task: its id stays known to late workers. */
  readonly external: boolean;
  readonly enteredAt: number;
  readonly leftAt: number | null;
  readonly error: ErrorData | null;
  /** Order in which flow node instances of one process instance ended: 1, 2, 3 … Null while live. */
  readonly completedSeq: number | null;
}

export interface VariableRecord {
  readonly processInstanceId: string;
  readonly scopeId: string;
  readonly name: string;
  readonly value: JsonValue;
}

/** Open rows only. Topics starting with `internal:` belong to in-process services and are not fetchable from outside. */
export interface ExternalTaskRecord {
  readonly id: string;
  readonly processInstanceId: string;
  readonly tenantId: string;
  readonly topic: string;
  readonly correlationId: string;
  readonly processModelId: string;
  readonly flowNodeId: string;
  readonly ownerId: string;
  readonly payload: JsonValue | undefined;
  readonly workerId: string | null;
  /** End of the lock; 0 when never locked. */
  readonly lockedUntil: number;
  /** Attempts left after a technical failure; null: none were configured. */
  readonly retries: number | null;
  /** The higher, the sooner the task is handed out. */
  readonly priority: number;
  readonly createdAt: number;
}

export type UserTaskKind = 'user' | 'manual' | 'empty';

/** Open rows only: user tasks, manual tasks and untyped tasks (empty activities) that wait for a person. */
export interface UserTaskRecord {
  readonly id: string;
  readonly processInstanceId: string;
  readonly tenantId: string;
  readonly kind: UserTaskKind;
  readonly correlationId: string;
  readonly processModelId: string;
  readonly definitionId: string;
  readonly flowNodeId: string;
  readonly name: string | null;
  /** JSON array of lane names, outermost first; `'[]'` outside any lane. */
  readonly lanes: string;
  readonly ownerId: string;
  /** The token payload at suspension. */
  readonly payload: JsonValue | undefined;
  /** Evaluated form: `{formFields, preferredControl?, description?, finishedMessage?, formKey?}`. Null unless kind `user`. */
  readonly config: JsonObject | null;
  readonly assignee: string | null;
  /** Since when it has its assignee. */
  readonly assignedAt: number | null;
  readonly candidateUsers: readonly string[];
  readonly candidateGroups: readonly string[];
  readonly dueAt: number | null;
  readonly followUpAt: number | null;
  readonly priority: number;
  readonly createdAt: number;
}

export type SubscriptionKind = 'message' | 'signal' | 'conditional';

/** Open rows only: who waits for which message or signal; with a definition instead of an instance: start events. */
export interface SubscriptionRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: SubscriptionKind;
  /** The message's or signal's name. */
  readonly name: string;
  /** Hash of the correlation keys; `''` when the subscription takes any. */
  readonly keyHash: string;
  readonly processInstanceId: string | null;
  /** The waiting flow node instance (of a boundary event: its host; of an event sub-process: its scope). */
  readonly flowNodeInstanceId: string | null;
  /** The event or receive task in the model. */
  readonly flowNodeId: string;
  readonly flowNodeType: string;
  readonly definitionId: string;
  readonly processModelId: string;
  readonly correlationId: string | null;
  readonly businessKey: string | null;
  /** JSON array of lane names, outermost first. */
  readonly lanes: string;
  readonly createdAt: number;
}

/**
 * Work for the engine itself. `timer`: a catch or boundary timer · `continue`: enter `ready` nodes ·
 * `retry`: run a failed node again · `call`: start a called process · `child-ended`, `cancel-child`: between caller and
 * called process · `publish`: deliver a thrown message or signal · `start-timer`: a timer start event of a definition.
 */
export type JobKind =
  'timer' | 'continue' | 'retry' | 'call' | 'child-ended' | 'cancel-child' | 'publish' | 'start-timer';

/** Owner of jobs that failed for good: nobody works on them until somebody retries them. */
export const FAILED_JOB_OWNER = '(failed)';
/** End of the lock of jobs that failed for good: the last moment a date can be. */
export const FAILED_JOB_LOCK = 8_640_000_000_000_000;

/** Open rows only. Belongs to a process instance, or (start timers) to a definition. */
export interface JobRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: JobKind;
  readonly processInstanceId: string | null;
  readonly definitionId: string | null;
  readonly flowNodeInstanceId: string | null;
  readonly flowNodeId: string | null;
  readonly dueAt: number;
  /**
   * The node that works on it, and until when; null and 0 when free. Null and a time: it failed and is tried again then.
   * `FAILED_JOB_OWNER` and `FAILED_JOB_LOCK`: an incident.
   */
  readonly owner: string | null;
  readonly lockedUntil: number;
  /** How often it has failed. */
  readonly attempts: number;
  /** Its last failure, and when that was. */
  readonly error: ErrorData | null;
  readonly failedAt: number | null;
  readonly payload: JsonObject | null;
  readonly createdAt: number;
}

/** A published message that waits for a receiver until it expires. */
export interface MessageRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly keyHash: string;
  readonly correlationKeys: JsonObject | null;
  readonly businessKey: string | null;
  readonly processInstanceId: string | null;
  /** The publisher's id of the message: a second one with the same id is ignored. */
  readonly messageId: string | null;
  readonly payload: JsonValue | undefined;
  readonly expiresAt: number;
  readonly createdAt: number;
}

/** Open rows only: work that failed for good until somebody retries or resolves it. */
export interface IncidentRecord {
  readonly id: string;
  readonly processInstanceId: string;
  readonly tenantId: string;
  readonly processModelId: string;
  readonly correlationId: string;
  readonly flowNodeInstanceId: string;
  readonly flowNodeId: string;
  readonly error: ErrorData;
  readonly createdAt: number;
}

/** One durable notification. `seq` grows by storage order; order holds within an instance. */
/** One state-changing call, by whom, with its outcome. */
export interface AuditRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly operation: string;
  readonly target: JsonObject;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly code: number | null;
  readonly reason: string | null;
  readonly createdAt: number;
}

export interface EventLogRecord {
  readonly seq: number;
  readonly processInstanceId: string | null;
  readonly kind: string;
  readonly payload: JsonObject;
  readonly createdAt: number;
}

/** Remembers which instance a start with an idempotency key created. */
export interface IdempotencyRecord {
  readonly tenantId: string;
  readonly processModelId: string;
  readonly key: string;
  readonly processInstanceId: string;
  readonly createdAt: number;
}

/** One run of a timer start event: unique per definition, start event and due time, so a cluster runs it once. */
export interface CronRunRecord {
  readonly definitionId: string;
  readonly processModelId: string;
  readonly startEventId: string;
  readonly dueAt: number;
  readonly schedule: string;
  readonly executedAt: number;
  readonly processInstanceId: string;
}
