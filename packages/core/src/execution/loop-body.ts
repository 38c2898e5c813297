/**
 * What multi-instance activities and standard loops share: a body instance of the same node around the iterations.
 *
 * 1. The body is a scope: it carries the boundary events, the loop's attributes and the collected outputs.
 * 2. Its children are instances of the same node; they take no outgoing flows, and data mappings are theirs.
 */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { FlowNode, MultiInstanceLoop } from '../model/graph.js';
import type { FlowNodeInstance, Token } from './instance-state.js';
import type { Step } from './step.js';
import { passThrough } from './behaviours/behaviour.js';

/** True for the body around the iterations of a looping activity. */
export function isLoopBody({ node, scope }: FlowNodeInstance): boolean {
  return node.loop !== undefined && scope?.node !== node;
}

/** True for one iteration in its body. */
export function isIteration({ node, scope }: FlowNodeInstance): boolean {
  return node.loop !== undefined && scope?.node === node;
}

/** The variables of one iteration alone: its item of the collection, and what it adds to the outputs. */
export function isOwnItem({ node: { loop } }: FlowNodeInstance, name: string): boolean {
  return loop?.kind === 'multi-instance' && (name === loop.elementVariable || name === outputItemOf(loop));
}

/** The standard's output item: a variable. Dialects may have an expression over any data instead. */
export function outputItemOf({ outputElement }: MultiInstanceLoop): string | undefined {
  if (outputElement?.language !== 'javascript') return undefined;
  return outputElement.names.has(outputElement.source) ? outputElement.source : undefined;
}

/** The body's counters, as BPMN names them (table 10.30). */
export interface LoopState extends JsonObject {
  /** Iterations begun. */
  started: number;
  completed: number;
}

export function loopStateOf(body: FlowNodeInstance): LoopState {
  return body.local?.loop as LoopState;
}

export function keepLoopState(step: Step, body: FlowNodeInstance, loop: LoopState): void {
  body.local = { ...body.local, loop };
  step.changes.touch(body);
}

/** Starts the next iteration. Its `loopCounter` counts from 0 (BPMN leaves the first value open). */
export function startIteration(step: Step, body: FlowNodeInstance, token: Token = body.token): FlowNodeInstance {
  const loop = loopStateOf(body);
  const iteration = step.spawn(body.node as FlowNode, body, token);
  iteration.local = { loopCounter: loop.started };
  keepLoopState(step, body, { ...loop, started: loop.started + 1 });
  return iteration;
}

/** The loop ends: what still runs is cancelled, and the body leaves as the activity. */
export function endLoop(step: Step, body: FlowNodeInstance, result: JsonValue | undefined = body.payload): void {
  for (const child of [...body.children].reverse()) step.cancel(child);
  const payload = result === body.payload ? passThrough(body) : { value: result, from: body.id };
  step.leave(body, { result, payload, written: true });
}

/** Loop attributes that expressions may name, from the innermost loop outward. */
export function loopAttribute(instance: FlowNodeInstance, name: string): JsonValue | undefined {
  if (name === 'loopCounter') return isIteration(instance) ? instance.local?.loopCounter : undefined;
  const loop = instance.local?.loop as LoopState | undefined;
  if (loop === undefined) return undefined;
  switch (name) {
    case 'numberOfInstances':
      return loop.total ?? loop.started;
    case 'numberOfActiveInstances':
      return instance.children.size;
    case 'numberOfCompletedInstances':
      return loop.completed;
    case 'numberOfTerminatedInstances':
      return loop.started - loop.completed - instance.children.size;
    default:
      return undefined;
  }
}
