import type { SubProcessNode } from '../../model/graph.js';
import { reopen, undoNext } from '../compensation.js';
import { openScope } from '../scopes.js';
import { passThrough, type Behaviour } from './behaviour.js';

/**
 * BPMN 13.3.4: a scope of its own, also as a transaction; its result is what its last end event was reached with.
 * Reopened, it only runs what undoes it.
 */
export const subProcess: Behaviour<SubProcessNode> = {
  enter(step, instance, node) {
    if (instance.local?.reopened === true) return reopen(step, instance, node);
    step.suspend(instance, 'active');
    openScope(step, instance, node);
  },
  childrenDone(step, instance) {
    if (instance.local?.reopened === true) {
      if (!undoNext(step, instance)) step.withdraw(instance);
    } else if (instance.local?.ended === true) {
      step.leave(instance, { result: instance.result });
    } else {
      step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
    }
  },
};
