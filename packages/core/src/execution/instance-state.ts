/**
 * The state of one live process instance: its tree of flow node instances, their variables and waits.
 *
 * Owns: the in-memory form between load and commit. Does not own: what happens (step.ts), what is stored (changes.ts).
 * 1. Only a step changes it; after a failed step or commit it is thrown away and loaded again.
 * 2. It holds live flow node instances only; of ended ones, just the results that live ones may still read.
 * 3. Values are immutable: they are replaced, never changed in place.
 */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type {
  ErrorData,
  ExternalTaskRecord,
  FlowNodeInstanceRecord,
  FlowNodeInstanceState,
  IncidentRecord,
  JobRecord,
  ProcessInstanceRecord,
  StoredInstance,
  SubscriptionRecord,
  UserTaskRecord,
} from '@process-engine/contracts/storage';
import type { FlowNode, ProcessGraph, ProcessNode } from '../model/graph.js';

export type Trail = Readonly<Record<string, string>>;

export const EMPTY_TRAIL: Trail = Object.freeze({});

const NO_CHILDREN: ReadonlySet<FlowNodeInstance> = new Set();

/** What travels along a sequence flow. */
export interface Token {
  readonly payload: JsonValue | undefined;
  /** The flow node instance whose result the payload is. */
  readonly payloadFrom: string | null;
  readonly trail: Trail;
  /** Where it comes from: a flow node instance id, or several joined by `;`. */
  readonly previousId: string | null;
}

/** The open rows others can find a waiting flow node instance by. */
export interface Waits {
  externalTask: ExternalTaskRecord | undefined;
  userTask: UserTaskRecord | undefined;
  subscriptions: SubscriptionRecord[];
  jobs: JobRecord[];
  incident: IncidentRecord | undefined;
}

/** One entry into one flow node: the token and, if the node is a container, the scope. The root is the process itself. */
export class FlowNodeInstance {
  state: FlowNodeInstanceState = 'ready';
  payload: JsonValue | undefined;
  payloadFrom: string | null;
  trail: Trail;
  previousId: string | null;
  result: JsonValue | undefined = undefined;
  local: JsonObject | null = null;
  external = false;
  leftAt: number | null = null;
  error: ErrorData | null = null;
  completedSeq: number | null = null;
  /** Most instances never have a child: the set is made for those that do. */
  #children: Set<FlowNodeInstance> | undefined = undefined;
  /** Variables of this scope; undefined until there is one. */
  variables: Map<string, JsonValue> | undefined = undefined;
  waits: Waits | undefined = undefined;
  /** Open joins of this scope by flow node id. */
  joins: Map<string, FlowNodeInstance> | undefined = undefined;
  /** True once a row of it is stored. */
  stored = false;

  constructor(
    readonly id: string,
    readonly node: FlowNode | ProcessNode,
    readonly scope: FlowNodeInstance | undefined,
    token: Token,
    readonly enteredAt: number,
  ) {
    this.payload = token.payload;
    this.payloadFrom = token.payloadFrom;
    this.trail = token.trail;
    this.previousId = token.previousId;
  }

  get isLive(): boolean {
    return this.leftAt === null;
  }

  /** The token as it came in. */
  get token(): Token {
    return this;
  }

  /** The live instances in this scope. */
  get children(): ReadonlySet<FlowNodeInstance> {
    return this.#children ?? NO_CHILDREN;
  }

  addChild(child: FlowNodeInstance): void {
    this.#children ??= new Set();
    this.#children.add(child);
  }

  removeChild(child: FlowNodeInstance): void {
    this.#children?.delete(child);
  }

  /** The waits, made on first use. */
  openWaits(): Waits {
    this.waits ??= { externalTask: undefined, userTask: undefined, subscriptions: [], jobs: [], incident: undefined };
    return this.waits;
  }
}

export class InstanceState {
  readonly instances = new Map<string, FlowNodeInstance>();
  /** Results by flow node instance id, of ended instances that live ones refer to. */
  readonly results = new Map<string, JsonValue | undefined>();
  readonly root: FlowNodeInstance;
  /** The last `completedSeq` given. */
  completedCount: number;

