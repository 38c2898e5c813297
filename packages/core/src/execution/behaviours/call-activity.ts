import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { CallActivityNode, CallBinding, DataMapping } from '../../model/graph.js';
import type { ChildOutcome } from '../commands.js';
import { evaluate, textOf } from '../evaluation.js';
import { failure, TechnicalFailure } from '../failures.js';
import type { FlowNodeInstance } from '../instance-state.js';
import { raise, handleFailure } from '../raise.js';
import type { Step } from '../step.js';
import { isJsonObject, visibleVariables, writeResult } from '../variables.js';
import type { Behaviour } from './behaviour.js';

const MAX_CALL_DEPTH = 100;

/**
 * BPMN 13.3.4: starts the called process as an instance of its own (by a job, after the commit) and waits for its end.
 * Cancelling leaves a job that ends the child.
 */
export const callActivity: Behaviour<CallActivityNode> = {
  enter(step, instance, node) {
    const { record } = step.state;
    if (record.callDepth >= MAX_CALL_DEPTH)
      throw failure(`call activity '${node.id}': more than ${MAX_CALL_DEPTH} nested calls`);
    const calledElement = evaluate(step, instance, node.calledElement, { what: 'calledElement' });
    if (typeof calledElement !== 'string' || calledElement === '')
      throw failure(`calledElement of '${node.id}' is invalid: it is no text`);
    const childInstanceId = step.nextId();
    const start = startData(step, instance, node);
    instance.local = { ...instance.local, childInstanceId };
    step.suspend(instance);
    step.addJob(
      {
        kind: 'call',
        payload: { childInstanceId, calledElement, binding: binding(step, instance, node.binding), ...start },
      },
      instance,
    );
  },
  resume(step, instance, node, trigger) {
    if (trigger.kind !== 'child') return;
    const { outcome } = trigger;
    if (outcome.state === 'escalated') return;
    if (outcome.state === 'error') return failed(step, instance, outcome);
    const result = resultOf(outcome);
    if (node.outMappings !== undefined) {
      const data = takenBack(step, instance, node.outMappings, outcome.variables);
      writeResult(step, instance, data);
      step.leave(instance, { result });
    } else {
      step.leave(instance, { result, data: result.result });
    }
  },
  cancelled(step, instance) {
    const childInstanceId = instance.local?.childInstanceId;
    if (typeof childInstanceId === 'string') step.addJob({ kind: 'cancel-child', processInstanceId: childInstanceId });
  },
};

/** An error of the called process goes on at the call activity as if it had arisen there. */
function failed(step: Step, instance: FlowNodeInstance, { error, technical }: ChildOutcome & { state: 'error' }): void {
  if (technical) handleFailure(step, instance, new TechnicalFailure(error, false));
  else raise(step, instance, error);
}

function startData(step: Step, instance: FlowNodeInstance, node: CallActivityNode): JsonObject {
  const payload =
    node.payload === undefined
      ? instance.payload
      : evaluate(step, instance, node.payload, { what: 'payload configuration' });
  const businessKey =
    node.businessKey === undefined
      ? step.state.record.businessKey
      : evaluate(step, instance, node.businessKey, { what: 'business key' });
  const data: JsonObject = {
    callDepth: step.state.record.callDepth + 1,
    returnsVariables: node.outMappings !== undefined,
  };
  if (payload !== undefined) data.payload = payload;
  if (businessKey !== null && businessKey !== undefined) data.businessKey = textOf(businessKey);
  if (node.startEventId !== undefined) data.startEventId = node.startEventId;
  if (node.inMappings === 'all') data.variables = visibleVariables(instance);
  else if (node.inMappings !== undefined) data.variables = mapped(step, instance, node.inMappings);
  return data;
}

function mapped(
  step: Step,
  instance: FlowNodeInstance,
  mappings: readonly DataMapping[],
  extra?: JsonObject,
): JsonObject {
  const options = extra === undefined ? {} : { extra };
  return Object.fromEntries(
    mappings.map(({ target, source }) => [
      target,
      evaluate(step, instance, source, { what: `mapping '${target}'`, ...options }) ?? null,
    ]),
  );
}

function takenBack(
  step: Step,
  instance: FlowNodeInstance,
  mappings: 'all' | readonly DataMapping[],
  variables: JsonObject,
): JsonObject {
  return mappings === 'all' ? variables : mapped(step, instance, mappings, variables);
}

function binding(step: Step, instance: FlowNodeInstance, bound: CallBinding): JsonObject {
  switch (bound.kind) {
    case 'latest':
    case 'deployment':
      return { kind: bound.kind };
    case 'version':
      return { kind: 'version', version: evaluate(step, instance, bound.version, { what: 'version' }) ?? null };
    case 'versionTag':
      return {
        kind: 'versionTag',
        versionTag: evaluate(step, instance, bound.versionTag, { what: 'version tag' }) ?? null,
      };
  }
}

/** `{result, endEventId, endEventName}`; a final payload that has this shape itself is not nested. */
function resultOf(outcome: ChildOutcome & { state: 'finished' | 'terminated' }): JsonObject {
  const { result, endEvent } = outcome;
  const value: JsonValue | undefined = isNested(result) ? result.result : result;
  return {
    ...(value === undefined ? {} : { result: value }),
    ...(endEvent === null
      ? {}
      : { endEventId: endEvent.id, ...(endEvent.name === null ? {} : { endEventName: endEvent.name }) }),
  };
}

function isNested(result: JsonValue | undefined): result is JsonObject {
  return (
    isJsonObject(result) &&
    'result' in result &&
    'endEventId' in result &&
    Object.keys(result).every((key) => ['result', 'endEventId', 'endEventName'].includes(key))
  );
}
