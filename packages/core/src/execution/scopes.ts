/** Opening scopes: declared data, event sub-processes, and the nodes a scope begins with (BPMN 13.3.4, 13.5.1). */
import type { ProcessNode, StartEventNode, SubProcessNode } from '../model/graph.js';
import { enterArrived } from './arrived-event.js';
import type { FlowNodeInstance, Token } from './instance-state.js';
import type { Step } from './step.js';
import { setLocalVariable } from './variables.js';
import { openEventSubProcesses } from './waits.js';

/** Opens the scope of a sub-process or of the process itself at its start event (default: the none start event). */
export function openScope(
  step: Step,
  scope: FlowNodeInstance,
  node: SubProcessNode | ProcessNode,
  startEventId?: string,
): void {
  const start = startOf(node, startEventId);
  prepareScope(step, scope, node);
  const token = startToken(scope);
  for (const first of start === undefined ? node.implicitStarts : [start]) step.spawn(first, scope, token);
  step.checkScope(scope);
}

/**
 * Starts an instance at a node that starts by its own event: an instantiating receive task, or an event behind an
 * instantiating event-based gateway. False: the id names no such node.
 */
export function startAtEvent(step: Step, id: string | undefined): boolean {
  const node = id === undefined ? undefined : step.graph.nodesById.get(id);
  if (node === undefined || node.kind === 'start-event') return false;
  const { root } = step.state;
  prepareScope(step, root, step.graph.root);
  const gateway = node.incoming.map(({ source }) => source).find((source) => source.kind === 'event-based-gateway');
  if (gateway !== undefined) {
    const waiting = step.spawn(gateway, root, root.token);
    waiting.local = { occurred: node.id };
    enterArrived(step, node, waiting, { payload: root.payload, hasPayload: true });
  } else {
    const instance = step.spawn(node, root, root.token);
    instance.local = { arrived: true, received: true };
  }
  return true;
}

/** Declares the scope's data, null at first, and arms its event sub-processes. */
export function prepareScope(step: Step, scope: FlowNodeInstance, node: SubProcessNode | ProcessNode): void {
  for (const { name } of node.data) if (scope.variables?.has(name) !== true) setLocalVariable(step, scope, name, null);
  openEventSubProcesses(step, scope);
}

export function startToken(scope: FlowNodeInstance): Token {
  const { payload, payloadFrom, trail, previousId } = scope;
  return { payload, payloadFrom, trail, previousId };
}

function startOf(node: SubProcessNode | ProcessNode, id: string | undefined): StartEventNode | undefined {
  if (id !== undefined) return node.startEvents.find((start) => start.id === id);
  return node.startEvents.find(({ eventDefinitions }) => eventDefinitions.length === 0) ?? node.startEvents[0];
}
