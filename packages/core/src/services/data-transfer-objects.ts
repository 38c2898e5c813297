/** Rows as the APIs show them: times as ISO 8601 texts, absent instead of null, no token of anybody else. */
import type {
  BufferedMessage,
  Definition,
  EmptyActivity,
  ExternalTask,
  FlowNodeInstance,
  Incident,
  Job,
  ManagedProcessInstance,
  ManualTask,
  ModelEvent,
  ProcessInstance,
  ProcessModel,
  SubscriptionInfo,
  Task,
  UserTask,
  UserTaskConfig,
  WaitingEvent,
} from '@process-engine/contracts';
import {
  FAILED_JOB_OWNER,
  type DefinitionRecord,
  type ErrorData,
  type ExternalTaskRecord,
  type FlowNodeInstanceRecord,
  type IncidentRecord,
  type JobRecord,
  type MessageRecord,
  type ProcessInstanceRecord,
  type SubscriptionRecord,
  type UserTaskRecord,
} from '@process-engine/contracts/storage';
import type { FlowNode, ProcessGraph } from '../model/graph.js';

export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** `{[name]: value}`, or nothing where there is no value. */
function present<K extends string, V>(name: K, value: V | null | undefined): { [P in K]?: V } {
  return (value === null || value === undefined ? {} : { [name]: value }) as { [P in K]?: V };
}

const EVENTS = new WeakMap<ProcessGraph, readonly FlowNode[]>();

/** The process's own start and end events. Found once: every start asks for them, however large the model is. */
export function eventsOf(graph: ProcessGraph): readonly FlowNode[] {
  let events = EVENTS.get(graph);
  if (events === undefined) {
    events = graph.root.nodes.filter(({ kind }) => kind === 'start-event' || kind === 'end-event');
    EVENTS.set(graph, events);
  }
  return events;
}

export function processModelOf(graph: ProcessGraph, visible: (node: FlowNode) => boolean): ProcessModel {
  const { processModelId, isExecutable } = graph;
  if (!isExecutable) return { id: processModelId, startEvents: [], endEvents: [] };
  const shown = (kind: FlowNode['kind']): ModelEvent[] =>
    eventsOf(graph)
      .filter((event) => event.kind === kind && visible(event))
      .map((event) => modelEvent(event, processModelId));
  return { id: processModelId, startEvents: shown('start-event'), endEvents: shown('end-event') };
}

function modelEvent({ id, name, type }: FlowNode, processModelId: string): ModelEvent {
  return { id, ...present('eventName', name), bpmnType: type as ModelEvent['bpmnType'], processModelId };
}

export function ownedInstance({
  id,
  ownerId,
  correlationId,
  processModelId,
  parentInstanceId,
}: ProcessInstanceRecord): ProcessInstance {
  return {
    id,
    owner: { token: '', userId: ownerId },
    correlationId,
    processModelId,
    ...present('parentProcessInstanceId', parentInstanceId),
  };
}

function taskParts(row: UserTaskRecord) {
  const { flowNodeId, id, name, correlationId, processModelId, processInstanceId, payload } = row;
  return {
    id: flowNodeId,
    flowNodeInstanceId: id,
    name: name ?? '',
    correlationId,
    processModelId,
    processInstanceId,
    ...(payload === undefined ? {} : { tokenPayload: payload }),
  };
}

export function userTaskOf(row: UserTaskRecord): UserTask {
  const data = (row.config ?? { formFields: [] }) as unknown as UserTaskConfig;
  const { assignee, assignedAt, candidateUsers, candidateGroups, dueAt, followUpAt, priority, createdAt } = row;
  return {
    flowNodeType: 'bpmn:UserTask',
    ...taskParts(row),
    data,
    ...present('assignee', assignee),
    ...present('assignedAt', assignedAt === null ? null : isoTime(assignedAt)),
    ...(candidateUsers.length === 0 ? {} : { candidateUsers: [...candidateUsers] }),
    ...(candidateGroups.length === 0 ? {} : { candidateGroups: [...candidateGroups] }),
    ...present('dueDate', dueAt === null ? null : isoTime(dueAt)),
    ...present('followUpDate', followUpAt === null ? null : isoTime(followUpAt)),
    priority,
    createdAt: isoTime(createdAt),
  };
}

export function manualTaskOf(row: UserTaskRecord): ManualTask {
  return { flowNodeType: 'bpmn:ManualTask', ...taskParts(row) };
}

export function emptyActivityOf(row: UserTaskRecord): EmptyActivity {
  return { flowNodeType: 'bpmn:Task', ...taskParts(row) };
}

export function taskOf(row: UserTaskRecord): Task {
  switch (row.kind) {
    case 'user':
      return userTaskOf(row);
    case 'manual':
      return manualTaskOf(row);
    case 'empty':
      return emptyActivityOf(row);
  }
}

export function waitingEventOf(row: SubscriptionRecord): WaitingEvent {
  return {
    id: row.flowNodeId,
    flowNodeInstanceId: row.flowNodeInstanceId!,
    correlationId: row.correlationId!,
    processModelId: row.processModelId,
    processInstanceId: row.processInstanceId!,
    eventType: row.kind === 'message' ? 'messageEvent' : 'signalEvent',
    eventName: row.name,
    bpmnType: row.flowNodeType as WaitingEvent['bpmnType'],
  };
}

export function externalTaskOf(row: ExternalTaskRecord): ExternalTask {
  const { id, topic, correlationId, processModelId, processInstanceId, payload } = row;
  return {
    id,
    workerId: row.workerId!,
    topic,
    flowNodeInstanceId: id,
    correlationId,
    processModelId,
    processInstanceId,
    identity: { token: '', userId: row.ownerId },
    ...(payload === undefined ? {} : { payload }),
    lockExpirationTime: isoTime(row.lockedUntil),
    state: 'pending',
    createdAt: isoTime(row.createdAt),
  };
}

