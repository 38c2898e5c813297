/**
 * Joins: one instance per scope and gateway collects arrivals by sequence flow (BPMN 13.4.1, 13.4.3).
 *
 * 1. A parallel join fires when each incoming flow has an arrival; surplus arrivals stay for the next round.
 * 2. A complex join fires when its activation condition holds, and is reset as an inclusive join fires; what arrives
 *    on a used flow before that stays for the next round.
 * 3. An inclusive join fires when no token elsewhere in the scope can still reach an unfilled flow without passing the
 *    join, unless that token can reach a filled flow that way as well.
 */
import type { JsonObject } from '@process-engine/contracts';
import type { ComplexGatewayNode, FlowNode, InclusiveGatewayNode, SequenceFlow } from '../model/graph.js';
import { isTrue } from './evaluation.js';
import { FlowNodeInstance, type Token, type Trail } from './instance-state.js';
import type { Step } from './step.js';

/** One token that arrived, as it is kept in `local.arrivals[flow id]`. */
interface Arrival extends JsonObject {
  trail: { [flowNodeId: string]: string };
  previousId: string | null;
}

type Arrivals = { [flowId: string]: Arrival[] };

export function isJoin(node: FlowNode): boolean {
  return (
    node.incoming.length > 1 &&
    (node.kind === 'parallel-gateway' || node.kind === 'inclusive-gateway' || node.kind === 'complex-gateway')
  );
}

/** Notes the arrival; a parallel join that is complete fires. */
export function arriveAtJoin(
  step: Step,
  node: FlowNode,
  scope: FlowNodeInstance,
  { token, flow }: { token: Token; flow: SequenceFlow },
): void {
  const join = scope.joins?.get(node.id) ?? openJoin(step, node, scope);
  const arrivals = arrivalsOf(join);
  const { trail, previousId } = token;
  hold(step, join, { ...arrivals, [flow.id]: [...(arrivals[flow.id] ?? []), { trail, previousId }] });
  if (node.kind === 'parallel-gateway' && isComplete(join)) fire(step, join);
  if (node.kind === 'complex-gateway') activateIfDue(step, join, node);
}

/** True where it was activated. */
function activateIfDue(step: Step, join: FlowNodeInstance, node: ComplexGatewayNode): boolean {
  let due = false;
  step.attempt(join, () => (due = isActivated(step, join, node)));
  if (due) activate(step, join);
  return due;
}

/** A complex gateway that waits for its start goes on when its activation condition holds; without one, at the first token. */
function isActivated(step: Step, join: FlowNodeInstance, { activationCondition }: ComplexGatewayNode): boolean {
  if (join.local?.activated === true) return false;
  if (activationCondition === undefined) return true;
  return isTrue(step, join, activationCondition, join.token, {
    activationCount: activationCount(join),
    waitingForStart: true,
  });
}

function activationCount(join: FlowNodeInstance): number {
  return Object.values(arrivalsOf(join)).flat().length;
}

/** Lets the gateway run with what has arrived; the join stays and waits for the flows that had no token, to be reset. */
function activate(step: Step, join: FlowNodeInstance): void {
  const count = activationCount(join);
  const used = join.node.incoming.filter((flow) => isFilled(join, flow)).map(({ id }) => id);
  const scope = join.scope!;
  fire(step, join);
  join.local = { activationCount: count };
  if (used.length === join.node.incoming.length) return;
  const next = scope.joins?.get(join.node.id) ?? openJoin(step, join.node as FlowNode, scope);
  next.local = { ...next.local, activated: true, used };
  step.changes.touch(next);
}

/** A reset takes the late tokens; they leave only by flows whose condition then holds. */
function reset(step: Step, join: FlowNodeInstance): void {
  const used = usedFlows(join);
  const late = join.node.incoming.filter((flow) => isFilled(join, flow) && !used.includes(flow.id));
  fire(step, join, used);
  join.local = { resetting: true, activationCount: late.length };
}

/** The flows whose tokens a complex join has used in its first phase. */
function usedFlows(join: FlowNodeInstance): readonly string[] {
  return (join.local?.used ?? []) as string[];
}

/** Keeps the arrivals. While joining, `previousId` names every result the merged token may read, so that they are loaded. */
function hold(step: Step, join: FlowNodeInstance, arrivals: Arrivals): void {
  const ids = new Set<string>();
  for (const { previousId, trail } of Object.values(arrivals).flat()) {
    if (previousId !== null) ids.add(previousId);
    for (const id of Object.values(trail)) ids.add(id);
  }
  join.local = { ...join.local, arrivals };
  join.previousId = [...ids].join(';');
  step.changes.touch(join);
}

