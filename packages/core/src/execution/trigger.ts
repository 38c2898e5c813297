/** Waiting instances go on: a task was completed, an event occurred, a called process ended. */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { BoundaryEventNode, FlowNode, StartEventNode } from '../model/graph.js';
import type { Trigger } from './behaviours/behaviour.js';
import { behaviourOf } from './behaviours/index.js';
import { fireBoundaryEvent } from './boundary-events.js';
import { noteHeld } from './conditions.js';
import { messageOf } from './conversations.js';
import { fixReceived } from './correlation-keys.js';
import { fireEventSubProcess } from './event-sub-processes.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';
import { isJsonObject } from './variables.js';
import { closeWait, findWait, openEventWaits, rearmTimer, waitsOf } from './waits.js';

/** What occurred at a wait. */
export interface WaitTrigger {
  readonly waitId: string;
  readonly payload: JsonValue | undefined;
  readonly hasPayload: boolean;
  readonly keyHash?: string | undefined;
}

/** Lets a waiting instance go on. */
export function resume(step: Step, instance: FlowNodeInstance, trigger: Trigger): void {
  step.attempt(instance, () => behaviourOf(instance).resume?.(step, instance, instance.node as never, trigger));
}

/** A subscription or timer of the instance fired: its own event, a boundary event, or an event sub-process. False: it is gone. */
export function triggerWait(
  step: Step,
  owner: FlowNodeInstance,
  { waitId, payload, hasPayload, keyHash }: WaitTrigger,
): boolean {
  const wait = findWait(owner, waitId);
  const event = wait?.flowNodeId == null ? undefined : step.graph.nodesById.get(wait.flowNodeId);
  if (wait === undefined || event === undefined) return false;
  const occurrence = { payload, hasPayload };
  if ('keyHash' in wait && wait.kind === 'message') {
    const message = messageOf(event, wait);
    // The first message of a conversation fixes the keys of those that follow.
    if (message !== undefined) step.attempt(owner, () => fixReceived(step, owner, message, { payload, keyHash }));
  }
  if (isParallelMultiple(event)) {
    closeWait(step, owner, waitId);
    const all = collect(step, owner, event, occurrence);
    if (all !== undefined) occur(step, owner, event, all);
    return true;
  }
  if ('dueAt' in wait && event !== owner.node) rearmTimer(step, owner, wait);
  occur(step, owner, event, occurrence);
  return true;
}

interface EventOccurrence {
  readonly payload: JsonValue | undefined;
  readonly hasPayload: boolean;
}

/** One of the triggers an event needs has occurred. When it was the last: the payloads of all, as one object. */
function collect(
  step: Step,
  owner: FlowNodeInstance,
  event: FlowNode,
  { payload, hasPayload }: EventOccurrence,
): EventOccurrence | undefined {
  const { [event.id]: before, ...others } = (owner.local?.brought ?? {}) as JsonObject;
  const all = hasPayload ? merged(before, payload) : before;
  const isLast = waitsOf(owner, event.id).length === 0;
  const brought = isLast || all === undefined ? others : { ...others, [event.id]: all };
  owner.local = { ...owner.local, brought };
  step.changes.touch(owner);
  return isLast ? { payload: all, hasPayload: all !== undefined } : undefined;
}

function merged(before: JsonValue | undefined, payload: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(before) && isJsonObject(payload) ? { ...before, ...payload } : (payload ?? before);
}

function occur(step: Step, owner: FlowNodeInstance, event: FlowNode, occurrence: EventOccurrence): void {
  if (event.kind === 'boundary-event') {
    fireBoundaryEvent(step, owner, event, occurrence);
    rearmParallelMultiple(step, owner, event);
  } else if (event.kind === 'start-event') {
    fireEventSubProcess(step, owner, event, occurrence);
    rearmParallelMultiple(step, owner, event);
  } else {
    resume(step, owner, { kind: 'event', event, ...occurrence });
  }
}

function isParallelMultiple(event: FlowNode): boolean {
  return 'parallelMultiple' in event && event.parallelMultiple && event.eventDefinitions.length > 1;
}

/** A non-interrupting event that needs all of its triggers waits for all of them anew. */
function rearmParallelMultiple(step: Step, owner: FlowNodeInstance, event: BoundaryEventNode | StartEventNode): void {
  if (!isParallelMultiple(event) || event.interrupting || !owner.isLive) return;
  openEventWaits(step, owner, event);
  noteHeld(step, owner, event.id);
}
