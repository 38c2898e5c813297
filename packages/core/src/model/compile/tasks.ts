import type {
  FlowNode,
  PlainTaskNode,
  ReceiveTaskNode,
  ScriptTaskNode,
  SendTaskNode,
  ServiceTaskNode,
  UserTaskNode,
} from '../graph.js';
import { compileMessage } from './event-definitions.js';
import { externalTask } from './external-task.js';
import type { NodeSource } from './node-base.js';
import { peopleOfRoles } from './resource-roles.js';

/** Work done elsewhere goes before what the element's own type would do. */
export function task(source: NodeSource, ownKind: (source: NodeSource) => FlowNode | undefined): FlowNode | undefined {
  return externalTask(source) ?? serviceTask(source) ?? ownKind(source);
}

/** A service or business rule task without binding could only be skipped. */
export function unboundTask({ compilation, element }: NodeSource): undefined {
  if (compilation.findings.some(({ elementId, severity }) => elementId === element.id && severity === 'error')) return;
  const message =
    `The ${element.$type.replace('bpmn:', '')} '${element.id}' says neither which service runs it (property module, and ` +
    `method) nor on which topic a worker finds it (camunda:type="external" and camunda:topic, or zeebe:taskDefinition).`;
  compilation.report('missing-binding', element, message);
}

export function userTask(source: NodeSource): UserTaskNode {
  const { base, extensions } = source;
  const { formFields = [], ...rest } = { ...peopleOfRoles(source), ...extensions.userTask };
  return {
    ...base,
    kind: 'user-task',
    formFields,
    formKey: rest.formKey,
    preferredControl: rest.preferredControl,
    description: rest.description,
    finishedMessage: rest.finishedMessage,
    assignee: rest.assignee,
    candidateUsers: rest.candidateUsers,
    candidateGroups: rest.candidateGroups,
    dueDate: rest.dueDate,
    followUpDate: rest.followUpDate,
    priority: rest.priority,
  };
}

export function manualTask({ base }: NodeSource): PlainTaskNode {
  return { ...base, kind: 'manual-task', passThrough: false };
}

/** A property `untypedTasks` of the task or, below that, of the process goes before the engine's option. */
export function emptyTask({ base, compilation, extensions }: NodeSource): PlainTaskNode {
  const choice = extensions.properties['untypedTasks'] ?? compilation.untypedTasks;
  return { ...base, kind: 'empty-task', passThrough: choice === 'pass' };
}

export function scriptTask({ base, compilation, element, extensions }: NodeSource): ScriptTaskNode {
  const { text, language } = extensions.script ?? { text: element.script ?? '', language: element.scriptFormat };
  return { ...base, kind: 'script-task', script: compilation.script({ element, what: 'script', text, language }) };
}

export function sendTask({ base, compilation, element, extensions }: NodeSource): SendTaskNode | undefined {
  const message = compileMessage(compilation, element, element.messageRef);
  return message && { ...base, kind: 'send-task', message, payload: extensions.payload };
}

export function receiveTask({ base, compilation, element }: NodeSource): ReceiveTaskNode | undefined {
  const message = compileMessage(compilation, element, element.messageRef);
  return message && { ...base, kind: 'receive-task', message, instantiate: element.instantiate === true };
}

function serviceTask({ base, extensions }: NodeSource): ServiceTaskNode | undefined {
  const { service, params } = extensions;
  return service && { ...base, kind: 'service-task', module: service.module, method: service.method, params };
}
