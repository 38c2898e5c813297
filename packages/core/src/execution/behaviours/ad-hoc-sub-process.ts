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
    if (cancelRemaining) for (const child of [...instance.children].reverse()) step.cancel(child);
  },
  childrenDone(step, instance, node) {
    if (node.adHoc!.completionCondition !== undefined && instance.local?.conditionMet !== true) return;
    step.leave(instance, { result: instance.payload, payload: passThrough(instance) });
  },
};

/** True while the ad-hoc sub-process takes another activity. */
export function mayActivate(instance: FlowNodeInstance): boolean {
  const { adHoc } = instance.node as SubProcessNode;
  if (instance.local?.conditionMet === true) return false;
  return adHoc?.sequential !== true || instance.children.size === 0;
}
