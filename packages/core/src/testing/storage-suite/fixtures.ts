/** Complete records with harmless values; a case states only what it is about. */
import type {
  CronRunRecord,
  DefinitionRecord,
  EventLogRecord,
  ExternalTaskRecord,
  FlowNodeInstanceRecord,
  IdempotencyRecord,
  IncidentRecord,
  JobRecord,
  MessageRecord,
  ProcessInstanceRecord,
  Storage,
  SubscriptionRecord,
  UserTaskRecord,
} from '@process-engine/contracts/storage';

let lastId = 0;

/** Ids in the shape of UUIDs that sort in the order they were made. */
export function newId(): string {
  lastId += 1;
  return `00000000-0000-7000-8000-${lastId.toString(16).padStart(12, '0')}`;
}

export function processInstance(fields: Partial<ProcessInstanceRecord> = {}): ProcessInstanceRecord {
  return {
    id: newId(),
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
    completedCount: 0,
    startedAt: 1000,
    endedAt: null,
    error: null,
    payload: undefined,
    local: null,
    ...fields,
  };
}

export function flowNodeInstance(
  processInstanceId: string,
  fields: Partial<FlowNodeInstanceRecord> = {},
): FlowNodeInstanceRecord {
  return {
    processInstanceId,
    id: newId(),
    flowNodeId: 'Task',
    flowNodeType: 'bpmn:UserTask',
    scopeId: processInstanceId,
    previousId: null,
    state: 'waiting',
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

/** A flow node instance that was left as the `completedSeq`-th of its instance. */
export function finishedFlowNodeInstance(
  processInstanceId: string,
  completedSeq: number,
  fields: Partial<FlowNodeInstanceRecord> = {},
): FlowNodeInstanceRecord {
  return flowNodeInstance(processInstanceId, {
    state: 'finished',
    leftAt: 1000 + completedSeq,
    completedSeq,
    ...fields,
  });
}

export function externalTask(processInstanceId: string, fields: Partial<ExternalTaskRecord> = {}): ExternalTaskRecord {
  return {
    id: newId(),
    processInstanceId,
    tenantId: '',
    topic: 'mail',
    correlationId: 'correlation-1',
    processModelId: 'order',
    flowNodeId: 'SendMail',
    ownerId: 'alice',
    payload: undefined,
    workerId: null,
    lockedUntil: 0,
    retries: null,
    priority: 0,
    createdAt: 1000,
    ...fields,
  };
}

export function userTask(processInstanceId: string, fields: Partial<UserTaskRecord> = {}): UserTaskRecord {
  return {
    id: newId(),
    processInstanceId,
    tenantId: '',
    kind: 'user',
    correlationId: 'correlation-1',
    processModelId: 'order',
    definitionId: 'definition-1',
    flowNodeId: 'Approve',
    name: null,
    lanes: '[]',
    ownerId: 'alice',
    payload: undefined,
    config: { formFields: [] },
    assignee: null,
    assignedAt: null,
    candidateUsers: [],
    candidateGroups: [],
    dueAt: null,
    followUpAt: null,
    priority: 0,
    createdAt: 1000,
    ...fields,
  };
}

export function subscription(
  processInstanceId: string | null,
  fields: Partial<SubscriptionRecord> = {},
): SubscriptionRecord {
  return {
    id: newId(),
    tenantId: '',
    kind: 'message',
    name: 'paid',
    keyHash: '',
    processInstanceId,
    flowNodeInstanceId: null,
    flowNodeId: 'WaitForPayment',
    flowNodeType: 'bpmn:IntermediateCatchEvent',
    definitionId: 'definition-1',
    processModelId: 'order',
    correlationId: 'correlation-1',
    businessKey: null,
    lanes: '[]',
    createdAt: 1000,
    ...fields,
  };
}

export function job(processInstanceId: string | null, fields: Partial<JobRecord> = {}): JobRecord {
  return {
    id: newId(),
    tenantId: '',
    kind: 'timer',
    processInstanceId,
    definitionId: null,
    flowNodeInstanceId: null,
    flowNodeId: 'Timer',
    dueAt: 1000,
    owner: null,
    lockedUntil: 0,
    attempts: 0,
    error: null,
    failedAt: null,
    payload: null,
    createdAt: 1000,
    ...fields,
  };
}

export function incident(processInstanceId: string, fields: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    id: newId(),
    processInstanceId,
    tenantId: '',
    processModelId: 'order',
    correlationId: 'correlation-1',
    flowNodeInstanceId: newId(),
    flowNodeId: 'Script',
    error: { name: 'ScriptError', code: '500', message: 'x is not defined' },
    createdAt: 1000,
    ...fields,
  };
}

export function message(fields: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: newId(),
    tenantId: '',
    name: 'paid',
    keyHash: '',
    correlationKeys: null,
    businessKey: null,
    processInstanceId: null,
    messageId: null,
    payload: undefined,
    expiresAt: 5000,
    createdAt: 1000,
    ...fields,
  };
}

export function definition(fields: Partial<DefinitionRecord> = {}): DefinitionRecord {
  return {
    id: newId(),
    tenantId: '',
    key: 'order',
    version: 1,
    hash: 'c0ffee',
    deploymentId: 'deployment-1',
    deploymentName: null,
    fileName: 'order.bpmn',
    name: null,
    versionTag: null,
    executable: true,
    xml: '<definitions/>',
    createdAt: 1000,
    deletedAt: null,
    ...fields,
  };
}

export function logEvent(processInstanceId: string | null, kind: string): Omit<EventLogRecord, 'seq'> {
  return { processInstanceId, kind, payload: { kind }, createdAt: 1000 };
}

export function idempotentStart(processInstanceId: string, fields: Partial<IdempotencyRecord> = {}): IdempotencyRecord {
  return { tenantId: '', processModelId: 'order', key: 'key-1', processInstanceId, createdAt: 1000, ...fields };
}

export function cronRun(processInstanceId: string, fields: Partial<CronRunRecord> = {}): CronRunRecord {
  return {
    definitionId: 'definition-1',
    processModelId: 'order',
    startEventId: 'EveryMinute',
    dueAt: 60_000,
    schedule: '* * * * *',
    executedAt: 60_001,
    processInstanceId,
    ...fields,
  };
}

/** Commits a running instance and answers its id. */
export async function startedInstance(storage: Storage, fields: Partial<ProcessInstanceRecord> = {}): Promise<string> {
  const instance = processInstance(fields);
  await storage.commit({ processInstances: { insert: [instance] } });
  return instance.id;
}
