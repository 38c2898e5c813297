import type { PlainTaskNode } from '../../model/graph.js';
import { notify } from '../notify.js';
import { offerUserTask } from '../waits.js';
import type { Behaviour } from './behaviour.js';
import { taskRow } from './task-row.js';

/** BPMN 13.3.3: waits until somebody reports it done. It brings no data: its result is `{}`. */
export const manualTask: Behaviour<PlainTaskNode> = {
  enter(step, instance) {
    step.suspend(instance);
    offerUserTask(step, instance, taskRow(step, instance, 'manual'));
    notify(step, 'manual_task_waiting', instance, instance.payload);
  },
  resume(step, instance) {
    step.leave(instance, { result: {} });
  },
};
