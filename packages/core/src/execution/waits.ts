/**
 * Waits: the rows by which tasks, messages, signals and timers find a waiting instance.
 *
 * 1. Every wait belongs to one live flow node instance; ending or withdrawing the instance closes all of them.
 * 2. A boundary event's wait belongs to its host, an event sub-process's start to the scope around it.
 * 3. An activity that waits for its retry or stands as an incident is still active: its boundary events stay armed.
 */
import type { JsonObject } from '@process-engine/contracts';
import type {
  ExternalTaskRecord,
  JobRecord,
  SubscriptionRecord,
  UserTaskRecord,
} from '@process-engine/contracts/storage';
import type {
  EventDefinition,
  FlowNode,
  MessageEventDefinition,
  ScopeNode,
  SignalEventDefinition,
  TimerEventDefinition,
} from '../model/graph.js';
import { correlationHash } from './correlation-keys.js';
import { evaluateText } from './evaluation.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';
import { subscriptionRow } from './subscription-row.js';
import { firstOccurrence, nextOccurrence } from './timers.js';

type EventNode = FlowNode & { readonly eventDefinitions: readonly EventDefinition[] };

/** Arms the boundary events of an instance that begins to wait. Those of one that is tried again are armed already. */
export function openBoundaryEvents(step: Step, host: FlowNodeInstance): void {
  if (host.scope?.node === host.node || host.local?.armed === true) return;
  for (const event of host.node.boundaryEvents) openEventWaits(step, host, event);
}

/** Arms the start events of a scope's event sub-processes. */
export function openEventSubProcesses(step: Step, scope: FlowNodeInstance): void {
  const node = scope.node as ScopeNode;
  for (const { startEvents } of node.eventSubProcesses)
    for (const start of startEvents) openEventWaits(step, scope, start);
}

/** Disarms them: an interrupting event sub-process has begun. */
export function closeEventSubProcesses(step: Step, scope: FlowNodeInstance): void {
  const node = scope.node as ScopeNode;
  for (const { startEvents } of node.eventSubProcesses)
    for (const start of startEvents) closeWaitsOf(step, scope, start.id);
}

/** Opens what an event waits for; `owner` carries the wait. Error, escalation, compensation and cancel events wait for nothing. */
export function openEventWaits(step: Step, owner: FlowNodeInstance, event: EventNode): void {
  for (const definition of event.eventDefinitions) openWait(step, owner, { event, definition });
}

function openWait(
  step: Step,
  owner: FlowNodeInstance,
  { event, definition }: { event: EventNode; definition: EventDefinition },
): void {
  switch (definition.kind) {
    case 'message':
    case 'signal':
      subscribe(step, owner, event, definition);
      return;
    case 'timer':
      armTimer(step, owner, event, definition);
      return;
    case 'conditional':
      addSubscription(step, owner, conditionRow(step, owner, event, definition));
      step.noteChange();
      return;
    case 'error':
    case 'escalation':
    case 'link':
    case 'compensation':
    case 'cancel':
    case 'terminate':
      return;
  }
}

/** A condition is found by its place among the event's definitions. */
function conditionRow(
  step: Step,
  owner: FlowNodeInstance,
  event: EventNode,
  definition: EventDefinition,
): SubscriptionRecord {
  const keyHash = String(event.eventDefinitions.indexOf(definition));
  return subscriptionRow(step, owner, event, { kind: 'conditional', name: event.id, keyHash });
}

/** Waits for a message or signal by name (and correlation keys). */
export function subscribe(
  step: Step,
  owner: FlowNodeInstance,
  event: FlowNode,
  definition: MessageEventDefinition | SignalEventDefinition,
): void {
  const name = evaluateText(step, owner, definition.name, `${definition.kind} name`);
  const keyHash = definition.kind === 'message' ? correlationHash(step, owner, definition) : '';
  addSubscription(step, owner, subscriptionRow(step, owner, event, { kind: definition.kind, name, keyHash }));
}

function addSubscription(step: Step, owner: FlowNodeInstance, row: SubscriptionRecord): void {
  owner.openWaits().subscriptions.push(row);
  step.changes.subscriptions.insert(row);
}

/** Waits for the same under another key. A new row: a delivery under way to the old one must not reach it. */
export function replaceSubscription(
  step: Step,
  owner: FlowNodeInstance,
  row: SubscriptionRecord,
  changed: Pick<SubscriptionRecord, 'keyHash'>,
): void {
  closeWait(step, owner, row.id);
  addSubscription(step, owner, { ...row, ...changed, id: step.nextId() });
}

function armTimer(step: Step, owner: FlowNodeInstance, event: FlowNode, definition: TimerEventDefinition): void {
  const occurrence = firstOccurrence(step, owner, { event, definition });
  if (occurrence === undefined) return;
  const payload: JsonObject = { timer: occurrence.timer, count: 1 };
  step.addJob({ kind: 'timer', dueAt: occurrence.dueAt, flowNodeId: event.id, payload }, owner);
}

