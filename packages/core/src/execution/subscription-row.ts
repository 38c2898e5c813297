import type { SubscriptionRecord } from '@process-engine/contracts/storage';
import type { FlowNode } from '../model/graph.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';

/** The row by which a message, a signal or a change of data finds the waiting owner of an event. */
export function subscriptionRow(
  step: Step,
  owner: FlowNodeInstance,
  event: FlowNode,
  what: Pick<SubscriptionRecord, 'kind' | 'name' | 'keyHash'>,
): SubscriptionRecord {
  const { record } = step.state;
  return {
    id: step.nextId(),
    tenantId: record.tenantId,
    ...what,
    processInstanceId: record.id,
    flowNodeInstanceId: owner.id,
    flowNodeId: event.id,
    flowNodeType: event.type,
    definitionId: record.definitionId,
    processModelId: record.processModelId,
    correlationId: record.correlationId,
    businessKey: record.businessKey,
    lanes: event.lanes,
    createdAt: step.now,
  };
}
