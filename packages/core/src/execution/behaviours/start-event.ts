import type { StartEventNode } from '../../model/graph.js';
import { notify } from '../notify.js';
import type { Behaviour } from './behaviour.js';

/** BPMN 13.5.1: passes the token on. What triggered it happened before the scope was opened. */
export const startEvent: Behaviour<StartEventNode> = {
  enter(step, instance) {
    if (instance.scope === step.state.root) notify(step, 'process_started', instance, instance.payload);
    // Of an event sub-process: the event was received by the scope.
    const received = instance.scope!.local?.received === true;
    step.leave(instance, { result: instance.payload, data: received ? instance.payload : undefined });
  },
};
