import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { ServiceTaskNode } from '../../model/graph.js';
import { evaluate } from '../evaluation.js';
import { errorDataOf, failure, TechnicalFailure } from '../failures.js';
import type { FlowNodeInstance } from '../instance-state.js';
import { ThrownBpmnError } from '../raise.js';
import type { Step } from '../step.js';
import { offerExternalTask } from '../waits.js';
import { BpmnError } from '../bpmn-error.js';
import type { Behaviour } from './behaviour.js';
import { externalTaskRow } from './external-task.js';

/** Topics of services that run in a process of the engine; never fetchable from outside. */
export const INTERNAL_TOPIC_PREFIX = 'internal:';

/**
 * A service registered with the engine. Inline ones run inside the step; all others are waits: the task row is taken on
 * by this node at once and run after the commit (or left to a node that registered the service).
 */
export const serviceTask: Behaviour<ServiceTaskNode> = {
  enter(step, instance, node) {
    const kind = step.env.services.kindOf(node.module);
    if (kind === undefined)
      throw failure(`service task '${node.id}': no service is registered for module '${node.module}'`);
    const args = argumentsOf(step, instance, node);
    if (kind === 'inline') {
      const result = runInline(step, instance, node, args);
      step.leave(instance, { result, data: result });
      return;
    }
    const payload: JsonObject = { ...(instance.payload === undefined ? {} : { payload: instance.payload }) };
    if (node.method !== undefined) payload.method = node.method;
    if (args !== undefined) payload.args = args;
    const local = kind === 'local';
    const row = externalTaskRow(step, instance, { topic: `${INTERNAL_TOPIC_PREFIX}${node.module}`, payload });
    step.suspend(instance);
    offerExternalTask(step, instance, {
      ...row,
      // The engine's own work: each node looks for that of all tenants at once.
      tenantId: '',
      workerId: local ? step.env.nodeId : null,
      lockedUntil: local ? step.now + step.env.options.lockDuration : 0,
    });
  },
  resume(step, instance, _node, trigger) {
    const result = trigger.kind === 'completed' ? trigger.result : undefined;
    step.leave(instance, { result, data: result });
  },
};

/** A list is the arguments; anything else is the only one. */
function argumentsOf(step: Step, instance: FlowNodeInstance, node: ServiceTaskNode): JsonValue[] | undefined {
  if (node.params === undefined) return node.method === undefined ? undefined : [];
  const params = evaluate(step, instance, node.params, {
    what: 'params',
    extra: { context: { userId: step.state.record.ownerId, token: '' } },
  });
  return Array.isArray(params) ? params : [params ?? null];
}

function runInline(
  step: Step,
  instance: FlowNodeInstance,
  node: ServiceTaskNode,
  args: JsonValue[] | undefined,
): JsonValue | undefined {
  const { record } = step.state;
  try {
    return step.env.services.runInline({
      module: node.module,
      method: node.method,
      args,
      context: {
        payload: instance.payload,
        processInstanceId: record.id,
        correlationId: record.correlationId,
        flowNodeId: node.id,
        flowNodeInstanceId: instance.id,
        identity: { userId: record.ownerId, token: '' },
      },
    });
  } catch (thrown) {
    if (thrown instanceof BpmnError)
      throw new ThrownBpmnError({ name: thrown.name, code: thrown.code, message: thrown.message });
    throw new TechnicalFailure(errorDataOf(thrown));
  }
}
