import type { JsonValue } from '@process-engine/contracts';
import type { ErrorData, ExternalTaskRecord } from '@process-engine/contracts/storage';
import type { ExternalTaskNode } from '../../model/graph.js';
import { evaluate, evaluatePriority, isTrue } from '../evaluation.js';
import { failure } from '../failures.js';
import type { FlowNodeInstance } from '../instance-state.js';
import { ThrownBpmnError } from '../raise.js';
import type { Step } from '../step.js';
import { isJsonObject } from '../variables.js';
import { offerExternalTask } from '../waits.js';
import type { Behaviour } from './behaviour.js';

/** Offers its work to external workers of a topic. The worker's result is the node's result. */
export const externalTask: Behaviour<ExternalTaskNode> = {
  enter(step, instance, node) {
    const topic = evaluate(step, instance, node.topic, { what: 'topic' });
    if (typeof topic !== 'string' || topic === '') throw failure(`topic of '${node.id}' is invalid: it is no text`);
    const payload = payloadOf(step, instance, node);
    const priority = evaluatePriority(step, instance, node.priority);
    // Its id stays known to late workers.
    instance.external = true;
    step.suspend(instance);
    offerExternalTask(step, instance, { ...externalTaskRow(step, instance, { topic, payload }), priority });
  },
  resume(step, instance, node, trigger) {
    const result = trigger.kind === 'completed' ? trigger.result : undefined;
    const error = mappedError(step, instance, node, result);
    if (error !== undefined) throw new ThrownBpmnError(error);
    step.leave(instance, { result, data: result });
  },
};

/** What the worker gets: the configured payload, else exactly the input mappings, else the token's payload. */
function payloadOf(step: Step, instance: FlowNodeInstance, node: ExternalTaskNode): JsonValue | undefined {
  if (node.payload !== undefined) return evaluate(step, instance, node.payload, { what: 'payload configuration' });
  if (node.inputs.length === 0) return instance.payload;
  return Object.fromEntries(node.inputs.map(({ target }) => [target, instance.variables?.get(target) ?? null]));
}

/** The first error whose condition holds over the worker's answer. */
function mappedError(
  step: Step,
  instance: FlowNodeInstance,
  node: ExternalTaskNode,
  result: JsonValue | undefined,
): ErrorData | undefined {
  const extra = isJsonObject(result) ? result : {};
  const mapping = node.errorMappings.find(({ condition }) => isTrue(step, instance, condition, instance.token, extra));
  if (mapping === undefined) return undefined;
  const { name, code = '', message } = mapping.error;
  return { name, code, message };
}

/** An open task that nobody has locked. */
export function externalTaskRow(
  step: Step,
  instance: FlowNodeInstance,
  work: { topic: string; payload: JsonValue | undefined },
): ExternalTaskRecord {
  const { record } = step.state;
  return {
    id: instance.id,
    processInstanceId: record.id,
    tenantId: record.tenantId,
    topic: work.topic,
    correlationId: record.correlationId,
    processModelId: record.processModelId,
    flowNodeId: instance.node.id,
    ownerId: record.ownerId,
    payload: work.payload,
    workerId: null,
    lockedUntil: 0,
    retries: null,
    priority: 0,
    createdAt: step.now,
  };
}
