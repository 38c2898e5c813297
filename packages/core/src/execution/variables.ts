/**
 * Variables: one per scope and name. Reading walks outward; writing changes the nearest scope that has the name, else the
 * process instance.
 */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { FlowNodeInstance } from './instance-state.js';
import { isIteration, isOwnItem, loopAttribute } from './loop-body.js';
import type { Step } from './step.js';

export function findVariable(from: FlowNodeInstance, name: string): JsonValue | undefined {
  for (let scope: FlowNodeInstance | undefined = from; scope !== undefined; scope = scope.scope) {
    const value = scope.variables?.get(name);
    if (value !== undefined) return value;
    const attribute = scope.local === null ? undefined : loopAttribute(scope, name);
    if (attribute !== undefined) return attribute;
  }
  return undefined;
}

/** All variables in sight, inner ones first. */
export function visibleVariables(from: FlowNodeInstance): JsonObject {
  const seen = new Map<string, JsonValue>();
  for (let scope: FlowNodeInstance | undefined = from; scope !== undefined; scope = scope.scope) {
    for (const [name, value] of scope.variables ?? []) if (!seen.has(name)) seen.set(name, value);
  }
  return Object.fromEntries(seen);
}

export function setLocalVariable(step: Step, scope: FlowNodeInstance, name: string, value: JsonValue): void {
  scope.variables ??= new Map();
  if (scope.variables.get(name) === value) return;
  scope.variables.set(name, value);
  step.changes.setVariable(scope, name, value);
  step.noteChange();
}

/** Sets the variable in the nearest scope from `from` outward that has it, else in the process instance. */
export function setVariable(step: Step, from: FlowNodeInstance, name: string, value: JsonValue): void {
  let target = step.state.root;
  for (let scope: FlowNodeInstance | undefined = from; scope !== undefined; scope = scope.scope) {
    if (scope.variables?.has(name) === true) {
      target = scope;
      break;
    }
  }
  setLocalVariable(step, target, name, value);
}

/** Writes the fields of an object as variables; anything else holds no named data. */
export function setVariables(step: Step, from: FlowNodeInstance, data: JsonValue | undefined): void {
  for (const [name, value] of fieldsOf(step, data)) setVariable(step, from, name, value);
}

/** What an activity brings: the fields of an object. */
export function writeResult(step: Step, activity: FlowNodeInstance, data: JsonValue | undefined): void {
  for (const [name, value] of fieldsOf(step, data)) writeVariable(step, activity, name, value);
}

/** Written by an activity in the scope it is in; an iteration's own items stay in it. */
export function writeVariable(step: Step, activity: FlowNodeInstance, name: string, value: JsonValue): void {
  if (isIteration(activity) && isOwnItem(activity, name)) setLocalVariable(step, activity, name, value);
  else setVariable(step, activity.scope!, name, value);
}

function fieldsOf(step: Step, data: JsonValue | undefined): [string, JsonValue][] {
  if (!isJsonObject(data) || step.graph.data === 'token') return [];
  return Object.entries(data).filter((field): field is [string, JsonValue] => field[1] !== undefined);
}

/**
 * A scope's variables end with it. Those of the process instance stay as its outcome. What asks about the instance in
 * the same step still sees them: the loop around it.
 */
export function dropScopeVariables(step: Step, instance: FlowNodeInstance): void {
  for (const name of instance.variables?.keys() ?? []) step.changes.deleteVariable(instance, name);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
