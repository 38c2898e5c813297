import type { PlainTaskNode } from '../../model/graph.js';
import { notify } from '../notify.js';
import { offerUserTask } from '../waits.js';
import { passThrough, type Behaviour } from './behaviour.js';
import { taskRow } from './task-row.js';

/** An untyped task waits to be finished, or passes the token on (BPMN 13.3.3) where so configured. */
export const emptyTask: Behaviour<PlainTaskNode> = {
  enter(step, instance, node) {
    if (node.passThrough) {
      step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
      return;
    }
    step.suspend(instance);
    offerUserTask(step, instance, taskRow(step, instance, 'empty'));
    notify(step, 'empty_activity_waiting', instance, instance.payload);
  },
  resume(step, instance) {
    step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
  },
};
