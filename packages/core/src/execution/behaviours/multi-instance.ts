import type { JsonValue } from '@process-engine/contracts';
import type { MultiInstanceLoop } from '../../model/graph.js';
import { evaluate, isTrue } from '../evaluation.js';
import { failure } from '../failures.js';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Step } from '../step.js';
import { setLocalVariable, setVariable } from '../variables.js';
import type { Behaviour } from './behaviour.js';
import { endLoop, keepLoopState, loopStateOf, outputItemOf, startIteration, type LoopState } from '../loop-body.js';

/** Parallel iterations started at once; the others follow in further steps. */
const BATCH = 200;

interface MultiInstanceState extends LoopState {
  total: number;
  items: JsonValue[] | null;
  outputs: JsonValue[];
}

/** BPMN 13.3.7: as many iterations as the cardinality or the collection says, one by one or side by side. */
export const multiInstance: Behaviour = {
  enter(step, body, node) {
    const loop = node.loop as MultiInstanceLoop;
    keepLoopState(step, body, begin(step, body, loop));
    step.suspend(body, 'active');
    spawn(step, body, loop);
    step.checkScope(body);
  },
  childrenDone(step, body, node) {
    const state = stateOf(body);
    if (state.started < state.total) spawn(step, body, node.loop as MultiInstanceLoop);
    else finish(step, body, node.loop as MultiInstanceLoop);
  },
  childLeft(step, body, node, iteration) {
    const loop = node.loop as MultiInstanceLoop;
    collectIteration(step, body, iteration);
    if (loop.completionCondition !== undefined && isTrue(step, iteration, loop.completionCondition, iteration.token))
      finish(step, body, loop);
  },
};

/** The next of many parallel iterations. */
export function startMore(step: Step, body: FlowNodeInstance): void {
  spawn(step, body, body.node.loop as MultiInstanceLoop);
}

/** An iteration has left: it counts, and its output is collected. */
function collectIteration(step: Step, body: FlowNodeInstance, iteration: FlowNodeInstance): void {
  const loop = body.node.loop as MultiInstanceLoop;
  const state = stateOf(body);
  const outputs = collect(step, iteration, loop, state.outputs);
  keepLoopState(step, body, { ...state, completed: state.completed + 1, outputs });
}

function stateOf(body: FlowNodeInstance): MultiInstanceState {
  return loopStateOf(body) as MultiInstanceState;
}

function begin(step: Step, body: FlowNodeInstance, loop: MultiInstanceLoop): MultiInstanceState {
  if (loop.collection !== undefined) {
    const items = evaluate(step, body, loop.collection, { what: 'collection' });
    if (!Array.isArray(items)) throw failure(`collection of '${body.node.id}' is invalid: it is no list`);
    return { started: 0, completed: 0, total: items.length, items, outputs: [] };
  }
  const total =
    loop.cardinality === undefined ? 0 : Number(evaluate(step, body, loop.cardinality, { what: 'cardinality' }));
  if (!Number.isInteger(total) || total < 0)
    throw failure(`cardinality of '${body.node.id}' is invalid: it is no whole number`);
  return { started: 0, completed: 0, total, items: null, outputs: [] };
}

function spawn(step: Step, body: FlowNodeInstance, loop: MultiInstanceLoop): void {
  const { started, total } = stateOf(body);
  const until = loop.sequential ? Math.min(total, started + 1) : Math.min(total, started + BATCH);
  for (let index = started; index < until; index += 1) startItem(step, body, loop);
  if (!loop.sequential && until < total) step.continueLater(body);
}

function startItem(step: Step, body: FlowNodeInstance, loop: MultiInstanceLoop): void {
  const { started, items } = stateOf(body);
  const iteration = startIteration(step, body);
  const output = outputItemOf(loop);
  if (output !== undefined) setLocalVariable(step, iteration, output, null);
  if (items !== null && loop.elementVariable !== undefined)
    setLocalVariable(step, iteration, loop.elementVariable, items[started]!);
}

function collect(step: Step, iteration: FlowNodeInstance, loop: MultiInstanceLoop, outputs: JsonValue[]): JsonValue[] {
  if (loop.outputCollection === undefined) return outputs;
  const index = Number(iteration.local?.loopCounter);
  const token = step.tokenAfter(iteration, { value: iteration.result, from: iteration.id });
  const value =
    loop.outputElement === undefined
      ? iteration.result
      : evaluate(step, iteration, loop.outputElement, { what: 'output element', token });
  const collected = [...outputs];
  while (collected.length < index) collected.push(null);
  collected[index] = value ?? null;
  return collected;
}

function finish(step: Step, body: FlowNodeInstance, loop: MultiInstanceLoop): void {
  const { outputs } = stateOf(body);
  if (loop.outputCollection !== undefined) setVariable(step, body.scope!, loop.outputCollection, outputs);
  endLoop(step, body, loop.outputCollection === undefined ? body.payload : outputs);
}
