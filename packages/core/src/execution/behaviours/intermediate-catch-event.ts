import type { CatchEventNode } from '../../model/graph.js';
import { arrive, hasArrived } from '../arrived-event.js';
import { notify } from '../notify.js';
import { openEventWaits } from '../waits.js';
import { passThrough, type Behaviour } from './behaviour.js';

/**
 * BPMN 13.5.2: waits for its event. A message's or signal's payload becomes the token's; a timer or condition changes
 * nothing. A link catch event is where a throw event of its name goes on.
 */
export const intermediateCatchEvent: Behaviour<CatchEventNode> = {
  enter(step, instance, node) {
    if (hasArrived(instance)) return arrive(step, instance);
    if (node.eventDefinitions.every(({ kind }) => kind === 'link')) {
      step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
      return;
    }
    step.suspend(instance);
    openEventWaits(step, instance, node);
    notify(step, 'intermediate_catch_event_reached', instance, instance.payload);
  },
  resume(step, instance, _node, trigger) {
    if (trigger.kind === 'event' && trigger.hasPayload) {
      step.leave(instance, { result: trigger.payload, data: trigger.payload });
    } else {
      step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
    }
  },
};