function openJoin(step: Step, node: FlowNode, scope: FlowNodeInstance): FlowNodeInstance {
  const token: Token = { payload: undefined, payloadFrom: null, trail: {}, previousId: null };
  const join = new FlowNodeInstance(step.nextId(), node, scope, token, step.now);
  join.state = 'joining';
  step.state.add(join);
  (scope.joins ??= new Map()).set(node.id, join);
  return join;
}

function arrivalsOf(join: FlowNodeInstance): Arrivals {
  return (join.local?.arrivals ?? {}) as Arrivals;
}

function isFilled(join: FlowNodeInstance, flow: SequenceFlow): boolean {
  return (arrivalsOf(join)[flow.id]?.length ?? 0) > 0;
}

function isComplete(join: FlowNodeInstance): boolean {
  return join.node.incoming.every((flow) => isFilled(join, flow));
}

/** Takes one arrival of each filled flow but the kept ones, merges them into one token and runs the gateway with it. */
function fire(step: Step, join: FlowNodeInstance, kept: readonly string[] = []): void {
  const arrivals = arrivalsOf(join);
  const taken: { flow: SequenceFlow; arrival: Arrival }[] = [];
  const left: Arrivals = {};
  for (const flow of join.node.incoming) {
    const waiting = arrivals[flow.id] ?? [];
    const [first, ...others] = waiting;
    const takes = first !== undefined && !kept.includes(flow.id);
    if (takes) taken.push({ flow, arrival: first });
    const rest = takes ? others : waiting;
    if (rest.length > 0) left[flow.id] = rest;
  }
  const scope = join.scope!;
  scope.joins!.delete(join.node.id);
  merge(step, join, taken);
  join.local = null;
  step.schedule(join);
  if (Object.keys(left).length > 0) reopen(step, join, left);
}

/** The result of a join is keyed by source node, the host where the source is a boundary event. */
function merge(step: Step, join: FlowNodeInstance, taken: readonly { flow: SequenceFlow; arrival: Arrival }[]): void {
  const { results } = step.state;
  const result: JsonObject = {};
  for (const { flow, arrival } of taken) {
    const { source } = flow;
    const key = source.kind === 'boundary-event' ? source.attachedTo.id : source.id;
    result[key] = (arrival.previousId === null ? undefined : results.get(arrival.previousId)) ?? null;
  }
  join.trail = mergedTrail(taken);
  join.payload = result;
  join.payloadFrom = null;
  // A reset may take none.
  join.previousId = taken.length === 0 ? null : taken.map(({ arrival }) => arrival.previousId).join(';');
}

/** Of every flow node the latest entry: a branch may still carry that of an earlier round. Ids grow with time. */
function mergedTrail(taken: readonly { arrival: Arrival }[]): Trail {
  const latest = new Map<string, string>();
  for (const [flowNodeId, id] of taken.flatMap(({ arrival }) => Object.entries(arrival.trail))) {
    if (id > (latest.get(flowNodeId) ?? '')) latest.set(flowNodeId, id);
  }
  return Object.fromEntries(latest);
}

function reopen(step: Step, join: FlowNodeInstance, arrivals: Arrivals): void {
  const next = openJoin(step, join.node as FlowNode, join.scope!);
  hold(step, next, arrivals);
  if (next.node.kind === 'parallel-gateway' && isComplete(next)) fire(step, next);
}

/**
 * Fires the inclusive joins that nothing can reach any more, and resets such complex ones; activates complex ones whose
 * condition holds since data have changed. True where one fired.
 */
export function resolvePendingJoins(step: Step): boolean {
  if (!step.graph.hasInclusiveJoins) return false;
  let fired = false;
  for (const scope of [...step.state.instances.values()]) {
    for (const join of [...(scope.joins?.values() ?? [])]) fired = resolve(step, join) || fired;
  }
  return fired;
}

function resolve(step: Step, join: FlowNodeInstance): boolean {
  const { node } = join;
  if (node.kind === 'inclusive-gateway' && !mayStillArrive(join, node)) {
    fire(step, join);
    return true;
  }
  if (node.kind !== 'complex-gateway') return false;
  if (activateIfDue(step, join, node)) return true;
  if (join.local?.activated !== true || mayStillArrive(join, node)) return false;
  reset(step, join);
  return true;
}

function mayStillArrive(join: FlowNodeInstance, node: InclusiveGatewayNode | ComplexGatewayNode): boolean {
  const filled: ReadonlySet<string>[] = [];
  const unfilled: ReadonlySet<string>[] = [];
  const used = usedFlows(join);
  node.incoming.forEach((flow, index) =>
    (isFilled(join, flow) || used.includes(flow.id) ? filled : unfilled).push(node.reach[index]!),
  );
  for (const other of join.scope!.children) {
    if (other === join || other.node === node || other.local?.sentAhead === true) continue;
    const { id } = other.node;
    if (unfilled.some((reach) => reach.has(id)) && !filled.some((reach) => reach.has(id))) return true;
  }
  return false;
}
