/**
 * The messages an instance waits for, as its correlation keys and its data change (BPMN 8.4.2): whoever waits already is
 * found by the new values from then on.
 */
import type { JsonValue } from '@process-engine/contracts';
import type { SubscriptionRecord } from '@process-engine/contracts/storage';
import type { FlowNode, MessageEventDefinition, ProcessGraph } from '../model/graph.js';
import { correlationHash, hashOfKeys, valuesOf } from './correlation-keys.js';
import type { FlowNodeInstance } from './instance-state.js';
import { jsonOf } from './json-of.js';
import type { Step } from './step.js';
import { isJsonObject } from './variables.js';
import { replaceSubscription } from './waits.js';

/** The messages a node catches or throws. */
export function messagesOf(node: FlowNode): readonly MessageEventDefinition[] {
  if (node.kind === 'receive-task' || node.kind === 'send-task') return [node.message];
  if (!('eventDefinitions' in node)) return [];
  return node.eventDefinitions.filter((definition) => definition.kind === 'message');
}

/** The definition an open subscription is for; of several messages of one event the one of its name. */
export function messageOf(node: FlowNode, { name }: SubscriptionRecord): MessageEventDefinition | undefined {
  const messages = messagesOf(node);
  return messages.find((message) => message.name.source === name) ?? messages[0];
}

/** Opens the subscriptions anew whose keys have other values now. */
export function updateSubscriptions(step: Step): void {
  if (!hasCorrelation(step.graph)) return;
  for (const owner of [...step.state.instances.values()]) {
    for (const row of [...(owner.waits?.subscriptions ?? [])])
      if (row.kind === 'message') step.attempt(owner, () => update(step, owner, row));
  }
}

function update(step: Step, owner: FlowNodeInstance, row: SubscriptionRecord): void {
  const message = messageOf(step.graph.nodesById.get(row.flowNodeId)!, row);
  if (message?.correlation === undefined) return;
  const keyHash = correlationHash(step, owner, message);
  if (keyHash !== row.keyHash && owner.isLive) replaceSubscription(step, owner, row, { keyHash });
}

/** The keys a message carries in its payload for who waits by this subscription; `''` where it carries none. */
export function hashOfPayload(
  graph: ProcessGraph,
  row: SubscriptionRecord,
  { payload, now }: { readonly payload: JsonValue | undefined; readonly now: number },
): string {
  const node = graph.nodesById.get(row.flowNodeId);
  const correlation = node && messageOf(node, row)?.correlation;
  if (correlation === undefined || !isJsonObject(payload)) return '';
  const lookup = (name: string): unknown => (Object.hasOwn(payload, name) ? payload[name] : undefined);
  try {
    return hashOfKeys(
      valuesOf(correlation, ({ fromMessage }) => jsonOf(fromMessage.evaluate({ lookup, now, random: () => 0 }))),
    );
  } catch {
    // What cannot be read is not carried.
    return '';
  }
}

const GRAPHS_WITH_CORRELATION = new WeakMap<ProcessGraph, boolean>();

function hasCorrelation(graph: ProcessGraph): boolean {
  let known = GRAPHS_WITH_CORRELATION.get(graph);
  if (known === undefined) {
    known = [...graph.nodesById.values()].some((node) =>
      messagesOf(node).some(({ correlation }) => correlation !== undefined),
    );
    GRAPHS_WITH_CORRELATION.set(graph, known);
  }
  return known;
}
