/** Correlation keys: which values a message must carry to reach an instance (BPMN 8.4.2). */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { MessageCorrelation, MessageEventDefinition } from '../model/graph.js';
import { evaluate } from './evaluation.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';

/** What a subscription with these values is found by: the same text for the same values, whatever their order. */
export function hashOfKeys(keys: Readonly<JsonObject>): string {
  const sorted = Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? '' : JSON.stringify(sorted);
}

/** The hash of the values the instance expects; `''` where any message of the name will do. */
export function correlationHash(step: Step, owner: FlowNodeInstance, definition: MessageEventDefinition): string {
  const { correlation } = definition;
  if (correlation === undefined) return '';
  const keys: JsonObject = {};
  for (const { name, fromInstance } of correlation.properties) {
    const value =
      fromInstance === undefined
        ? undefined
        : evaluate(step, owner, fromInstance, { what: `correlation property '${name}'` });
    if (value !== undefined && value !== null) keys[name] = value;
  }
  return hashOfKeys(keys);
}

/** The values a message carries, read from its payload. */
export function keysOfMessage(
  correlation: MessageCorrelation,
  read: (property: MessageCorrelation['properties'][number]) => JsonValue | undefined,
): JsonObject {
  const keys: JsonObject = {};
  for (const property of correlation.properties) {
    const value = read(property);
    if (value !== undefined && value !== null) keys[property.name] = value;
  }
  return keys;
}
