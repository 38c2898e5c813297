import type { BoundaryEventNode } from '../../model/graph.js';
import { passThrough, type Behaviour } from './behaviour.js';

/** Entered when it has fired (boundary-events.ts): a payload of its own is new data, else the host's goes on. */
export const boundaryEvent: Behaviour<BoundaryEventNode> = {
  enter(step, instance) {
    if (instance.local?.received === true) step.leave(instance, { result: instance.payload, data: instance.payload });
    else step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
  },
};
