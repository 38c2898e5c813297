import type { ReceiveTaskNode } from '../../model/graph.js';
import { subscribe } from '../waits.js';
import { arrive, hasArrived } from '../arrived-event.js';
import type { Behaviour } from './behaviour.js';

/** BPMN 13.3.3: waits for its message, whose payload is its result. */
export const receiveTask: Behaviour<ReceiveTaskNode> = {
  enter(step, instance, node) {
    if (hasArrived(instance)) return arrive(step, instance);
    step.suspend(instance);
    subscribe(step, instance, node, node.message);
  },
  resume(step, instance, _node, trigger) {
    const payload = trigger.kind === 'event' ? trigger.payload : undefined;
    step.leave(instance, { result: payload, data: payload });
  },
};
