/** What a deployed model waits for before it has instances: messages, signals and timers of its start events. */
import type { JsonObject } from '@process-engine/contracts';
import type { DefinitionRecord, JobRecord, SubscriptionRecord } from '@process-engine/contracts/storage';
import type { EventDefinition, FlowNode, ProcessGraph, StartEventNode, TimerEventDefinition } from '../model/graph.js';
import { nextDue, parseTimer } from '../model/timers.js';

/** Subscriptions of all that starts an executable model by message or signal: start events, instantiating tasks and gateways. */
export function startSubscriptions(
  definition: DefinitionRecord,
  graph: ProcessGraph,
  newId: () => string,
): SubscriptionRecord[] {
  if (!graph.isExecutable) return [];
  return [...startDefinitions(graph), ...instantiatingDefinitions(graph)].flatMap(({ event, definition: started }) => {
    if (started.kind !== 'message' && started.kind !== 'signal') return [];
    return [subscriptionOf(definition, event, { id: newId(), kind: started.kind, name: started.name.source })];
  });
}

interface StartDefinition {
  readonly event: FlowNode;
  readonly definition: EventDefinition;
}

/** BPMN 13.5.1: receive tasks and event-based gateways that are marked to instantiate. */
function instantiatingDefinitions(graph: ProcessGraph): StartDefinition[] {
  return graph.root.nodes.flatMap((node) => {
    if (node.kind === 'receive-task' && node.instantiate) return [{ event: node, definition: node.message }];
    if (node.kind !== 'event-based-gateway' || !node.instantiate) return [];
    return node.outgoing.flatMap(({ target }) =>
      definitionsOf(target).map((definition) => ({ event: target, definition })),
    );
  });
}

function definitionsOf(node: FlowNode): readonly EventDefinition[] {
  if (node.kind === 'receive-task') return [node.message];
  return node.kind === 'intermediate-catch-event' ? node.eventDefinitions : [];
}

function subscriptionOf(
  definition: DefinitionRecord,
  event: FlowNode,
  what: Pick<SubscriptionRecord, 'id' | 'kind' | 'name'>,
): SubscriptionRecord {
  return {
    ...what,
    tenantId: definition.tenantId,
    keyHash: '',
    processInstanceId: null,
    flowNodeInstanceId: null,
    flowNodeId: event.id,
    flowNodeType: event.type,
    definitionId: definition.id,
    processModelId: definition.key,
    correlationId: null,
    businessKey: null,
    lanes: event.lanes,
    createdAt: definition.createdAt,
  };
}

function startDefinitions(graph: ProcessGraph): { event: StartEventNode; definition: EventDefinition }[] {
  return graph.root.startEvents.flatMap((event) => event.eventDefinitions.map((definition) => ({ event, definition })));
}

/** Jobs of the timer start events; times count from now, the deployment. */
export function startJobs(
  definition: DefinitionRecord,
  graph: ProcessGraph,
  { newId, now }: { newId: () => string; now: number },
): JobRecord[] {
  if (!graph.isExecutable) return [];
  return startDefinitions(graph).flatMap(({ event, definition: started }) => {
    if (started.kind !== 'timer' || !started.enabled) return [];
    const job = firstStart(definition, event, started, { newId, now });
    return job === undefined ? [] : [job];
  });
}

function firstStart(
  definition: DefinitionRecord,
  event: StartEventNode,
  started: TimerEventDefinition,
  { newId, now }: { newId: () => string; now: number },
): JobRecord | undefined {
  const timer = parseTimer(started.timer, started.value.source);
  const dueAt = nextDue(timer, { now, count: 0 });
  if (dueAt === undefined) return undefined;
  const payload: JsonObject = { timer: timer as unknown as JsonObject, count: 1, schedule: started.value.source };
  return startJob({ id: newId(), definition, flowNodeId: event.id, dueAt, payload, now });
}

export interface StartJob {
  readonly id: string;
  readonly definition: Pick<DefinitionRecord, 'id' | 'tenantId'>;
  readonly flowNodeId: string;
  readonly dueAt: number;
  readonly payload: JsonObject;
  readonly now: number;
}

export function startJob({ id, definition, flowNodeId, dueAt, payload, now }: StartJob): JobRecord {
  return {
    id,
    tenantId: definition.tenantId,
    kind: 'start-timer',
    processInstanceId: null,
    definitionId: definition.id,
    flowNodeInstanceId: null,
    flowNodeId,
    dueAt,
    owner: null,
    lockedUntil: 0,
    attempts: 0,
    error: null,
    failedAt: null,
    payload,
    createdAt: now,
  };
}
