import type { UserTaskKind, UserTaskRecord } from '@process-engine/contracts/storage';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Step } from '../step.js';

/** The row of work a person does: what user, manual and untyped tasks have in common. */
export function taskRow(step: Step, instance: FlowNodeInstance, kind: UserTaskKind): UserTaskRecord {
  const { record } = step.state;
  const { node } = instance;
  return {
    id: instance.id,
    processInstanceId: record.id,
    tenantId: record.tenantId,
    kind,
    correlationId: record.correlationId,
    processModelId: record.processModelId,
    definitionId: record.definitionId,
    flowNodeId: node.id,
    name: node.name ?? null,
    lanes: node.lanes,
    ownerId: record.ownerId,
    payload: instance.payload,
    config: null,
    assignee: null,
    assignedAt: null,
    candidateUsers: [],
    candidateGroups: [],
    dueAt: null,
    followUpAt: null,
    priority: 0,
    createdAt: step.now,
  };
}
