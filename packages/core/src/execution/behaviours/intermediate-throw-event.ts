import type { ThrowEventNode } from '../../model/graph.js';
import { evaluate } from '../evaluation.js';
import { publish } from '../publish.js';
import { passThrough, type Behaviour } from './behaviour.js';

/** BPMN 13.5.2: sends and passes on. What was sent becomes the running payload; the history entry is empty. */
export const intermediateThrowEvent: Behaviour<ThrowEventNode> = {
  enter(step, instance, node) {
    const sends = node.eventDefinitions.length > 0;
    if (!sends) return step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
    const sent = node.payload === undefined ? instance.payload : evaluate(step, instance, node.payload, { what: 'payload configuration' });
    for (const definition of node.eventDefinitions) {
      if (definition.kind === 'message' || definition.kind === 'signal') publish(step, instance, definition, sent);
    }
    const payload = node.payload === undefined ? passThrough(instance) : { value: sent, from: null };
    step.leave(instance, { result: {}, payload });
  },
};
