/** Timers inside an instance: when they are due, and what a repeating one does after it fired (BPMN 10.5.5). */
import type { JsonObject } from '@process-engine/contracts';
import type { JobRecord } from '@process-engine/contracts/storage';
import type { FlowNode, TimerEventDefinition } from '../model/graph.js';
import { nextDue, parseTimer, TimerSyntaxError, type Timer } from '../model/timers.js';
import { evaluateText } from './evaluation.js';
import { failure } from './failures.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';

export interface TimerOccurrence {
  readonly timer: JsonObject;
  readonly dueAt: number;
}

/** When the timer fires for the first time; undefined: never. */
export function firstOccurrence(
  step: Step,
  owner: FlowNodeInstance,
  { event, definition }: { event: FlowNode; definition: TimerEventDefinition },
): TimerOccurrence | undefined {
  const timer = readTimer(event, definition, evaluateText(step, owner, definition.value, 'timer'));
  const dueAt = nextDue(timer, { now: step.now, count: 0 });
  return dueAt === undefined ? undefined : { timer: timer as unknown as JsonObject, dueAt };
}

function readTimer(event: FlowNode, definition: TimerEventDefinition, text: string): Timer {
  try {
    return parseTimer(definition.timer, text);
  } catch (error) {
    if (!(error instanceof TimerSyntaxError)) throw error;
    throw failure(`timer of '${event.id}': ${error.message}`, { name: 'UnprocessableEntityError', status: 422 });
  }
}

/** When a repeating timer fires again after it fired; undefined: never. */
export function nextOccurrence(step: Step, job: JobRecord): { dueAt: number; payload: JsonObject } | undefined {
  const { timer, count } = job.payload as unknown as { timer: Timer; count: number };
  const dueAt = nextDue(timer, { now: step.now, last: job.dueAt, count });
  return dueAt === undefined ? undefined : { dueAt, payload: { ...job.payload, count: count + 1 } };
}
