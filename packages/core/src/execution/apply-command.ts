/** Commands: each finds what it is about and hands over to the step. What came too late changes nothing. */
import type { JsonObject } from '@process-engine/contracts';
import type {
  ActivateCommand,
  ChildEndedCommand,
  Command,
  CompleteCommand,
  ContinueCommand,
  ResolveCommand,
  RetryCommand,
  SetVariablesCommand,
  StartCommand,
  ThrowErrorCommand,
  TriggerCommand,
  UpdateTaskCommand,
} from './commands.js';
import { mayActivate } from './behaviours/ad-hoc-sub-process.js';
import { startMore } from './behaviours/multi-instance.js';
import { messagesOf } from './conversations.js';
import { fixReceived } from './correlation-keys.js';
import { endInstance } from './end-instance.js';
import { TechnicalFailure } from './failures.js';
import type { FlowNodeInstance } from './instance-state.js';
import { escalate } from './escalation.js';
import { isLoopBody } from './loop-body.js';
import { notify } from './notify.js';
import { handleFailure, raise } from './raise.js';
import { openScope, startAtEvent } from './scopes.js';
import type { Step } from './step.js';
import { resume, triggerWait } from './trigger.js';
import { setLocalVariable, setVariable, setVariables } from './variables.js';
import { closeOwnWaits, closeWait, replaceUserTask } from './waits.js';

/** Applies the command and runs the step to its end. False: what it is about is gone, nothing was changed. */
export function applyCommand(step: Step, command: Command): boolean {
  if (!dispatch(step, command)) return false;
  step.drain();
  return true;
}

function dispatch(step: Step, command: Command): boolean {
  switch (command.type) {
    case 'start':
      return start(step, command);
    case 'complete':
      return complete(step, command);
    case 'trigger':
      return trigger(step, command);
    case 'throw-error':
      return throwError(step, command);
    case 'continue':
      return continueNodes(step, command);
    case 'child-ended':
      return childEnded(step, command);
    case 'retry':
      return retry(step, command);
    case 'resolve':
      return resolve(step, command);
    case 'set-variables':
      return changeVariables(step, command);
    case 'activate':
      return activate(step, command);
    case 'update-task':
      return updateTask(step, command);
    case 'terminate':
      endInstance(step, {
        state: 'terminated',
        error: { name: 'InternalServerError', code: '', message: command.reason, status: 500 },
      });
      return true;
  }
}

/** The payload is the instance's first data: its fields become variables of the process instance. */
function start(step: Step, command: StartCommand): boolean {
  const { startEventId, payload, variables = {} } = command;
  const { root } = step.state;
  if (step.graph.data !== 'token') {
    for (const { name } of step.graph.root.data) setLocalVariable(step, root, name, null);
    setVariables(step, root, payload);
    for (const [name, value] of Object.entries(variables)) setVariable(step, root, name, value);
  }
  step.attempt(root, () => {
    fixStartKeys(step, command);
    if (!startAtEvent(step, startEventId)) openScope(step, root, step.graph.root, startEventId);
  });
  return true;
}

/** The message that starts an instance is the first of its conversation. */
function fixStartKeys(step: Step, { startEventId, payload, keyHash }: StartCommand): void {
  const event = startEventId === undefined ? undefined : step.graph.nodesById.get(startEventId);
  for (const message of event === undefined ? [] : messagesOf(event))
    fixReceived(step, step.state.root, message, { payload, keyHash });
}

function complete(step: Step, { flowNodeInstanceId, result }: CompleteCommand): boolean {
  const instance = waiting(step, flowNodeInstanceId);
  if (instance === undefined || (instance.waits?.userTask === undefined && instance.waits?.externalTask === undefined))
    return false;
  resume(step, instance, { kind: 'completed', result });
  return true;
}

function trigger(step: Step, command: TriggerCommand): boolean {
  const owner = step.state.instances.get(command.flowNodeInstanceId);
  return owner !== undefined && triggerWait(step, owner, command);
}

function throwError(step: Step, { flowNodeInstanceId, error, technical }: ThrowErrorCommand): boolean {
  const instance = waiting(step, flowNodeInstanceId);
  if (instance === undefined) return false;
  if (technical) handleFailure(step, instance, new TechnicalFailure(error));
  else raise(step, instance, error);
  return true;
}

function continueNodes(step: Step, { flowNodeInstanceIds, guard }: ContinueCommand): boolean {
  let any = false;
  for (const id of flowNodeInstanceIds) {
    const instance = step.state.instances.get(id);
    if (instance === undefined || !mayContinue(instance)) continue;
    any = true;
    const own = instance.waits?.jobs.some((job) => job.id === guard?.id) === true;
    if (own) closeWait(step, instance, guard!.id);
    if (instance.local?.departing !== undefined) step.attempt(instance, () => step.depart(instance));
    else if (instance.state === 'active') step.attempt(instance, () => startMore(step, instance));
    else step.schedule(instance, own);
  }
  return any;
}

