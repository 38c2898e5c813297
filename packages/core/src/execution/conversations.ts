/**
 * The messages an instance waits for, as its correlation keys and its data change (BPMN 8.4.2): whoever waits already is
 * found by the new values from then on.
 */
import type { SubscriptionRecord } from '@process-engine/contracts/storage';
import type { FlowNode, MessageEventDefinition, ProcessGraph } from '../model/graph.js';
import { correlationHash } from './correlation-keys.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';
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
