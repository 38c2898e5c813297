import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation } from './compilation.js';

/**
 * Writes into every node the names of the lanes around it (BPMN 10.8), outermost first: those of the containers, then
 * those of its own container. A lane with lanes inside lists nothing of its own.
 */
export function assignLanes(compilation: Compilation, containers: readonly BpmnElement[]): void {
  const own = new Map<BpmnElement, readonly string[]>();
  for (const container of containers) {
    for (const laneSet of container.laneSets ?? []) collect(laneSet, [], own);
  }
  if (own.size === 0) return;
  const all = new Map<object, readonly string[]>();
  for (const { element, node } of compilation.entries.values()) {
    // A boundary event that no lane lists lies where its activity lies.
    const host = node.kind === 'boundary-event' ? element.attachedToRef : undefined;
    const names = own.get(element) ?? (host && own.get(host)) ?? [];
    const around = (node.scope && all.get(node.scope)) ?? [];
    const lanes = [...around, ...names];
    all.set(node, lanes);
    node.lanes = JSON.stringify(lanes);
  }
}

function collect(laneSet: BpmnElement, outer: readonly string[], into: Map<BpmnElement, readonly string[]>): void {
  for (const lane of laneSet.lanes ?? []) {
    const names = [...outer, lane.name ?? lane.id ?? ''];
    const { childLaneSet } = lane;
    if (childLaneSet?.lanes !== undefined) collect(childLaneSet, names, into);
    else for (const node of lane.flowNodeRef ?? []) into.set(node, names);
  }
}
