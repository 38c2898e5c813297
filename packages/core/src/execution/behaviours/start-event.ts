import type { StartEventNode } from '../../model/graph.js';
import { notify } from '../notify.js';
import type { Behaviour } from './behaviour.js';

/** BPMN 13.5.1: passes the token on. What triggered it happened before the scope was opened. */
export const startEvent: Behaviour<StartEventNode> = {
  enter(step, instance) {
    if (instance.scope === step.state.root) notify(step, 'process_started', instance, instance.payload);
    const received = instance.local?.received === true;
    step.leave(instance, { result: instance.payload, data: received ? instance.payload : undefined });
  },
};
