/**
 * Compensation: a completed activity that can be undone stays in its scope's list; the throwing event becomes a scope of
 * its own and runs the handlers one by one, the last completed first, then goes on (BPMN 10.7, 13.5.5).
 *
 * 1. A completed sub-process keeps its own list and its variables; undoing it opens it again for its handlers only.
 * 2. A handler runs once: what is taken from a list is gone from it.
 */
import type { JsonObject } from '@process-engine/contracts';
import type { FlowNode, ScopeNode, SubProcessNode } from '../model/graph.js';
import type { FlowNodeInstance } from './instance-state.js';
import { isIteration, isLoopBody } from './loop-body.js';
import type { Step } from './step.js';
import { setLocalVariable } from './variables.js';

/** One completed activity. Of a sub-process with what was completed inside it, and the data it had. */
export interface Completed extends JsonObject {
  nodeId: string;
}

interface CompletedScope extends Completed {
  completed: Completed[];
  variables: JsonObject;
  /** It was ended before it was completed: only what is in it is undone. */
  isPart?: boolean;
}

export function completedIn(scope: FlowNodeInstance): Completed[] {
  return (scope.local?.completed ?? []) as Completed[];
}

/** Notes a completed activity that can be undone. */
export function noteCompleted(step: Step, instance: FlowNodeInstance): void {
  const node = instance.node as FlowNode;
  const inner = completedIn(instance);
  if ((!hasHandler(instance) && inner.length === 0) || instance.local?.reopened === true) return;
  if (node.isForCompensation || isCompensation(node)) return;
  const entry: Completed = { nodeId: node.id };
  if (inner.length > 0 || isInner(node)) {
    entry.completed = inner;
    entry.variables = Object.fromEntries(instance.variables ?? []);
  }
  addCompleted(step, instance.scope!, [entry]);
}

/** What was completed inside an activity that is to be cancelled (BPMN 10.7), as far as it can be undone. */
export function completedPartOf(instance: FlowNodeInstance): Completed[] {
  const completed = [...completedIn(instance), ...[...instance.children].flatMap(completedPartOf)];
  if (completed.length === 0) return [];
  const variables = Object.fromEntries(instance.variables ?? []);
  return [{ nodeId: instance.node.id, completed, variables, isPart: true }];
}

/** Adds to what can be undone in the scope. */
export function addCompleted(step: Step, scope: FlowNodeInstance, entries: readonly Completed[]): void {
  if (entries.length === 0) return;
  scope.local = { ...scope.local, completed: [...completedIn(scope), ...entries] };
  step.changes.touch(scope);
}

/**
 * Undone by a handler: of a looping activity each instance by an event sub-process in it, all of them at once by an
 * associated activity (BPMN 13.5.5).
 */
function hasHandler(instance: FlowNodeInstance): boolean {
  const node = instance.node as FlowNode;
  if (node.compensationHandler === undefined) return false;
  return isInner(node) ? !isLoopBody(instance) : !isIteration(instance);
}

/** Undone by an event sub-process of its own, which needs the data it had. */
function isInner(node: FlowNode): boolean {
  return node.compensationHandler?.kind === 'event-sub-process';
}

/** An event sub-process that itself undoes. */
function isCompensation(node: FlowNode): boolean {
  return node.kind === 'event-sub-process' && node.scope?.compensationHandler === node;
}

/** The scopes whose activities a throwing event may undo: its own, and what an event sub-process is the handler of. */
function compensatedScopes(thrower: FlowNodeInstance): FlowNodeInstance[] {
  const scopes: FlowNodeInstance[] = [];
  for (let scope = thrower.scope; scope !== undefined; scope = scope.scope) {
    scopes.unshift(scope);
    if (scope.node.kind !== 'event-sub-process') break;
  }
  return scopes;
}

/**
 * Takes what is to be undone from the lists of its scopes and lets the instance run the handlers. False: there is nothing.
 *
 * @param activityId only this activity; undefined: everything in the scope
 */
export function beginCompensation(
  step: Step,
  thrower: FlowNodeInstance,
  activityId: string | undefined,
  scopes: readonly FlowNodeInstance[] = compensatedScopes(thrower),
): boolean {
  const taken = scopes.flatMap((scope) => take(step, scope, activityId));
  if (taken.length === 0) return false;
  undo(step, thrower, taken);
  return true;
}

function take(step: Step, scope: FlowNodeInstance, activityId: string | undefined): Completed[] {
  const all = completedIn(scope);
  const taken = activityId === undefined ? all : all.filter(({ nodeId }) => nodeId === activityId);
  if (taken.length > 0) {
    scope.local = { ...scope.local, completed: all.filter((entry) => !taken.includes(entry)) };
    step.changes.touch(scope);
  }
  return taken;
}

/** Makes an instance the scope of handlers, and starts the first. */
export function undo(step: Step, thrower: FlowNodeInstance, entries: readonly Completed[]): void {
  thrower.local = { ...thrower.local, undoing: [...entries] };
  thrower.state = 'active';
  step.changes.touch(thrower);
  undoNext(step, thrower);
}

/** Starts the next handler; false: all have run. */
export function undoNext(step: Step, thrower: FlowNodeInstance): boolean {
  const queue = (thrower.local?.undoing ?? []) as Completed[];
  const entry = queue.at(-1);
  if (entry === undefined) return false;
  thrower.local = { ...thrower.local, undoing: queue.slice(0, -1) };
  step.changes.touch(thrower);
  startHandler(step, thrower, entry);
  return true;
}

function startHandler(step: Step, thrower: FlowNodeInstance, entry: Completed): void {
  const node = step.graph.nodesById.get(entry.nodeId)!;
  if (entry.completed === undefined) {
    step.spawn(node.compensationHandler!, thrower, thrower.token);
    return;
  }
  const { completed, variables, isPart = false } = entry as CompletedScope;
  const scope = step.spawn(node, thrower, thrower.token);
  scope.local = { reopened: true, completed, ...(isPart ? { isPart } : {}) };
  for (const [name, value] of Object.entries(variables)) setLocalVariable(step, scope, name, value);
}

/** A sub-process entered again to be undone: its compensation event sub-process runs, else what was completed in it. */
export function reopen(step: Step, scope: FlowNodeInstance, node: SubProcessNode): void {
  const isWithoutHandler = scope.local?.isPart === true || (isLoopBody(scope) && isInner(node));
  const handler = isWithoutHandler ? undefined : node.compensationHandler;
  scope.state = 'active';
  step.changes.touch(scope);
  if (handler?.kind === 'event-sub-process') {
    const instance = step.spawn(handler, scope, scope.token);
    instance.local = { startEventId: compensationStart(handler) };
  } else if (handler !== undefined) {
    step.spawn(handler, scope, scope.token);
  } else {
    const entries = completedIn(scope);
    scope.local = { ...scope.local, completed: [] };
    undo(step, scope, entries);
  }
  step.checkScope(scope);
}

function compensationStart(node: ScopeNode): string {
  return node.startEvents.find(({ eventDefinitions }) => eventDefinitions.some(({ kind }) => kind === 'compensation'))!
    .id;
}