/** A timer fired: its job is done, and where it fires again, the next one is set. */
export function rearmTimer(step: Step, owner: FlowNodeInstance, job: JobRecord): void {
  closeWait(step, owner, job.id);
  const next = nextOccurrence(step, job);
  if (next !== undefined) step.addJob({ kind: 'timer', flowNodeId: job.flowNodeId!, ...next }, owner);
}

/** Offers the instance's work: to external workers, or to the services of a process of the engine. */
export function offerExternalTask(step: Step, instance: FlowNodeInstance, row: ExternalTaskRecord): void {
  instance.openWaits().externalTask = row;
  step.changes.externalTasks.insert(row);
}

/** Offers the instance's work to people. */
export function offerUserTask(step: Step, instance: FlowNodeInstance, row: UserTaskRecord): void {
  instance.openWaits().userTask = row;
  step.changes.userTasks.insert(row);
}

/** Offers the same work differently. */
export function replaceUserTask(step: Step, instance: FlowNodeInstance, row: UserTaskRecord): void {
  step.changes.userTasks.delete(row.processInstanceId, row.id, false);
  offerUserTask(step, instance, row);
}

export function findWait(instance: FlowNodeInstance, id: string): SubscriptionRecord | JobRecord | undefined {
  return (
    instance.waits?.subscriptions.find((row) => row.id === id) ?? instance.waits?.jobs.find((row) => row.id === id)
  );
}

/** Closes one subscription or job of the instance. */
export function closeWait(step: Step, instance: FlowNodeInstance, id: string): void {
  const { waits } = instance;
  if (waits === undefined) return;
  const partition = step.state.record.id;
  const guarded = step.changes.isGuarded(id);
  if (waits.subscriptions.some((row) => row.id === id)) {
    waits.subscriptions = waits.subscriptions.filter((row) => row.id !== id);
    step.changes.subscriptions.delete(partition, id, guarded);
  } else if (waits.jobs.some((row) => row.id === id)) {
    waits.jobs = waits.jobs.filter((row) => row.id !== id);
    step.changes.jobs.delete(partition, id, guarded);
  }
}

/** Closes what the instance waits for on behalf of this event. */
export function closeWaitsOf(step: Step, instance: FlowNodeInstance, eventId: string): void {
  for (const { id } of waitsOf(instance, eventId)) closeWait(step, instance, id);
}

/** The open waits of this event. */
export function waitsOf(instance: FlowNodeInstance, eventId: string): readonly (SubscriptionRecord | JobRecord)[] {
  const { subscriptions = [], jobs = [] } = instance.waits ?? {};
  return [...subscriptions, ...jobs].filter(({ flowNodeId }) => flowNodeId === eventId);
}

/** True while the instance waits for any event. */
export function hasEventWaits(instance: FlowNodeInstance): boolean {
  const { subscriptions = [], jobs = [] } = instance.waits ?? {};
  return subscriptions.length > 0 || jobs.some(({ kind }) => kind === 'timer');
}

/** Closes what the instance itself waits for; its boundary events stay armed. */
export function closeOwnWaits(step: Step, host: FlowNodeInstance): void {
  const { waits } = host;
  if (waits === undefined) return;
  const events = new Set<string | null>(host.node.boundaryEvents.map(({ id }) => id));
  const subscriptions = waits.subscriptions.filter(({ flowNodeId }) => events.has(flowNodeId));
  const jobs = waits.jobs.filter(({ flowNodeId }) => events.has(flowNodeId));
  host.waits = {
    ...waits,
    subscriptions: waits.subscriptions.filter((row) => !subscriptions.includes(row)),
    jobs: waits.jobs.filter((row) => !jobs.includes(row)),
  };
  closeWaits(step, host);
  if (subscriptions.length + jobs.length > 0) Object.assign(host.openWaits(), { subscriptions, jobs });
}

/** Closes everything the instance waits for. */
export function closeWaits(step: Step, instance: FlowNodeInstance): void {
  const { waits } = instance;
  if (waits === undefined) return;
  instance.waits = undefined;
  const { changes } = step;
  const partition = step.state.record.id;
  if (waits.externalTask !== undefined)
    changes.externalTasks.delete(partition, instance.id, changes.isGuarded(instance.id));
  if (waits.userTask !== undefined) changes.userTasks.delete(partition, instance.id, false);
  for (const { id } of waits.subscriptions) changes.subscriptions.delete(partition, id, false);
  for (const { id } of waits.jobs) changes.jobs.delete(partition, id, changes.isGuarded(id));
  if (waits.incident !== undefined) changes.incidents.delete(partition, waits.incident.id, false);
}