/** Put off before it was run, or the body of a multi-instance activity that has more to start. */
function mayContinue(instance: FlowNodeInstance): boolean {
  return instance.state === 'ready' || (instance.state === 'active' && isLoopBody(instance));
}

function childEnded(step: Step, { flowNodeInstanceId, childInstanceId, outcome }: ChildEndedCommand): boolean {
  const instance = waiting(step, flowNodeInstanceId);
  if (instance === undefined || instance.local?.childInstanceId !== childInstanceId) return false;
  if (outcome.state === 'escalated') {
    escalate(step, instance, { code: outcome.code, name: outcome.name, payload: outcome.payload });
    return true;
  }
  // The called instance is gone: cancelling the call activity must not look for it any more.
  instance.local = without(instance.local, 'childInstanceId');
  resume(step, instance, { kind: 'child', outcome });
  return true;
}

function without(local: JsonObject, field: string): JsonObject | null {
  const rest = Object.entries(local).filter(([name]) => name !== field);
  return rest.length === 0 ? null : Object.fromEntries(rest);
}

/** By its job after a delay, or by an operator: then its count of failures begins anew. */
function retry(step: Step, { flowNodeInstanceId, guard, variables = {} }: RetryCommand): boolean {
  const instance = step.state.instances.get(flowNodeInstanceId);
  if (instance === undefined) return false;
  const byOperator = guard === undefined;
  const { waits } = instance;
  if (byOperator ? waits?.incident === undefined : waits?.jobs.every(({ id }) => id !== guard.id) !== false)
    return false;
  for (const [name, value] of Object.entries(variables)) setVariable(step, instance, name, value);
  if (byOperator) instance.local = without(instance.local ?? {}, 'failures');
  closeOwnWaits(step, instance);
  // What failed after its work was done only has to leave.
  if (instance.local?.departing === undefined) step.schedule(instance, true);
  else step.attempt(instance, () => step.depart(instance));
  return true;
}

/** The token goes on with the payload it came with. */
function resolve(step: Step, { flowNodeInstanceId }: ResolveCommand): boolean {
  const instance = step.state.instances.get(flowNodeInstanceId);
  if (instance?.waits?.incident === undefined) return false;
  const { payload, payloadFrom } = instance;
  step.attempt(instance, () =>
    step.leave(instance, { result: payload, payload: { value: payload, from: payloadFrom }, written: true }),
  );
  return true;
}

function changeVariables(step: Step, { scopeId, variables }: SetVariablesCommand): boolean {
  const scope = scopeId === undefined ? step.state.root : step.state.instances.get(scopeId);
  if (scope === undefined) return false;
  for (const [name, value] of Object.entries(variables)) setLocalVariable(step, scope, name, value);
  return true;
}

/** Starts an activity of an ad-hoc sub-process; in one with sequential ordering only while no other runs. */
function activate(step: Step, { flowNodeId, scopeId }: ActivateCommand): boolean {
  const scope = [...step.state.instances.values()].find(
    (instance) =>
      (scopeId === undefined || instance.id === scopeId) && offers(instance, flowNodeId) && mayActivate(instance),
  );
  if (scope === undefined) return false;
  step.spawn(step.graph.nodesById.get(flowNodeId)!, scope, scope.token);
  return true;
}

/** False also where the task is somebody else's than was expected. */
function updateTask(step: Step, { flowNodeInstanceId, expectedAssignee, set }: UpdateTaskCommand): boolean {
  const instance = waiting(step, flowNodeInstanceId);
  const task = instance?.waits?.userTask;
  if (task === undefined || (expectedAssignee !== undefined && task.assignee !== expectedAssignee)) return false;
  const { assignee = task.assignee } = set;
  const assignedAt = assignee === task.assignee ? task.assignedAt : assignee === null ? null : step.now;
  replaceUserTask(step, instance!, { ...task, ...set, assignedAt });
  notify(step, 'user_task_changed', instance!, instance!.payload);
  return true;
}

function offers(instance: FlowNodeInstance, flowNodeId: string): boolean {
  const { node } = instance;
  if (node.kind !== 'ad-hoc-sub-process' || isLoopBody(instance)) return false;
  return node.implicitStarts.some(({ id }) => id === flowNodeId);
}

function waiting(step: Step, id: string): FlowNodeInstance | undefined {
  const instance = step.state.instances.get(id);
  return instance?.state === 'waiting' ? instance : undefined;
}
