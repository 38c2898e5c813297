import type { SubProcessNode } from '../../model/graph.js';
import { openScope } from '../scopes.js';
import { passThrough, type Behaviour } from './behaviour.js';

/** BPMN 13.3.4: entered when its start event occurred (event-sub-processes.ts); runs at that start event. */
export const eventSubProcess: Behaviour<SubProcessNode> = {
  enter(step, instance, node) {
    step.suspend(instance, 'active');
    openScope(step, instance, node, instance.local?.startEventId as string | undefined);
  },
  childrenDone(step, instance) {
    step.leave(instance, { result: instance.payload, payload: passThrough(instance), flows: [] });
  },
};
