import type { Compilation } from '../compile/compilation.js';
import { isActivity } from '../compile/implicit-starts.js';
import type { BoundaryEventNode, FlowNode, ProcessGraph } from '../graph.js';

/** Which nodes may have incoming and outgoing flows and boundary events (BPMN 7.6.1, 10.5). */
export function checkConnections(compilation: Compilation, { nodesById }: ProcessGraph): void {
  for (const node of nodesById.values()) {
    checkEnds(compilation, node);
    if (node.kind === 'boundary-event') checkHost(compilation, node);
    if (node.isForCompensation) checkCompensationActivity(compilation, node);
  }
}

function checkEnds(compilation: Compilation, { kind, id, incoming, outgoing }: FlowNode): void {
  const into = incoming.map((flow) => `'${flow.id}'`).join(', ');
  if (kind === 'start-event' && incoming.length > 0) {
    compilation.report('start-with-incoming', { id }, `The start event '${id}' has an incoming flow: ${into}.`);
  }
  if (kind === 'boundary-event' && incoming.length > 0) {
    compilation.report('boundary-with-incoming', { id }, `The boundary event '${id}' has an incoming flow: ${into}.`);
  }
  if (kind === 'end-event' && outgoing.length > 0) {
    const out = outgoing.map((flow) => `'${flow.id}'`).join(', ');
    compilation.report('end-with-outgoing', { id }, `The end event '${id}' has an outgoing flow: ${out}.`);
  }
}

function checkHost(compilation: Compilation, event: BoundaryEventNode): void {
  const { attachedTo: host, id, eventDefinitions, outgoing } = event;
  if (!isActivity(host)) {
    const message = `The boundary event '${id}' is attached to '${host.id}', which is no activity.`;
    compilation.report('invalid-boundary-host', event, message);
  }
  if (eventDefinitions.some(({ kind }) => kind === 'cancel') && host.kind !== 'transaction') {
    const message = `The cancel boundary event '${id}' is attached to '${host.id}', which is no transaction.`;
    compilation.report('invalid-boundary-host', event, message);
  }
  if (eventDefinitions.some(({ kind }) => kind === 'compensation') && outgoing.length > 0) {
    const message = `The compensation boundary event '${id}' has an outgoing flow; it is associated with its activity instead.`;
    compilation.report('compensation-handler', event, message);
  }
}

function checkCompensationActivity(compilation: Compilation, node: FlowNode): void {
  if (node.incoming.length + node.outgoing.length === 0) return;
  const message = `'${node.id}' is for compensation and so outside the normal flow: it can have no sequence flows.`;
  compilation.report('compensation-handler', node, message);
}
