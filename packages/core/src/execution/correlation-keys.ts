/**
 * Correlation keys: which values a message must carry to reach an instance (BPMN 8.4.2). A property is bound to the
 * instance's data, or fixed by the first message of the conversation that was sent or received.
 */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { MessageCorrelation, MessageEventDefinition } from '../model/graph.js';
import { evaluate } from './evaluation.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';
import { isJsonObject } from './variables.js';

type Property = MessageCorrelation['properties'][number];

/** What a subscription with these values is found by: the same text for the same values, whatever their order. */
export function hashOfKeys(keys: Readonly<JsonObject>): string {
  const sorted = Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? '' : JSON.stringify(sorted);
}

/** The values a hash was made of. */
function keysOfHash(hash: string): JsonObject {
  return hash === '' ? {} : Object.fromEntries<JsonValue>(JSON.parse(hash) as [string, JsonValue][]);
}

/** The hash of the values the instance expects; `''` where any message of the name will do. */
export function correlationHash(step: Step, owner: FlowNodeInstance, definition: MessageEventDefinition): string {
  const { correlation } = definition;
  if (correlation === undefined) return '';
  const fixed = fixedKeys(step);
  return hashOfKeys(
    valuesOf(correlation, (property) =>
      property.fromInstance === undefined
        ? fixed[property.name]
        : evaluate(step, owner, property.fromInstance, { what: whatOf(property) }),
    ),
  );
}

/** The values a message to be sent carries: read from its payload or the instance's data. The first one fixes them. */
export function keysOfSent(
  step: Step,
  sender: FlowNodeInstance,
  { correlation }: MessageEventDefinition,
  payload: JsonValue | undefined,
): JsonObject {
  if (correlation === undefined) return {};
  const extra = isJsonObject(payload) ? payload : {};
  const fixed = fixedKeys(step);
  const keys = valuesOf(
    correlation,
    (property) =>
      evaluate(step, sender, property.fromMessage, { what: whatOf(property), extra }) ?? fixed[property.name],
  );
  fix(step, correlation, keys);
  return keys;
}

/** What arrives with a message. */
export interface Received {
  readonly payload: JsonValue | undefined;
  /** The keys its sender named. */
  readonly keyHash?: string | undefined;
}

/** A message has arrived: the first one fixes the values for those that follow. */
export function fixReceived(
  step: Step,
  receiver: FlowNodeInstance,
  { correlation }: MessageEventDefinition,
  { payload, keyHash = '' }: Received,
): void {
  if (correlation === undefined) return;
  const named = keysOfHash(keyHash);
  const carried = isJsonObject(payload) ? payload : {};
  const read = (property: Property): JsonValue | undefined => {
    // The message alone counts, not the data of the instance.
    const nothing = Object.fromEntries([...property.fromMessage.names].map((name) => [name, null]));
    const extra = { ...nothing, ...carried };
    return evaluate(step, receiver, property.fromMessage, { what: whatOf(property), extra }) ?? named[property.name];
  };
  fix(step, correlation, valuesOf(correlation, read));
}

function fixedKeys(step: Step): JsonObject {
  return (step.state.root.local?.correlationKeys ?? {}) as JsonObject;
}

function fix(step: Step, correlation: MessageCorrelation, keys: JsonObject): void {
  const fixed = fixedKeys(step);
  const added: JsonObject = {};
  for (const { name, fromInstance } of correlation.properties) {
    const value = keys[name];
    if (fromInstance === undefined && value !== undefined && !Object.hasOwn(fixed, name)) added[name] = value;
  }
  if (Object.keys(added).length === 0) return;
  const { root } = step.state;
  root.local = { ...root.local, correlationKeys: { ...fixed, ...added } };
}

/** The values of a key's properties, as far as there are any. */
export function valuesOf(
  correlation: MessageCorrelation,
  read: (property: Property) => JsonValue | undefined,
): JsonObject {
  const keys: JsonObject = {};
  for (const property of correlation.properties) {
    const value = read(property);
    if (value !== undefined && value !== null) keys[property.name] = value;
  }
  return keys;
}

function whatOf({ name }: Property): string {
  return `correlation property '${name}'`;
}
