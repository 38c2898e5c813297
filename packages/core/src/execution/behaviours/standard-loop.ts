import type { StandardLoop } from '../../model/graph.js';
import { isTrue } from '../evaluation.js';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Step } from '../step.js';
import type { Behaviour } from './behaviour.js';
import { endLoop, keepLoopState, loopStateOf, startIteration } from '../loop-body.js';

/** BPMN 13.3.6: repeats while its condition holds, tested before or after each iteration, up to its maximum. */
export const standardLoop: Behaviour = {
  enter(step, body, node) {
    const loop = node.loop as StandardLoop;
    step.suspend(body, 'active');
    keepLoopState(step, body, { started: 0, completed: 0 });
    if (loop.testBefore && !goesOn(step, body, loop)) endLoop(step, body);
    else startIteration(step, body);
  },
  childrenDone(step, body, node) {
    if (goesOn(step, body, node.loop as StandardLoop)) startIteration(step, body);
    else endLoop(step, body, body.result ?? body.payload);
  },
  /** The next iteration, and what follows the loop, go on with its result. */
  childLeft(step, body, _node, iteration) {
    const state = loopStateOf(body);
    body.result = iteration.result;
    keepLoopState(step, body, { ...state, completed: state.completed + 1 });
  },
};

function goesOn(step: Step, body: FlowNodeInstance, loop: StandardLoop): boolean {
  const { started } = loopStateOf(body);
  if (loop.maximum !== undefined && started >= loop.maximum) return false;
  if (loop.condition === undefined) return loop.maximum !== undefined;
  return isTrue(step, body, loop.condition, body.token, { loopCounter: started });
}
