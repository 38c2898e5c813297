/**
 * Collects what a step did and turns it into a change set.
 *
 * 1. A flow node instance entered and left in one step is one insert; a stored one that changed is one update.
 * 2. A row opened and closed in one step never reaches the storage.
 */
import type { JsonValue } from '@process-engine/contracts';
import type {
  ChangeSet,
  CronRunRecord,
  ExternalTaskRecord,
  FlowNodeInstanceRecord,
  FlowNodeInstanceUpdate,
  Guard,
  IdempotencyRecord,
  IncidentRecord,
  JobRecord,
  OpenRows,
  ProcessInstanceRecord,
  RowKey,
  SubscriptionRecord,
  UserTaskRecord,
  VariableKey,
  VariableRecord,
} from '@process-engine/contracts/storage';
import type { FlowNodeInstance, InstanceState } from './instance-state.js';

/** Inserts and deletes of one table during a step. Most steps touch few tables: the maps are made on first use. */
class OpenRowChanges<T extends { readonly id: string }> {
  #inserted: Map<string, T> | undefined = undefined;
  #deleted: Map<string, RowKey> | undefined = undefined;

  insert(row: T): void {
    this.#inserted ??= new Map();
    this.#inserted.set(row.id, row);
  }

  /** `guarded`: a guard of the command deletes the row already. */
  delete(partition: string, id: string, guarded: boolean): void {
    if (this.#inserted?.delete(id) === true || guarded) return;
    this.#deleted ??= new Map();
    this.#deleted.set(id, { partition, id });
  }

  get size(): number {
    return (this.#inserted?.size ?? 0) + (this.#deleted?.size ?? 0);
  }

  get inserted(): readonly T[] {
    return this.#inserted === undefined ? [] : [...this.#inserted.values()];
  }

  toRows(): OpenRows<T> {
    const rows: Mutable<OpenRows<T>> = {};
    if (this.#inserted !== undefined && this.#inserted.size > 0) rows.insert = [...this.#inserted.values()];
    if (this.#deleted !== undefined && this.#deleted.size > 0) rows.delete = [...this.#deleted.values()];
    return rows;
  }
}

/** Rows of other concerns that go into the same commit as a step. */
export interface AccompanyingRows {
  readonly idempotency?: IdempotencyRecord;
  readonly cronRun?: CronRunRecord;
  readonly jobs?: readonly JobRecord[];
}

export class Changes {
  readonly externalTasks = new OpenRowChanges<ExternalTaskRecord>();
  readonly userTasks = new OpenRowChanges<UserTaskRecord>();
  readonly subscriptions = new OpenRowChanges<SubscriptionRecord>();
  readonly jobs = new OpenRowChanges<JobRecord>();
  readonly incidents = new OpenRowChanges<IncidentRecord>();
  readonly #touched = new Set<FlowNodeInstance>();
  #variables: Map<string, VariableRecord> | undefined = undefined;
  #deletedVariables: Map<string, VariableKey> | undefined = undefined;

  constructor(
    private readonly state: InstanceState,
    private readonly guard: Guard | undefined,
  ) {}

  /** The instance is new or has changed. */
  touch(instance: FlowNodeInstance): void {
    if (instance !== this.state.root) this.#touched.add(instance);
  }

  setVariable(scope: FlowNodeInstance, name: string, value: JsonValue): void {
    const key = `${scope.id}\n${name}`;
    this.#deletedVariables?.delete(key);
    this.#variables ??= new Map();
    this.#variables.set(key, { processInstanceId: this.state.record.id, scopeId: scope.id, name, value });
  }

  deleteVariable(scope: FlowNodeInstance, name: string): void {
    const key = `${scope.id}\n${name}`;
    this.#variables?.delete(key);
    this.#deletedVariables ??= new Map();
    this.#deletedVariables.set(key, { processInstanceId: this.state.record.id, scopeId: scope.id, name });
  }

  /** True where the command's guard deletes this row. */
  isGuarded(id: string): boolean {
    return this.guard?.id === id;
  }

  get rowCount(): number {
    const open = this.externalTasks.size + this.userTasks.size + this.subscriptions.size + this.jobs.size;
    return this.#touched.size + (this.#variables?.size ?? 0) + open;
  }

  /** The change set of the step. `before` is the stored process instance row, undefined for a new instance. */
  toChangeSet(
    before: ProcessInstanceRecord | undefined,
    record: ProcessInstanceRecord,
    with_: AccompanyingRows = {},
  ): ChangeSet {
    for (const job of with_.jobs ?? []) this.jobs.insert(job);
    const changes: Mutable<ChangeSet> = {
      processInstances: before === undefined ? { insert: [record] } : { update: [updateOf(before, record)] },
    };
    if (this.guard !== undefined) changes.guards = [this.guard];
    const nodes = this.#flowNodeInstances();
    if (nodes !== undefined) changes.flowNodeInstances = nodes;
    const variables = this.#variableChanges();
    if (variables !== undefined) changes.variables = variables;
    this.#addOpenRows(changes);
    if (with_.idempotency !== undefined) changes.idempotency = with_.idempotency;
    if (with_.cronRun !== undefined) changes.cronRun = with_.cronRun;
    return changes;
  }

  #addOpenRows(changes: Mutable<ChangeSet>): void {
    const { externalTasks, userTasks, subscriptions, jobs, incidents } = this;
    if (externalTasks.size > 0) changes.externalTasks = externalTasks.toRows();
    if (userTasks.size > 0) changes.userTasks = userTasks.toRows();
    if (subscriptions.size > 0) changes.subscriptions = subscriptions.toRows();
    if (jobs.size > 0) changes.jobs = jobs.toRows();
    if (incidents.size > 0) changes.incidents = incidents.toRows();
  }

  #flowNodeInstances(): ChangeSet['flowNodeInstances'] {
    const insert: FlowNodeInstanceRecord[] = [];
    const update: FlowNodeInstanceUpdate[] = [];
    for (const instance of this.#touched) {
      if (instance.stored) update.push(updateOfNode(this.state.record.id, instance));
      else insert.push(recordOf(this.state.record.id, instance));
      instance.stored = true;
    }
    const changes: Mutable<NonNullable<ChangeSet['flowNodeInstances']>> = {};
    if (insert.length > 0) changes.insert = insert;
    if (update.length > 0) changes.update = update;
    return insert.length === 0 && update.length === 0 ? undefined : changes;
  }

  #variableChanges(): ChangeSet['variables'] {
    const changes: Mutable<NonNullable<ChangeSet['variables']>> = {};
    if (this.#variables !== undefined && this.#variables.size > 0) changes.upsert = [...this.#variables.values()];
    if (this.#deletedVariables !== undefined && this.#deletedVariables.size > 0) {
      changes.delete = [...this.#deletedVariables.values()];
    }
    return changes.upsert === undefined && changes.delete === undefined ? undefined : changes;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function updateOf(before: ProcessInstanceRecord, after: ProcessInstanceRecord) {
  const set: Mutable<Partial<ProcessInstanceRecord>> & { version: number } = { version: after.version };
  if (after.completedCount !== before.completedCount) set.completedCount = after.completedCount;
  if (after.local !== before.local) set.local = after.local;
  if (after.state !== before.state) {
    set.state = after.state;
    set.endedAt = after.endedAt;
    set.error = after.error;
  }
  return { id: after.id, expectedVersion: before.version, set };
}

function recordOf(processInstanceId: string, instance: FlowNodeInstance): FlowNodeInstanceRecord {
  return {
    processInstanceId,
    id: instance.id,
    flowNodeId: instance.node.id,
    flowNodeType: instance.node.type,
    scopeId: instance.scope?.id ?? processInstanceId,
    previousId: instance.previousId,
    state: instance.state,
    payloadFrom: instance.payloadFrom,
    payload: instance.payloadFrom === null ? instance.payload : undefined,
    result: instance.result,
    trail: instance.trail,
    local: instance.local,
    external: instance.external,
    enteredAt: instance.enteredAt,
    leftAt: instance.leftAt,
    error: instance.error,
    completedSeq: instance.completedSeq,
  };
}

/** A live update of a join or scope may change all it carries; an end changes the same few columns every time. */
function updateOfNode(processInstanceId: string, instance: FlowNodeInstance): FlowNodeInstanceUpdate {
  const { id, state, result, local, leftAt, error, completedSeq, payloadFrom, trail, previousId, external } = instance;
  const ended = { state, result, local, external, leftAt, error, completedSeq };
  if (instance.node.incoming.length < 2) return { processInstanceId, id, set: ended };
  const payload = payloadFrom === null ? instance.payload : undefined;
  return { processInstanceId, id, set: { payloadFrom, payload, trail, previousId, ...ended } };
}
