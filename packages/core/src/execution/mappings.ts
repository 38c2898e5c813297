/** Which data a node takes in and leaves: only nodes that bring new data write variables, or what their mappings say. */
import { evaluate } from './evaluation.js';
import type { FlowNodeInstance } from './instance-state.js';
import { isLoopBody } from './loop-body.js';
import type { Departure, Step } from './step.js';
import { isJsonObject, setLocalVariable, setVariable, setVariables } from './variables.js';

/** Input mappings: local variables of the instance, evaluated in order, each seeing those before. */
export function applyInputs(step: Step, instance: FlowNodeInstance): void {
  if (isLoopBody(instance)) return;
  for (const { target, source } of instance.node.inputs) {
    const value = evaluate(step, instance, source, { what: `input '${target}'` });
    setLocalVariable(step, instance, target, value ?? null);
  }
}

/** What a node's result changes: output mappings, else its result variable, else the fields of its new data. */
export function writeData(step: Step, instance: FlowNodeInstance, departure: Departure): void {
  const { outputs, resultVariable } = instance.node;
  const scope = instance.scope!;
  if (outputs.length > 0) {
    const token = step.tokenAfter(instance, { value: departure.result, from: instance.id });
    const extra = isJsonObject(departure.data) ? departure.data : {};
    for (const { target, source } of outputs) {
      const value = evaluate(step, instance, source, { what: `output '${target}'`, token, extra });
      setVariable(step, scope, target, value ?? null);
    }
  } else if (resultVariable !== undefined) {
    setVariable(step, scope, resultVariable, departure.result ?? null);
  } else if (departure.data !== undefined) {
    setVariables(step, scope, departure.data);
  }
}
