import type { SubProcessNode } from '../../model/graph.js';
import { openScope } from '../scopes.js';
import { passThrough, type Behaviour } from './behaviour.js';

/** BPMN 13.3.4: a scope of its own; its payload is what its (last) end event was reached with. */
export const subProcess: Behaviour<SubProcessNode> = {
  enter(step, instance, node) {
    step.suspend(instance, 'active');
    openScope(step, instance, node);
  },
  childrenDone(step, instance) {
    if (instance.local?.ended === true) step.leave(instance, { result: instance.result });
    else step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
  },
};
