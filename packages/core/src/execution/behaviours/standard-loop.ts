import type { StandardLoop } from '../../model/graph.js';
import { isTrue } from '../evaluation.js';
import type { FlowNodeInstance, Token } from '../instance-state.js';
import type { Step } from '../step.js';
import type { Behaviour } from './behaviour.js';
import { endLoop, keepLoopState, loopStateOf, startIteration } from '../loop-body.js';

/**
 * BPMN 13.3.6: repeats while its condition holds, tested before or after each iteration, up to its maximum. The next
 * iteration, and what follows the loop, go on with the result of the last.
 */
export const standardLoop: Behaviour = {
  enter(step, body, node) {
    const loop = node.loop as StandardLoop;
    step.suspend(body, 'active');
    keepLoopState(step, body, { started: 0, completed: 0 });
    if (loop.testBefore && !goesOn(step, body, body.token)) endLoop(step, body);
    else startIteration(step, body);
  },
  childLeft(step, body, _node, iteration) {
    const state = loopStateOf(body);
    body.result = iteration.result;
    keepLoopState(step, body, { ...state, completed: state.completed + 1 });
    again(step, body, step.tokenAfter(iteration, { value: iteration.result, from: iteration.id }));
  },
  /** The iteration ended without leaving: a transaction that was cancelled. */
  childrenDone(step, body) {
    again(step, body, body.token);
  },
};

function again(step: Step, body: FlowNodeInstance, token: Token): void {
  if (goesOn(step, body, token)) startIteration(step, body, token);
  else endLoop(step, body, body.result ?? body.payload);
}

function goesOn(step: Step, body: FlowNodeInstance, token: Token): boolean {
  const loop = body.node.loop as StandardLoop;
  const { started } = loopStateOf(body);
  if (loop.maximum !== undefined && started >= loop.maximum) return false;
  if (loop.condition === undefined) return loop.maximum !== undefined;
  return isTrue(step, body, loop.condition, token, { loopCounter: started });
}
