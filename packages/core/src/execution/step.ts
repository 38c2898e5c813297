/**
 * One run of the agenda for one instance: the only code that changes instance state, in a vocabulary of primitives
 * (enter, suspend, leave, cancel, fail, …) that behaviours are written in.
 *
 * 1. Synchronous, no clock and no randomness of its own: state + command + environment give the same change set.
 * 2. The agenda is first in, first out. A node is counted among its scope's children from the moment it is entered.
 * 3. A scope is done when its last live child has left; inclusive joins are resolved only when the agenda is empty.
 * 4. What exceeds the budget stays `ready` and follows in a `continue` job.
 */
import type { JsonObject, JsonValue, Notification } from '@process-engine/contracts';
import type { ErrorData, Guard, JobRecord, ProcessInstanceState } from '@process-engine/contracts/storage';
import type { FlowNode, ProcessGraph, SequenceFlow } from '../model/graph.js';
import { behaviourOf } from './behaviours/index.js';
import { Changes } from './changes.js';
import { noteCompleted } from './compensation.js';
import { checkConditions } from './conditions.js';
import { updateSubscriptions } from './conversations.js';
import { IdSequence, randomFrom, type StepEnvironment } from './environment.js';
import { endInstance } from './end-instance.js';
import { disarmIfCompleting } from './event-sub-processes.js';
import { chooseFlows } from './flows.js';
import { TechnicalFailure } from './failures.js';
import { newJobRow, type NewJob } from './job-row.js';
import { FlowNodeInstance, type InstanceState, type Token } from './instance-state.js';
import { arriveAtJoin, isJoin, resolvePendingJoins } from './joins.js';
import { isIteration } from './loop-body.js';
import { notifyEntered, notifyLeft } from './notify.js';
import { handleFailure, raise, ThrownBpmnError } from './raise.js';
import { triggerWait } from './trigger.js';
import { closeWaits, openBoundaryEvents } from './waits.js';
import { applyInputs, writeData } from './mappings.js';
import { dropScopeVariables } from './variables.js';

/** What a node leaves behind. */
export interface Departure {
  /** The node's history entry. */
  readonly result: JsonValue | undefined;
  /** The running payload, where it is not the result. */
  readonly payload?: { readonly value: JsonValue | undefined; readonly from: string | null };
  /** New data: its fields become variables. */
  readonly data?: JsonValue | undefined;
  /** The flows to take, where the behaviour chose them. */
  readonly flows?: readonly SequenceFlow[];
  /** The data was written before: an asynchronous continuation after the node. */
  readonly written?: boolean;
}

/** A departure whose data is written. Made field by field: a spread that adds one is many times slower. */
interface ReadyDeparture {
  readonly result: JsonValue | undefined;
  readonly payload: NonNullable<Departure['payload']>;
  readonly flows: readonly SequenceFlow[] | undefined;
}

/** An end event of the root scope was reached. */
export interface EndEventReached {
  readonly endEventId: string;
  readonly flowNodeInstanceId: string;
  readonly result: JsonValue | undefined;
}

/** The instance ended in this step. */
export interface InstanceEnd {
  readonly state: Exclude<ProcessInstanceState, 'running'>;
  readonly error: ErrorData | null;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly flowNodeId: string;
}

export class Step {
  readonly changes: Changes;
  readonly notifications: Notification[] = [];
  readonly endEvents: EndEventReached[] = [];
  readonly logs: LogLine[] = [];
  end: InstanceEnd | undefined;
  #random: (() => number) | undefined = undefined;
  readonly #ids: IdSequence;
  #agenda: FlowNodeInstance[] = [];
  #head = 0;
  #entries = 0;
  /** Work of scripts, in the sandbox's unit. */
  #work = 0;
  #emptied: FlowNodeInstance[] = [];
  /** Conditions may hold that did not before. */
  #hasChanged = false;
  /** Nodes whose asynchronous continuation is this step; undefined: none. */
  #continued: Set<FlowNodeInstance> | undefined = undefined;

  constructor(
    readonly state: InstanceState,
    readonly env: StepEnvironment,
    guard?: Guard,
  ) {
    this.changes = new Changes(state, guard);
    this.#ids = new IdSequence(env.seed);
  }

  get graph(): ProcessGraph {
    return this.state.graph;
  }

  get now(): number {
    return this.env.now;
  }

