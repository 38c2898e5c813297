/** Which behaviour runs which kind of flow node. */
import type { FlowNode, FlowNodeKind } from '../../model/graph.js';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Behaviour } from './behaviour.js';
import { boundaryEvent } from './boundary-event.js';
import { callActivity } from './call-activity.js';
import { emptyTask } from './empty-task.js';
import { endEvent } from './end-event.js';
import { exclusiveGateway } from './exclusive-gateway.js';
import { externalTask } from './external-task.js';
import { intermediateCatchEvent } from './intermediate-catch-event.js';
import { intermediateThrowEvent } from './intermediate-throw-event.js';
import { manualTask } from './manual-task.js';
import { parallelGateway } from './parallel-gateway.js';
import { scriptTask } from './script-task.js';
import { serviceTask } from './service-task.js';
import { startEvent } from './start-event.js';
import { subProcess } from './sub-process.js';
import { userTask } from './user-task.js';

type BehaviourOfKind<K extends FlowNodeKind> = Behaviour<Extract<FlowNode, { readonly kind: K }>>;

/** Kinds without a row are refused at deployment. */
const BEHAVIOURS: { readonly [K in FlowNodeKind]?: BehaviourOfKind<K> } = {
  'start-event': startEvent,
  'end-event': endEvent,
  'intermediate-catch-event': intermediateCatchEvent,
  'intermediate-throw-event': intermediateThrowEvent,
  'boundary-event': boundaryEvent,
  'exclusive-gateway': exclusiveGateway as BehaviourOfKind<'exclusive-gateway'>,
  'parallel-gateway': parallelGateway as BehaviourOfKind<'parallel-gateway'>,
  'user-task': userTask,
  'manual-task': manualTask as BehaviourOfKind<'manual-task'>,
  'empty-task': emptyTask as BehaviourOfKind<'empty-task'>,
  'script-task': scriptTask,
  'service-task': serviceTask,
  'external-task': externalTask,
  'sub-process': subProcess as BehaviourOfKind<'sub-process'>,
  'call-activity': callActivity,
};

export function behaviourOf(instance: FlowNodeInstance): Behaviour<never> {
  const { kind } = instance.node as FlowNode;
  const behaviour = BEHAVIOURS[kind];
  if (behaviour === undefined) throw new Error(`no behaviour for a flow node of kind '${kind}'`);
  return behaviour as Behaviour<never>;
}
