/** Events that had occurred before their node was entered: behind an event-based gateway, or what started the instance. */
import type { JsonValue } from '@process-engine/contracts';
import type { FlowNode } from '../model/graph.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';
import { passThrough } from './behaviours/behaviour.js';

/** What an event brings to a node; without a payload of its own, the token's goes on. */
export interface Arrival {
  readonly payload: JsonValue | undefined;
  readonly hasPayload: boolean;
}

/** Enters a catching node whose event has occurred. */
export function enterArrived(
  step: Step,
  node: FlowNode,
  from: FlowNodeInstance,
  { payload, hasPayload }: Arrival,
): void {
  const carried = hasPayload ? { value: payload, from: null } : passThrough(from);
  const instance = step.spawn(node, from.scope!, step.tokenAfter(from, carried));
  instance.local = { arrived: true, received: hasPayload };
}

export function hasArrived(instance: FlowNodeInstance): boolean {
  return instance.local?.arrived === true;
}

/** Leaves a node whose event had occurred. */
export function arrive(step: Step, instance: FlowNodeInstance): void {
  const received = instance.local?.received === true;
  if (received) step.leave(instance, { result: instance.payload, data: instance.payload });
  else step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
}
