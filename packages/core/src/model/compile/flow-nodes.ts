import type { FlowNode } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import { callActivity } from './call-activity.js';
import { boundaryEvent, catchEvent, endEvent, startEvent, throwEvent } from './events.js';
import { complexGateway, eventBasedGateway, exclusiveGateway, inclusiveGateway, parallelGateway } from './gateways.js';
import { globalTask } from './global-task.js';
import type { NodeSource } from './node-base.js';
import { emptyTask, manualTask, receiveTask, scriptTask, sendTask, task, unboundTask, userTask } from './tasks.js';

type CompileNode = (source: NodeSource) => FlowNode | undefined;

/** Which compiler makes the node of which BPMN type; containers are compiled with their content elsewhere. */
const COMPILERS: Readonly<Record<string, CompileNode>> = {
  'bpmn:StartEvent': startEvent,
  'bpmn:EndEvent': endEvent,
  'bpmn:IntermediateThrowEvent': throwEvent,
  'bpmn:IntermediateCatchEvent': catchEvent,
  'bpmn:BoundaryEvent': boundaryEvent,
  'bpmn:Task': (source) => task(source, emptyTask),
  'bpmn:UserTask': (source) => task(source, userTask),
  'bpmn:ManualTask': (source) => task(source, manualTask),
  'bpmn:ScriptTask': (source) => task(source, scriptTask),
  'bpmn:ServiceTask': (source) => task(source, unboundTask),
  'bpmn:BusinessRuleTask': (source) => task(source, unboundTask),
  'bpmn:SendTask': (source) => task(source, sendTask),
  'bpmn:ReceiveTask': (source) => task(source, receiveTask),
  'bpmn:CallActivity': (source) => globalTask(source, callActivity),
  'bpmn:ExclusiveGateway': exclusiveGateway,
  'bpmn:ParallelGateway': parallelGateway,
  'bpmn:InclusiveGateway': inclusiveGateway,
  'bpmn:ComplexGateway': complexGateway,
  'bpmn:EventBasedGateway': eventBasedGateway,
};

/** Elements of a container that are no flow nodes: they are read where they belong, or only drawn. */
const NO_FLOW_NODES: ReadonlySet<string> = new Set([
  'bpmn:SequenceFlow',
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:DataStoreReference',
]);

export function isFlowNode({ $type }: BpmnElement): boolean {
  return !NO_FLOW_NODES.has($type);
}

export function isBoundaryEvent({ $type }: BpmnElement): boolean {
  return $type === 'bpmn:BoundaryEvent';
}

/** Undefined, with a finding, where the element cannot be compiled. */
export function compileFlowNode(source: NodeSource): FlowNode | undefined {
  const compile = COMPILERS[source.element.$type];
  if (compile !== undefined) return compile(source);
  const { compilation, element } = source;
  const message = `'${element.id}' is a ${element.$type}, which has no place in a process.`;
  compilation.report('unsupported-element', element, message);
  return undefined;
}
