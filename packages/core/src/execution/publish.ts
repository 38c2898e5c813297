/** Throwing a message or signal: a job delivers it after the commit. */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { MessageEventDefinition, SignalEventDefinition } from '../model/graph.js';
import { hashOfKeys, keysOfSent } from './correlation-keys.js';
import { evaluateText } from './evaluation.js';
import type { FlowNodeInstance } from './instance-state.js';
import { notify } from './notify.js';
import type { Step } from './step.js';

/** Sends to whoever waits: a message to one receiver, a signal to all. */
export function publish(
  step: Step,
  instance: FlowNodeInstance,
  definition: MessageEventDefinition | SignalEventDefinition,
  payload: JsonValue | undefined,
): void {
  const name = evaluateText(step, instance, definition.name, `${definition.kind} name`);
  const keys = definition.kind === 'message' ? keysOfSent(step, instance, definition, payload) : {};
  const { correlationId, ownerId } = step.state.record;
  const job: JsonObject = { kind: definition.kind, name, keyHash: hashOfKeys(keys), correlationId, ownerId };
  if (payload !== undefined) job.payload = payload;
  step.addJob({ kind: 'publish', flowNodeId: instance.node.id, payload: job });
  notify(step, definition.kind === 'message' ? 'message_triggered' : 'signal_triggered', instance, payload, {
    eventName: name,
  });
}
