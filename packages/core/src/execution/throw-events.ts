/** What throw and end events do with their definitions, one after the other (BPMN 10.5.4, 10.5.6). */
import type { JsonValue } from '@process-engine/contracts';
import type { CompensateEventDefinition, EventDefinition } from '../model/graph.js';
import { escalate } from './escalation.js';
import type { FlowNodeInstance } from './instance-state.js';
import { publish } from './publish.js';
import type { Step } from './step.js';

/** Sends messages and signals. What else an event may throw changes its own course, and is the event's business. */
export function sendAll(
  step: Step,
  instance: FlowNodeInstance,
  definitions: readonly EventDefinition[],
  payload: JsonValue | undefined,
): void {
  for (const definition of definitions)
    if (definition.kind === 'message' || definition.kind === 'signal') publish(step, instance, definition, payload);
}

/** Escalates, once the event itself is done: what catches it may end all that is around the event. */
export function escalateAll(
  step: Step,
  instance: FlowNodeInstance,
  definitions: readonly EventDefinition[],
  payload: JsonValue | undefined,
): void {
  for (const definition of definitions) {
    if (!instance.scope!.isLive) return;
    if (definition.kind === 'escalation')
      escalate(step, instance, { code: definition.code ?? '', name: definition.name, payload });
  }
}

export function compensationOf(definitions: readonly EventDefinition[]): CompensateEventDefinition | undefined {
  return definitions.find((definition) => definition.kind === 'compensation');
}