  /** Random numbers of this step, the same for the same seed. */
  get random(): () => number {
    return (this.#random ??= randomFrom(this.env.seed));
  }

  nextId(): string {
    return this.#ids.next();
  }

  /** A token is at the node. Joins collect it; every other node gets an instance of its own, run when its turn comes. */
  enter(node: FlowNode, scope: FlowNodeInstance, token: Token, flow?: SequenceFlow): void {
    if (flow !== undefined && isJoin(node)) arriveAtJoin(this, node, scope, { token, flow });
    else this.spawn(node, scope, token);
  }

  /** A new instance of the node in this scope, on the agenda. */
  spawn(node: FlowNode, scope: FlowNodeInstance, token: Token): FlowNodeInstance {
    const instance = new FlowNodeInstance(this.nextId(), node, scope, token, this.now);
    this.state.add(instance);
    this.changes.touch(instance);
    this.#agenda.push(instance);
    return instance;
  }

  /** Runs an instance that is `ready` (again). `continued`: its asynchronous continuation is due. */
  schedule(instance: FlowNodeInstance, continued = false): void {
    if (instance.state !== 'ready') this.changes.touch(instance);
    instance.state = 'ready';
    if (continued) (this.#continued ??= new Set()).add(instance);
    this.#agenda.push(instance);
  }

  /** The instance waits (or, as a scope, has children to wait for); its boundary events are armed. */
  suspend(instance: FlowNodeInstance, state: 'waiting' | 'active' = 'waiting'): void {
    openBoundaryEvents(this, instance);
    instance.state = state;
    this.changes.touch(instance);
  }

  /** The node is done: writes its data, ends the instance and sends tokens on. */
  leave(instance: FlowNodeInstance, departure: Departure): void {
    if (!instance.isLive) return;
    const { result, payload = { value: result, from: instance.id }, flows } = departure;
    this.state.results.set(instance.id, result);
    if (departure.written !== true) writeData(this, instance, departure);
    if (isIteration(instance)) this.#sendOn(instance, { result, payload, flows: [] });
    else if (instance.node.asyncAfter && instance.local?.departing === undefined)
      this.#departLater(instance, { result, payload, flows });
    else this.#sendOn(instance, { result, payload, flows });
  }

  #sendOn(instance: FlowNodeInstance, departure: ReadyDeparture): void {
    const token = this.tokenAfter(instance, departure.payload);
    const flows = departure.flows ?? chooseFlows(this, instance, token);
    const scope = instance.scope!;
    instance.result = departure.result;
    noteCompleted(this, instance);
    this.finish(instance, 'finished');
    notifyLeft(this, instance);
    for (const flow of flows) this.enter(flow.target, scope, token, flow);
    if (scope !== this.state.root)
      this.attempt(scope, () => behaviourOf(scope).childLeft?.(this, scope, scope.node as never, instance));
    this.#emptied.push(scope);
  }

  /** The token that leaves the instance: its own result joins the trail where expressions may read it. */
  tokenAfter(instance: FlowNodeInstance, payload: { value: JsonValue | undefined; from: string | null }): Token {
    const { historyIds } = this.graph;
    const { id } = instance.node;
    const recorded = historyIds === 'all' || historyIds.has(id);
    const trail = recorded ? { ...instance.trail, [id]: instance.id } : instance.trail;
    return { payload: payload.value, payloadFrom: payload.from, trail, previousId: instance.id };
  }

  #departLater(instance: FlowNodeInstance, { result, payload, flows }: ReadyDeparture): void {
    closeWaits(this, instance);
    instance.result = result;
    instance.state = 'ready';
    const own = payload.from === instance.id;
    const departing: JsonObject = { own };
    if (!own && payload.value !== undefined) departing.payload = payload.value;
    if (flows !== undefined) departing.flows = flows.map(({ id }) => id);
    instance.local = { ...instance.local, departing };
    this.changes.touch(instance);
    this.addJob({ kind: 'continue', payload: { flowNodeInstanceIds: [instance.id] } }, instance);
  }

  /** Sends an instance on whose asynchronous continuation after the node is due. */
  depart(instance: FlowNodeInstance): void {
    const { own, payload, flows } = instance.local?.departing as {
      own: boolean;
      payload?: JsonValue;
      flows?: string[];
    };
    this.leave(instance, {
      result: instance.result,
      written: true,
      ...(own ? {} : { payload: { value: payload, from: null } }),
      ...(flows === undefined ? {} : { flows: instance.node.outgoing.filter(({ id }) => flows.includes(id)) }),
    });
  }

  /** Ends an instance without sending tokens on: the last step of leaving and of cancelling. */
  finish(instance: FlowNodeInstance, state: 'finished' | 'cancelled' | 'error'): void {
    closeWaits(this, instance);
    instance.state = state;
    instance.leftAt = this.now;
    instance.completedSeq = this.state.completedCount += 1;
    dropScopeVariables(this, instance);
    this.state.remove(instance);
    this.changes.touch(instance);
  }

  /** Ends an instance and everything below it, deepest first. Its scope is not told: the caller goes on there. */
  cancel(instance: FlowNodeInstance, state: 'cancelled' | 'error' = 'cancelled'): void {
    if (!instance.isLive) return;
    for (const child of [...instance.children].reverse()) this.cancel(child);
    behaviourOf(instance).cancelled?.(this, instance, instance.node as never);
    this.finish(instance, state);
  }

  /** Ends an instance that does not count as completed, and goes on in its scope. */
  withdraw(instance: FlowNodeInstance): void {
    this.cancel(instance);
    this.checkScope(instance.scope!);
  }

