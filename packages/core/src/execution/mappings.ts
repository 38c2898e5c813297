/** Which data a node takes in and leaves: only nodes that bring new data write variables, or what their mappings say. */
import type { DataMapping } from '../model/graph.js';
import { evaluate } from './evaluation.js';
import type { FlowNodeInstance } from './instance-state.js';
import { isIteration, isLoopBody } from './loop-body.js';
import type { Departure, Step } from './step.js';
import { isJsonObject, setLocalVariable, writeResult, writeVariable } from './variables.js';

/**
 * Input mappings: local variables of the instance, evaluated in order, each seeing those before. What is opened again to
 * be undone has the data it ended with.
 */
export function applyInputs(step: Step, instance: FlowNodeInstance): void {
  if (isLoopBody(instance) || instance.local?.reopened === true) return;
  for (const { target, source } of instance.node.inputs) {
    const value = evaluate(step, instance, source, { what: `input '${target}'` });
    setLocalVariable(step, instance, target, value ?? null);
  }
}

/** What a node's result changes: output mappings, else its result variable, else the fields of its new data. */
export function writeData(step: Step, instance: FlowNodeInstance, departure: Departure): void {
  const { resultVariable } = instance.node;
  const outputs = outputsOf(instance);
  if (outputs.length > 0) {
    const token = step.tokenAfter(instance, { value: departure.result, from: instance.id });
    const extra = isJsonObject(departure.data) ? departure.data : {};
    for (const { target, source } of outputs) {
      const value = evaluate(step, instance, source, { what: `output '${target}'`, token, extra });
      writeVariable(step, instance, target, value ?? null);
    }
  } else if (resultVariable !== undefined) {
    writeVariable(step, instance, resultVariable, departure.result ?? null);
  } else if (departure.data !== undefined) {
    writeResult(step, instance, departure.data);
  }
}

/** An iteration leaves the collection of outputs to the body around it. */
function outputsOf(instance: FlowNodeInstance): readonly DataMapping[] {
  const { outputs, loop } = instance.node;
  if (loop?.kind !== 'multi-instance' || !isIteration(instance)) return outputs;
  return outputs.filter(({ target }) => target !== loop.outputCollection);
}
