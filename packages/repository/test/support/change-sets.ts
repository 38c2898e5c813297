import type {
  ChangeSet,
  FlowNodeInstanceRecord,
  ProcessInstanceRecord,
  UserTaskRecord,
} from '@process-engine/contracts/storage';

/** What starting an instance that waits at a user task writes. */
export function startOf(id: string): ChangeSet {
  return {
    processInstances: { insert: [processInstance(id)] },
    flowNodeInstances: { insert: [flowNodeInstance(id, 'start', { leftAt: 1000, completedSeq: 1 }), waitingTask(id)] },
    variables: { upsert: [{ processInstanceId: id, scopeId: id, name: 'amount', value: 1 }] },
    userTasks: { insert: [userTask(id)] },
  };
}

/** What finishing that user task, and with it the instance, writes. */
export function endOf(id: string): ChangeSet {
  return {
    processInstances: {
      update: [{ id, expectedVersion: 1, set: { version: 2, state: 'finished', endedAt: 2000, completedCount: 3 } }],
    },
    flowNodeInstances: {
      insert: [flowNodeInstance(id, 'end', { leftAt: 2000, completedSeq: 3 })],
      update: [
        {
          processInstanceId: id,
          id: `${id}-task`,
          set: { state: 'finished', leftAt: 2000, completedSeq: 2, result: 1 },
        },
      ],
    },
    userTasks: { delete: [{ partition: id, id: `${id}-task` }] },
  };
}

/** A commit that conflicts: it changes an instance that is not stored. */
export function conflicting(): ChangeSet {
  return { processInstances: { update: [{ id: 'nobody', expectedVersion: 1, set: { version: 2 } }] } };
}

function processInstance(id: string): ProcessInstanceRecord {
  return {
    id,
    tenantId: '',
    definitionId: 'definition-1',
    processModelId: 'order',
    correlationId: 'correlation-1',
    businessKey: null,
    parentInstanceId: null,
    parentFlowNodeInstanceId: null,
    callDepth: 0,
    ownerId: 'alice',
    startEventId: 'Start',
    state: 'running',
    version: 1,
    completedCount: 1,
    startedAt: 1000,
    endedAt: null,
    error: null,
    payload: { amount: 1 },
    local: null,
  };
}

function flowNodeInstance(
  processInstanceId: string,
  flowNodeId: string,
  fields: Partial<FlowNodeInstanceRecord>,
): FlowNodeInstanceRecord {
  return {
    processInstanceId,
    id: `${processInstanceId}-${flowNodeId}`,
    flowNodeId,
    flowNodeType: 'bpmn:Task',
    scopeId: processInstanceId,
    previousId: null,
    state: 'finished',
    payloadFrom: null,
    payload: undefined,
    result: undefined,
    trail: {},
    local: null,
    external: false,
    enteredAt: 1000,
    leftAt: null,
    error: null,
    completedSeq: null,
    ...fields,
  };
}

function waitingTask(id: string): FlowNodeInstanceRecord {
  return flowNodeInstance(id, 'task', { state: 'waiting', payloadFrom: `${id}-start` });
}

function userTask(processInstanceId: string): UserTaskRecord {
  return {
    id: `${processInstanceId}-task`,
    processInstanceId,
    tenantId: '',
    kind: 'user',
    correlationId: 'correlation-1',
    processModelId: 'order',
    definitionId: 'definition-1',
    flowNodeId: 'task',
    name: null,
    lanes: '[]',
    ownerId: 'alice',
    payload: { amount: 1 },
    config: { formFields: [] },
    assignee: null,
    assignedAt: null,
    candidateUsers: [],
    candidateGroups: [],
    dueAt: null,
    followUpAt: null,
    priority: 0,
    createdAt: 1000,
  };
}