  /** Sends tokens on while the instance stays alive. */
  sendAhead(instance: FlowNodeInstance, { result, payload }: Required<Pick<Departure, 'result' | 'payload'>>): void {
    const token = this.tokenAfter(instance, payload);
    const flows = chooseFlows(this, instance, token);
    this.state.results.set(instance.id, result);
    instance.result = result;
    instance.local = { ...instance.local, sentAhead: true };
    this.changes.touch(instance);
    for (const flow of flows) this.enter(flow.target, instance.scope!, token, flow);
  }

  /** Goes on with this instance in a further step, to keep within the budget. */
  continueLater(instance: FlowNodeInstance): void {
    this.addJob({ kind: 'continue', payload: { flowNodeInstanceIds: [instance.id] } }, instance);
  }

  /** The scope may have lost its last child: checked after the running node. */
  checkScope(scope: FlowNodeInstance): void {
    this.#emptied.push(scope);
  }

  /** Runs behaviour code; a failure or BPMN error it throws is handled at the instance. */
  attempt(instance: FlowNodeInstance, run: () => void): void {
    try {
      run();
    } catch (thrown) {
      if (thrown instanceof TechnicalFailure) handleFailure(this, instance, thrown);
      else if (thrown instanceof ThrownBpmnError) raise(this, instance, thrown.error);
      else throw thrown;
    }
  }

  /** Adds a job, taken on by this node at once where it is due. It is one of the instance's waits, if one is given. */
  addJob(job: NewJob, instance?: FlowNodeInstance): JobRecord {
    const row = newJobRow(this, job, instance);
    this.changes.jobs.insert(row);
    instance?.openWaits().jobs.push(row);
    return row;
  }

  /** Works until nothing is left to do in this step. */
  drain(): void {
    do {
      this.#settle();
      while (this.#head < this.#agenda.length && !this.#overBudget()) {
        this.#run(this.#agenda[this.#head++]!);
        this.#settle();
      }
    } while (this.#head === this.#agenda.length && this.#findMore());
    this.#putOffRest();
  }

  /** After a node: what its end and its data have brought about. */
  #settle(): void {
    this.#settleScopes();
    while (this.#hasChanged && this.end === undefined) {
      this.#fireConditions();
      this.#settleScopes();
    }
  }

  /** With an empty agenda: what inclusive joins and conditions let go on now. */
  #findMore(): boolean {
    if (this.end !== undefined) return false;
    const more = resolvePendingJoins(this) || this.#fireConditions();
    if (!more) updateSubscriptions(this);
    return more || this.#head < this.#agenda.length;
  }

  #fireConditions(): boolean {
    this.#hasChanged = false;
    return checkConditions(this, (owner, waitId) => {
      triggerWait(this, owner, { waitId, payload: undefined, hasPayload: false });
    });
  }

  /** Data have changed, or something has begun to wait for a condition. */
  noteChange(): void {
    this.#hasChanged = true;
  }

  /** Counts a script's work against the step's budget. */
  spend(work: number): void {
    this.#work += work;
  }

  #overBudget(): boolean {
    // Every step gets on, however much its command itself has changed.
    if (this.#entries === 0) return false;
    const { maxEntries, maxRows, maxWork } = this.env.options;
    return this.#entries >= maxEntries || this.#work >= maxWork || this.changes.rowCount >= maxRows;
  }

  #run(instance: FlowNodeInstance): void {
    if (!instance.isLive || instance.state !== 'ready') return;
    const node = instance.node as FlowNode;
    this.#entries += 1;
    if (node.asyncBefore && !isIteration(instance) && this.#continued?.has(instance) !== true) {
      this.addJob({ kind: 'continue', payload: { flowNodeInstanceIds: [instance.id] } }, instance);
      return;
    }
    notifyEntered(this, instance);
    this.attempt(instance, () => {
      applyInputs(this, instance);
      behaviourOf(instance).enter(this, instance, node as never);
    });
  }

  /** Scopes whose last child left are done, innermost first. */
  #settleScopes(): void {
    while (this.#emptied.length > 0) {
      const scope = this.#emptied.pop()!;
      if (!scope.isLive || scope.state !== 'active') continue;
      if (scope.children.size > 0) {
        disarmIfCompleting(this, scope);
        continue;
      }
      if (scope === this.state.root) {
        if (this.end === undefined) endInstance(this, { state: 'finished', error: null });
        continue;
      }
      const node = scope.node as FlowNode;
      this.attempt(scope, () => {
        const behaviour = behaviourOf(scope);
        if (behaviour.childrenDone === undefined) this.leave(scope, { result: scope.payload });
        else behaviour.childrenDone(this, scope, node as never);
      });
    }
  }

  #putOffRest(): void {
    const rest = this.#agenda.slice(this.#head).filter((instance) => instance.isLive && instance.state === 'ready');
    if (rest.length === 0) return;
    this.addJob({ kind: 'continue', payload: { flowNodeInstanceIds: rest.map(({ id }) => id) } });
  }
}
