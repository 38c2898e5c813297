/** Which behaviour runs which kind of flow node. */
import type { FlowNode, FlowNodeKind } from '../../model/graph.js';
import type { FlowNodeInstance } from '../instance-state.js';
import { isLoopBody } from '../loop-body.js';
import type { Behaviour } from './behaviour.js';
import { adHocSubProcess } from './ad-hoc-sub-process.js';
import { boundaryEvent } from './boundary-event.js';
import { callActivity } from './call-activity.js';
import { complexGateway } from './complex-gateway.js';
import { emptyTask } from './empty-task.js';
import { endEvent } from './end-event.js';
import { eventBasedGateway } from './event-based-gateway.js';
import { eventSubProcess } from './event-sub-process.js';
import { exclusiveGateway } from './exclusive-gateway.js';
import { externalTask } from './external-task.js';
import { inclusiveGateway } from './inclusive-gateway.js';
import { intermediateCatchEvent } from './intermediate-catch-event.js';
import { intermediateThrowEvent } from './intermediate-throw-event.js';
import { manualTask } from './manual-task.js';
import { multiInstance } from './multi-instance.js';
import { parallelGateway } from './parallel-gateway.js';
import { receiveTask } from './receive-task.js';
import { scriptTask } from './script-task.js';
import { sendTask } from './send-task.js';
import { serviceTask } from './service-task.js';
import { standardLoop } from './standard-loop.js';
import { startEvent } from './start-event.js';
import { subProcess } from './sub-process.js';
import { userTask } from './user-task.js';

type BehaviourOfKind<K extends FlowNodeKind> = Behaviour<Extract<FlowNode, { readonly kind: K }>>;

const BEHAVIOURS: { readonly [K in FlowNodeKind]: BehaviourOfKind<K> } = {
  'start-event': startEvent,
  'end-event': endEvent,
  'intermediate-catch-event': intermediateCatchEvent,
  'intermediate-throw-event': intermediateThrowEvent,
  'boundary-event': boundaryEvent,
  'exclusive-gateway': exclusiveGateway,
  'parallel-gateway': parallelGateway,
  'inclusive-gateway': inclusiveGateway,
  'complex-gateway': complexGateway,
  'event-based-gateway': eventBasedGateway,
  'user-task': userTask,
  'manual-task': manualTask,
  'empty-task': emptyTask,
  'script-task': scriptTask,
  'service-task': serviceTask,
  'external-task': externalTask,
  'send-task': sendTask,
  'receive-task': receiveTask,
  'sub-process': subProcess,
  transaction: subProcess,
  'event-sub-process': eventSubProcess,
  'ad-hoc-sub-process': adHocSubProcess,
  'call-activity': callActivity,
};

export function behaviourOf(instance: FlowNodeInstance): Behaviour<never> {
  const { kind, loop } = instance.node as FlowNode;
  // Opened again to be undone, whatever kind of container it was.
  if (instance.local?.reopened === true) return subProcess;
  if (loop !== undefined && isLoopBody(instance)) return loop.kind === 'multi-instance' ? multiInstance : standardLoop;
  return BEHAVIOURS[kind];
}
