/**
 * Variables: one per scope and name. Reading walks outward; writing changes the nearest scope that has the name, else the
 * process instance.
 */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { FlowNodeInstance } from './instance-state.js';
import { loopAttribute } from './loop-body.js';
import type { Step } from './step.js';

export function findVariable(from: FlowNodeInstance, name: string): JsonValue | undefined {
  for (let scope: FlowNodeInstance | undefined = from; scope !== undefined; scope = scope.scope) {
    const value = scope.variables?.get(name) ?? (scope.local === null ? undefined : loopAttribute(scope, name));
    if (value !== undefined) return value;
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
  if (!isJsonObject(data) || step.graph.data === 'token') return;
  for (const [name, value] of Object.entries(data)) if (value !== undefined) setVariable(step, from, name, value);
}

/** A scope's variables end with it. Those of the process instance stay as its outcome. */
export function dropScopeVariables(step: Step, instance: FlowNodeInstance): void {
  for (const name of instance.variables?.keys() ?? []) step.changes.deleteVariable(instance, name);
  instance.variables = undefined;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
