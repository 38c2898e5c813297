import type { SendTaskNode } from '../../model/graph.js';
import { evaluate } from '../evaluation.js';
import { publish } from '../publish.js';
import { passThrough, type Behaviour } from './behaviour.js';

/** BPMN 13.3.3: sends its message and is done. */
export const sendTask: Behaviour<SendTaskNode> = {
  enter(step, instance, node) {
    const sent =
      node.payload === undefined
        ? instance.payload
        : evaluate(step, instance, node.payload, { what: 'payload configuration' });
    publish(step, instance, node.message, sent);
    step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
  },
};
