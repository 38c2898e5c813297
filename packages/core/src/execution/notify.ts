/** Notifications a step leaves behind, sent after its commit. */
import type { JsonValue, NotificationKind, NotificationPayload } from '@process-engine/contracts';
import type { FlowNodeKind } from '../model/graph.js';
import type { FlowNodeInstance } from './instance-state.js';
import { isLoopBody } from './loop-body.js';
import type { Step } from './step.js';

/** Kinds whose entering and leaving are told as activities. */
const ACTIVITIES: ReadonlySet<string> = new Set<FlowNodeKind>([
  'script-task',
  'service-task',
  'external-task',
  'send-task',
  'receive-task',
  'call-activity',
  'sub-process',
  'transaction',
  'ad-hoc-sub-process',
]);

/** What leaving a node of these kinds is told as. */
const LEFT: Partial<Record<string, NotificationKind>> = {
  'user-task': 'user_task_finished',
  'manual-task': 'manual_task_finished',
  'empty-task': 'empty_activity_finished',
  'intermediate-throw-event': 'intermediate_throw_event_triggered',
  'intermediate-catch-event': 'intermediate_catch_event_finished',
  'end-event': 'end_event_reached',
} satisfies Partial<Record<FlowNodeKind, NotificationKind>>;

export function notify(
  step: Step,
  kind: NotificationKind,
  instance: FlowNodeInstance,
  currentToken: JsonValue | undefined,
  more: Partial<NotificationPayload> = {},
): void {
  if (!step.env.notify) return;
  const { record } = step.state;
  const { node } = instance;
  const payload: NotificationPayload = {
    correlationId: record.correlationId,
    processModelId: record.processModelId,
    processInstanceId: record.id,
    ...(instance === step.state.root
      ? {}
      : { flowNodeId: node.id, flowNodeInstanceId: instance.id, flowNodeType: node.type }),
    ...(currentToken === undefined ? {} : { currentToken }),
    ...more,
  };
  const { ownerId, tenantId } = record;
  step.notifications.push({ kind, payload, ownerId, tenantId, lanes: lanesOf(step, instance, payload) });
}

/** The lanes of the flow node it is about; what is about the instance as a whole belongs where the instance began. */
function lanesOf(step: Step, instance: FlowNodeInstance, { flowNodeId }: NotificationPayload): string {
  if (instance !== step.state.root) return instance.node.lanes;
  const { nodesById } = step.state.graph;
  return nodesById.get(flowNodeId ?? step.state.record.startEventId ?? '')?.lanes ?? instance.node.lanes;
}

export function notifyEntered(step: Step, instance: FlowNodeInstance): void {
  if (ACTIVITIES.has(instance.node.kind) && !isLoopBody(instance) && instance.local?.reopened !== true)
    notify(step, 'activity_reached', instance, instance.payload);
}

export function notifyLeft(step: Step, instance: FlowNodeInstance): void {
  if (!step.env.notify || isLoopBody(instance)) return;
  const { kind } = instance.node;
  if (ACTIVITIES.has(kind)) return notify(step, 'activity_finished', instance, instance.result);
  const left = LEFT[kind];
  if (left === undefined) return;
  const more = left === 'user_task_finished' ? { userTaskResult: instance.result } : {};
  notify(step, left, instance, instance.result, more);
}
