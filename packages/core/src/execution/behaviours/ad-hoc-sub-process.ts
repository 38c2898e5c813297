import type { SubProcessNode } from '../../model/graph.js';
import { isTrue } from '../evaluation.js';
import type { FlowNodeInstance } from '../instance-state.js';
import { prepareScope } from '../scopes.js';
import { passThrough, type Behaviour } from './behaviour.js';

/**
 * BPMN 13.3.5: offers its activities; people start them, in any order and as often as they like. After each, the
 * completion condition decides whether it is done; without one it is done when nothing runs any more.
 */
export const adHocSubProcess: Behaviour<SubProcessNode> = {
  enter(step, instance, node) {
    step.suspend(instance, 'active');
    prepareScope(step, instance, node);
  },
  childLeft(step, instance, node) {
    const { completionCondition, cancelRemaining } = node.adHoc!;
    if (completionCondition === undefined || !isTrue(step, instance, completionCondition, instance.token)) return;
    instance.local = { ...instance.local, conditionMet: true };
    step.changes.touch(instance);
    for (const child of [...instance.children].reverse()) if (cancelRemaining || !hasBegun(child)) step.cancel(child);
  },
  childrenDone(step, instance, node) {
    if (node.adHoc!.completionCondition !== undefined && instance.local?.conditionMet !== true) return;
    step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
  },
};

/** Once the condition holds, no further activity is run: a token on its way to one goes no further. */
function hasBegun({ state, local }: FlowNodeInstance): boolean {
  return local?.departing !== undefined || (state !== 'ready' && state !== 'joining');
}

/** True while the ad-hoc sub-process takes another activity. */
export function mayActivate(instance: FlowNodeInstance): boolean {
  const { adHoc } = instance.node as SubProcessNode;
  const { conditionMet, reopened } = instance.local ?? {};
  if (instance.state !== 'active' || conditionMet === true || reopened === true) return false;
  return adHoc?.sequential !== true || instance.children.size === 0;
}
