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
import { isIteration } from './loop-body.js';
import type { Step } from './step.js';
import { setLocalVariable } from './variables.js';

/** One completed activity. Of a sub-process with what was completed inside it, and the data it had. */
export interface Completed extends JsonObject {
  nodeId: string;
}

interface CompletedScope extends Completed {
  completed: Completed[];
  variables: JsonObject;
}

export function completedIn(scope: FlowNodeInstance): Completed[] {
  return (scope.local?.completed ?? []) as Completed[];
}

/** Notes a completed activity that can be undone. */
export function noteCompleted(step: Step, instance: FlowNodeInstance): void {
  const node = instance.node as FlowNode;
  const inner = completedIn(instance);
  const undoable = node.compensationHandler !== undefined && !isIteration(instance);
  if ((!undoable && inner.length === 0) || instance.local?.reopened === true) return;
  if (node.kind === 'event-sub-process' || node.isForCompensation) return;
  const scope = instance.scope!;
  const entry: Completed = { nodeId: node.id };
  if (inner.length > 0 || isInner(node)) {
    entry.completed = inner;
    entry.variables = Object.fromEntries(instance.variables ?? []);
  }
  scope.local = { ...scope.local, completed: [...completedIn(scope), entry] };
  step.changes.touch(scope);
}

/** Undone by an event sub-process of its own, which needs the data it had. */
function isInner(node: FlowNode): boolean {
  return node.compensationHandler?.kind === 'event-sub-process';
}

/** The scope whose activities a throwing event may undo: its own, or of a handler inside it the scope handled. */
function compensatedScope(thrower: FlowNodeInstance): FlowNodeInstance {
  let scope = thrower.scope!;
  while (scope.node.kind === 'event-sub-process' && scope.scope !== undefined) scope = scope.scope;
  return scope;
}

/**
 * Takes what is to be undone from its scope's list and lets the instance run the handlers. False: there is nothing.
 *
 * @param activityId only this activity; undefined: everything in the scope
 */
export function beginCompensation(
  step: Step,
  thrower: FlowNodeInstance,
  activityId: string | undefined,
  scope = compensatedScope(thrower),
): boolean {
  const all = completedIn(scope);
  const taken = activityId === undefined ? all : all.filter(({ nodeId }) => nodeId === activityId);
  if (taken.length === 0) return false;
  scope.local = { ...scope.local, completed: all.filter((entry) => !taken.includes(entry)) };
  step.changes.touch(scope);
  undo(step, thrower, taken);
  return true;
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
  const { compensationHandler } = node;
  if (entry.completed === undefined) {
    if (compensationHandler !== undefined) step.spawn(compensationHandler, thrower, thrower.token);
    else step.checkScope(thrower);
    return;
  }
  const { completed, variables } = entry as CompletedScope;
  const scope = step.spawn(node, thrower, thrower.token);
  scope.local = { reopened: true, completed };
  for (const [name, value] of Object.entries(variables)) setLocalVariable(step, scope, name, value);
}

/** A sub-process entered again to be undone: its compensation event sub-process runs, else what was completed in it. */
export function reopen(step: Step, scope: FlowNodeInstance, node: SubProcessNode): void {
  const handler = node.compensationHandler;
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