export function definitionOf(row: DefinitionRecord, withXml: boolean): Definition {
  return {
    id: row.id,
    processModelId: row.key,
    version: row.version,
    ...present('versionTag', row.versionTag),
    ...present('name', row.name),
    hash: row.hash,
    deploymentId: row.deploymentId,
    fileName: row.fileName,
    executable: row.executable,
    createdAt: isoTime(row.createdAt),
    ...(withXml ? { xml: row.xml } : {}),
  };
}

function errorOf(error: ErrorData | null): Pick<ManagedProcessInstance, 'error'> {
  if (error === null) return {};
  const { name, code, message, additionalInformation } = error;
  return { error: { name, code, message, ...present('additionalInformation', additionalInformation) } };
}

export function managedInstance(row: ProcessInstanceRecord): ManagedProcessInstance {
  return {
    processInstanceId: row.id,
    processModelId: row.processModelId,
    definitionId: row.definitionId,
    correlationId: row.correlationId,
    ...present('businessKey', row.businessKey),
    ...present('parentProcessInstanceId', row.parentInstanceId),
    ownerId: row.ownerId,
    state: row.state,
    startedAt: isoTime(row.startedAt),
    ...present('endedAt', row.endedAt === null ? null : isoTime(row.endedAt)),
    ...errorOf(row.error),
  };
}

export function flowNodeInstanceOf(row: FlowNodeInstanceRecord): FlowNodeInstance {
  return {
    flowNodeInstanceId: row.id,
    flowNodeId: row.flowNodeId,
    flowNodeType: row.flowNodeType,
    processInstanceId: row.processInstanceId,
    scopeId: row.scopeId,
    ...present('previousFlowNodeInstanceId', row.previousId),
    state: row.state,
    ...(row.payload === undefined ? {} : { payload: row.payload }),
    ...(row.result === undefined ? {} : { result: row.result }),
    enteredAt: isoTime(row.enteredAt),
    ...present('leftAt', row.leftAt === null ? null : isoTime(row.leftAt)),
    ...present('completedSeq', row.completedSeq),
    ...errorOf(row.error),
  };
}

export function incidentOf(row: IncidentRecord): Incident {
  const { id, processInstanceId, processModelId, flowNodeInstanceId, flowNodeId, createdAt } = row;
  return {
    id,
    processInstanceId,
    processModelId,
    flowNodeInstanceId,
    flowNodeId,
    error: incidentError(row.error),
    createdAt: isoTime(createdAt),
  };
}

/** Without what is for the engine alone. */
function shownError({
  name,
  code,
  message,
  additionalInformation,
}: ErrorData): NonNullable<ManagedProcessInstance['error']> {
  return { name, code, message, ...present('additionalInformation', additionalInformation) };
}

function incidentError(error: ErrorData): Incident['error'] {
  return { ...shownError(error), ...present('stack', error.stack) };
}

export function jobOf(row: JobRecord): Job {
  const failed = row.owner === FAILED_JOB_OWNER;
  return {
    id: row.id,
    kind: row.kind,
    ...present('processInstanceId', row.processInstanceId),
    ...present('definitionId', row.definitionId),
    ...present('flowNodeInstanceId', row.flowNodeInstanceId),
    ...present('flowNodeId', row.flowNodeId),
    dueAt: isoTime(row.dueAt),
    ...(failed ? {} : lockOf(row)),
    attempts: row.attempts,
    ...present('error', row.error === null ? null : shownError(row.error)),
    failed,
  };
}

function lockOf({ owner, lockedUntil }: JobRecord): Pick<Job, 'owner' | 'lockedUntil'> {
  return { ...present('owner', owner), ...present('lockedUntil', lockedUntil === 0 ? null : isoTime(lockedUntil)) };
}

/** A job that failed for good, as an incident. */
export function incidentOfJob(job: JobRecord, processModelId: string): Incident {
  return {
    id: job.id,
    jobKind: job.kind,
    ...present('processInstanceId', job.processInstanceId),
    processModelId,
    ...present('flowNodeInstanceId', job.flowNodeInstanceId),
    ...present('flowNodeId', job.flowNodeId),
    error: incidentError(job.error ?? { name: 'Error', code: '', message: '' }),
    createdAt: isoTime(job.failedAt ?? job.createdAt),
  };
}

export function bufferedMessageOf(row: MessageRecord): BufferedMessage {
  return {
    id: row.id,
    name: row.name,
    ...present('messageId', row.messageId),
    ...present('correlationKeys', row.correlationKeys),
    ...present('businessKey', row.businessKey),
    ...present('processInstanceId', row.processInstanceId),
    ...(row.payload === undefined ? {} : { payload: row.payload }),
    createdAt: isoTime(row.createdAt),
    expiresAt: isoTime(row.expiresAt),
  };
}

export function subscriptionOf(row: SubscriptionRecord): SubscriptionInfo {
  const { id, kind, name, flowNodeId, processModelId } = row;
  return {
    id,
    kind,
    name,
    ...present('processInstanceId', row.processInstanceId),
    ...present('flowNodeInstanceId', row.flowNodeInstanceId),
    flowNodeId,
    processModelId,
  };
}

export function timerOf(row: JobRecord, processModelId: string): SubscriptionInfo {
  return {
    id: row.id,
    kind: 'timer',
    name: row.flowNodeId ?? '',
    ...present('processInstanceId', row.processInstanceId),
    ...present('flowNodeInstanceId', row.flowNodeInstanceId),
    flowNodeId: row.flowNodeId ?? '',
    processModelId,
    dueAt: isoTime(row.dueAt),
  };
}
