import { z } from 'zod';

/** `{offset, limit}`: see `PageRequest` of the storage port. */
export const identitySchema = z.object({ token: z.string(), userId: z.string() });

export const BpmnType = {
  emptyActivity: 'bpmn:Task',
  userTask: 'bpmn:UserTask',
  manualTask: 'bpmn:ManualTask',
  serviceTask: 'bpmn:ServiceTask',
  scriptTask: 'bpmn:ScriptTask',
  sendTask: 'bpmn:SendTask',
  receiveTask: 'bpmn:ReceiveTask',
  businessRuleTask: 'bpmn:BusinessRuleTask',
  callActivity: 'bpmn:CallActivity',
  subProcess: 'bpmn:SubProcess',
  transaction: 'bpmn:Transaction',
  adHocSubProcess: 'bpmn:AdHocSubProcess',
  startEvent: 'bpmn:StartEvent',
  endEvent: 'bpmn:EndEvent',
  intermediateCatchEvent: 'bpmn:IntermediateCatchEvent',
  intermediateThrowEvent: 'bpmn:IntermediateThrowEvent',
  boundaryEvent: 'bpmn:BoundaryEvent',
  exclusiveGateway: 'bpmn:ExclusiveGateway',
  parallelGateway: 'bpmn:ParallelGateway',
  inclusiveGateway: 'bpmn:InclusiveGateway',
  complexGateway: 'bpmn:ComplexGateway',
  eventBasedGateway: 'bpmn:EventBasedGateway',
} as const;
export type BpmnType = (typeof BpmnType)[keyof typeof BpmnType];
export const bpmnTypeSchema = z.enum(BpmnType);

export const EventType = {
  messageEvent: 'messageEvent',
  signalEvent: 'signalEvent',
  terminateEvent: 'terminateEvent',
  timerEvent: 'timerEvent',
  errorEvent: 'errorEvent',
} as const;
export type EventType = (typeof EventType)[keyof typeof EventType];
export const eventTypeSchema = z.enum(EventType);

/** `{name, version}` of the hosting application. */
export const applicationInfoSchema = z.object({ name: z.string(), version: z.string() });
export type ApplicationInfo = z.infer<typeof applicationInfoSchema>;
