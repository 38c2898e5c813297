/**
 * Conditional events: checked after each node that changed data or began to wait for a condition, and once the agenda is
 * empty (BPMN 10.5.5). A condition fires when it becomes true; one that already holds when its event begins to wait
 * fires at once.
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

/** A condition that hits a limit is a failure of whoever waits for it. */
function evaluateCondition(step: Step, owner: FlowNodeInstance, { flowNodeId, keyHash }: SubscriptionRecord): boolean {
  const { eventDefinitions } = step.graph.nodesById.get(flowNodeId) as CatchEventNode;
  const { condition } = eventDefinitions[Number(keyHash)] as ConditionalEventDefinition;
  let holds = false;
  step.attempt(owner, () => (holds = isTrue(step, owner, condition, owner.token)));
  return holds;
}

/** Whether the condition held when it was last looked at; a non-interrupting event fires again only after it did not. */
function isHeld(owner: FlowNodeInstance, waitId: string): boolean {
  return (owner.local?.held as string[] | undefined)?.includes(waitId) === true;
}

function remember(step: Step, owner: FlowNodeInstance, waitId: string, holds: boolean): void {
  const open = new Set(owner.waits?.subscriptions.map(({ id }) => id));
  const others = ((owner.local?.held ?? []) as string[]).filter((id) => id !== waitId && open.has(id));
  owner.local = { ...owner.local, held: holds ? [...others, waitId] : others };
  step.changes.touch(owner);
}

/** The event waits anew: conditions that still hold have to become true again. */
export function noteHeld(step: Step, owner: FlowNodeInstance, eventId: string): void {
  for (const row of owner.waits?.subscriptions ?? [])
    if (row.kind === 'conditional' && row.flowNodeId === eventId && evaluateCondition(step, owner, row))
      remember(step, owner, row.id, true);
}
