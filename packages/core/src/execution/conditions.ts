/**
 * Conditional events: checked whenever the instance's data may have changed, once the agenda is empty (BPMN 10.5.5).
 * A condition fires when it becomes true; one that already holds when its event begins to wait fires at once.
 */
import type { SubscriptionRecord } from '@process-engine/contracts/storage';
import type { CatchEventNode, ConditionalEventDefinition, ProcessGraph } from '../model/graph.js';
import { isTrue } from './evaluation.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';

interface ConditionWait {
  readonly owner: FlowNodeInstance;
  readonly row: SubscriptionRecord;
}

/** Fires what has become true; `fire` triggers a wait. True where something fired. */
export function checkConditions(step: Step, fire: (owner: FlowNodeInstance, waitId: string) => void): boolean {
  if (!hasConditions(step.graph)) return false;
  let fired = false;
  for (const { owner, row } of conditionWaits(step)) {
    if (!owner.isLive || owner.waits?.subscriptions.includes(row) !== true) continue;
    step.attempt(owner, () => {
      if (!hasBecomeTrue(step, owner, row)) return;
      fire(owner, row.id);
      fired = true;
    });
  }
  return fired;
}

function hasBecomeTrue(step: Step, owner: FlowNodeInstance, row: SubscriptionRecord): boolean {
  const holds = evaluateCondition(step, owner, row);
  const held = isHeld(owner, row.id);
  if (holds !== held) remember(step, owner, row.id, holds);
  return holds && !held;
}

const GRAPHS_WITH_CONDITIONS = new WeakMap<ProcessGraph, boolean>();

function hasConditions(graph: ProcessGraph): boolean {
  let known = GRAPHS_WITH_CONDITIONS.get(graph);
  if (known === undefined) {
    known = [...graph.nodesById.values()].some(
      (node) => 'eventDefinitions' in node && node.eventDefinitions.some(({ kind }) => kind === 'conditional'),
    );
    GRAPHS_WITH_CONDITIONS.set(graph, known);
  }
  return known;
}

function conditionWaits(step: Step): ConditionWait[] {
  return [...step.state.instances.values()].flatMap((owner) =>
    (owner.waits?.subscriptions ?? []).filter(({ kind }) => kind === 'conditional').map((row) => ({ owner, row })),
  );
}

function evaluateCondition(step: Step, owner: FlowNodeInstance, { flowNodeId }: SubscriptionRecord): boolean {
  const event = step.graph.nodesById.get(flowNodeId) as CatchEventNode;
  return event.eventDefinitions
    .filter((definition): definition is ConditionalEventDefinition => definition.kind === 'conditional')
    .some(({ condition }) => isTrue(step, owner, condition, owner.token));
}

/** Whether the condition held when it was last looked at; a non-interrupting event fires again only after it did not. */
function isHeld(owner: FlowNodeInstance, waitId: string): boolean {
  return (owner.local?.held as string[] | undefined)?.includes(waitId) === true;
}

function remember(step: Step, owner: FlowNodeInstance, waitId: string, holds: boolean): void {
  const others = ((owner.local?.held ?? []) as string[]).filter((id) => id !== waitId);
  owner.local = { ...owner.local, held: holds ? [...others, waitId] : others };
  step.changes.touch(owner);
}