  constructor(
    readonly graph: ProcessGraph,
    public record: ProcessInstanceRecord,
  ) {
    const token: Token = { payload: record.payload, payloadFrom: null, trail: EMPTY_TRAIL, previousId: null };
    this.root = new FlowNodeInstance(record.id, graph.root, undefined, token, record.startedAt);
    this.root.state = 'active';
    this.root.local = record.local;
    this.completedCount = record.completedCount;
    this.instances.set(record.id, this.root);
  }

  add(instance: FlowNodeInstance): void {
    this.instances.set(instance.id, instance);
    instance.scope?.addChild(instance);
  }

  remove(instance: FlowNodeInstance): void {
    const { id, node, scope } = instance;
    this.instances.delete(id);
    scope?.removeChild(instance);
    if (scope?.joins?.get(node.id) === instance) scope.joins.delete(node.id);
  }

  /** Forgets results that no live flow node instance can read any more. */
  pruneResults(): void {
    if (this.results.size < 64 || this.results.size < this.instances.size * 4) return;
    const needed = new Set<string>();
    for (const instance of this.instances.values()) {
      if (instance.payloadFrom !== null) needed.add(instance.payloadFrom);
      for (const id of instance.previousId?.split(';') ?? []) needed.add(id);
      for (const id of Object.values(instance.trail)) needed.add(id);
    }
    for (const id of this.results.keys()) if (!needed.has(id)) this.results.delete(id);
  }

  /** Builds the state of a running instance from its rows. */
  static load(graph: ProcessGraph, stored: StoredInstance): InstanceState {
    const state = new InstanceState(graph, stored.instance);
    for (const [id, result] of stored.results) state.results.set(id, result);
    const rows = new Map(stored.flowNodeInstances.map((row) => [row.id, row]));
    for (const row of stored.flowNodeInstances) state.#restore(row, rows);
    for (const { scopeId, name, value } of stored.variables) {
      const scope = state.instances.get(scopeId);
      if (scope !== undefined) (scope.variables ??= new Map()).set(name, value);
    }
    state.#restoreWaits(stored);
    return state;
  }

  #restore(row: FlowNodeInstanceRecord, rows: ReadonlyMap<string, FlowNodeInstanceRecord>): FlowNodeInstance {
    const known = this.instances.get(row.id);
    if (known !== undefined) return known;
    const scopeRow = rows.get(row.scopeId);
    const scope = scopeRow === undefined ? this.root : this.#restore(scopeRow, rows);
    const node = this.graph.nodesById.get(row.flowNodeId);
    if (node === undefined) throw new Error(`the model has no flow node '${row.flowNodeId}'`);
    const instance = new FlowNodeInstance(row.id, node, scope, this.#tokenOf(row), row.enteredAt);
    instance.state = row.state;
    instance.result = row.result;
    instance.local = row.local;
    instance.external = row.external;
    instance.error = row.error;
    instance.stored = true;
    this.add(instance);
    if (instance.state === 'joining') (scope.joins ??= new Map()).set(node.id, instance);
    return instance;
  }

  #tokenOf(row: FlowNodeInstanceRecord): Token {
    const payload = row.payloadFrom === null ? row.payload : this.results.get(row.payloadFrom);
    return { payload, payloadFrom: row.payloadFrom, trail: row.trail, previousId: row.previousId };
  }

  #restoreWaits(stored: StoredInstance): void {
    const waitsOf = (id: string | null) => (id === null ? undefined : this.instances.get(id)?.openWaits());
    for (const row of stored.externalTasks) {
      const waits = waitsOf(row.id);
      if (waits !== undefined) waits.externalTask = row;
    }
    for (const row of stored.userTasks) {
      const waits = waitsOf(row.id);
      if (waits !== undefined) waits.userTask = row;
    }
    for (const row of stored.subscriptions) waitsOf(row.flowNodeInstanceId)?.subscriptions.push(row);
    for (const row of stored.jobs) waitsOf(row.flowNodeInstanceId)?.jobs.push(row);
    for (const row of stored.incidents) {
      const waits = waitsOf(row.flowNodeInstanceId);
      if (waits !== undefined) waits.incident = row;
    }
  }
}
