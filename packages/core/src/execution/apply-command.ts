/** Commands: each finds what it is about and hands over to the step. What came too late changes nothing. */
import type { JsonValue } from '@process-engine/contracts';
import type { BoundaryEventNode, FlowNode, StartEventNode } from '../model/graph.js';
import { behaviourOf } from './behaviours/index.js';
import type { Trigger } from './behaviours/behaviour.js';
import { fireBoundaryEvent } from './boundary-events.js';
import type {
  ChildEndedCommand,
  Command,
  CompleteCommand,
  ContinueCommand,
  RetryCommand,
  SetVariablesCommand,
  StartCommand,
  ThrowErrorCommand,
  TriggerCommand,
} from './commands.js';
import { endInstance } from './end-instance.js';
import { fireEventSubProcess } from './event-sub-processes.js';
import { TechnicalFailure } from './failures.js';
import type { FlowNodeInstance } from './instance-state.js';
import { handleFailure, raise } from './raise.js';
import { openScope } from './scopes.js';
import type { Step } from './step.js';
import { rearmTimer } from './timers.js';
import { setLocalVariable, setVariable, setVariables } from './variables.js';
import { closeWait, closeWaits, findWait } from './waits.js';

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
    case 'set-variables':
      return changeVariables(step, command);
    case 'terminate':
      endInstance(step, { state: 'terminated', error: { name: 'InternalServerError', code: '', message: command.reason, status: 500 } });
      return true;
  }
}

/** The payload is the instance's first data: its fields become variables of the process instance. */
function start(step: Step, { startEventId, payload, variables = {} }: StartCommand): boolean {
  const { root } = step.state;
  if (step.graph.data !== 'token') {
    for (const { name } of step.graph.root.data) setLocalVariable(step, root, name, null);
    setVariables(step, root, payload);
    for (const [name, value] of Object.entries(variables)) setVariable(step, root, name, value);
  }
  openScope(step, root, step.graph.root, startEventId);
  return true;
}

function complete(step: Step, { flowNodeInstanceId, result }: CompleteCommand): boolean {
  const instance = waiting(step, flowNodeInstanceId);
  if (instance === undefined || (instance.waits?.userTask === undefined && instance.waits?.externalTask === undefined)) return false;
  resume(step, instance, { kind: 'completed', result });
  return true;
}

/** A waiting instance goes on. */
export function resume(step: Step, instance: FlowNodeInstance, trigger: Trigger): void {
  const node = instance.node as FlowNode;
  step.attempt(instance, () => {
    const behaviour = behaviourOf(instance);
    if (behaviour.resume !== undefined) behaviour.resume(step, instance, node as never, trigger);
    else step.leave(instance, { result: broughtBy(trigger) });
  });
}

function broughtBy(trigger: Trigger): JsonValue | undefined {
  if (trigger.kind === 'completed') return trigger.result;
  return trigger.kind === 'event' ? trigger.payload : undefined;
}

function trigger(step: Step, { flowNodeInstanceId, waitId, payload, hasPayload }: TriggerCommand): boolean {
  const owner = step.state.instances.get(flowNodeInstanceId);
  if (owner === undefined) return false;
  const wait = findWait(owner, waitId);
  if (wait === undefined || wait.flowNodeId === null) return false;
  const event = step.graph.nodesById.get(wait.flowNodeId)!;
  const occurrence = { payload, hasPayload };
  if (event === owner.node) {
    resume(step, owner, { kind: 'event', event, ...occurrence });
    return true;
  }
  if ('kind' in wait && wait.kind === 'timer') rearmTimer(step, owner, wait);
  if (event.kind === 'boundary-event') fireBoundaryEvent(step, owner, event as BoundaryEventNode, occurrence);
  else if (event.kind === 'start-event') fireEventSubProcess(step, owner, event as StartEventNode, occurrence);
  else resume(step, owner, { kind: 'event', event, ...occurrence });
  return true;
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
    if (instance?.state !== 'ready') continue;
    any = true;
    const own = instance.waits?.jobs.some((job) => job.id === guard?.id) === true;
    if (own) closeWait(step, instance, guard!.id);
    if (instance.local?.departing !== undefined) step.attempt(instance, () => step.depart(instance));
    else step.schedule(instance, own);
  }
  return any;
}

function childEnded(step: Step, { flowNodeInstanceId, childInstanceId, outcome }: ChildEndedCommand): boolean {
  const instance = waiting(step, flowNodeInstanceId);
  if (instance === undefined || instance.local?.childInstanceId !== childInstanceId) return false;
  const { childInstanceId: _ended, ...local } = instance.local;
  instance.local = Object.keys(local).length === 0 ? null : local;
  resume(step, instance, { kind: 'child', outcome });
  return true;
}

/** By its job after a delay, or by an operator: then its count of failures begins anew. */
function retry(step: Step, { flowNodeInstanceId, guard }: RetryCommand): boolean {
  const instance = step.state.instances.get(flowNodeInstanceId);
  if (instance === undefined) return false;
  const byOperator = guard === undefined;
  const { waits } = instance;
  if (byOperator ? waits?.incident === undefined : waits?.jobs.every(({ id }) => id !== guard.id) !== false) return false;
  if (byOperator) instance.local = null;
  closeWaits(step, instance);
  step.schedule(instance, true);
  return true;
}

function changeVariables(step: Step, { scopeId, variables }: SetVariablesCommand): boolean {
  const scope = scopeId === undefined ? step.state.root : step.state.instances.get(scopeId);
  if (scope === undefined) return false;
  for (const [name, value] of Object.entries(variables)) setLocalVariable(step, scope, name, value);
  return true;
}

function waiting(step: Step, id: string): FlowNodeInstance | undefined {
  const instance = step.state.instances.get(id);
  return instance?.state === 'waiting' ? instance : undefined;
}
