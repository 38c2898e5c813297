import type { JsonValue } from '@process-engine/contracts';
import type { EndEventNode } from '../../model/graph.js';
import { beginCompensation, undoNext } from '../compensation.js';
import { endInstance } from '../end-instance.js';
import { evaluate } from '../evaluation.js';
import type { FlowNodeInstance } from '../instance-state.js';
import { raise } from '../raise.js';
import type { Step } from '../step.js';
import { compensationOf, escalateAll, sendAll } from '../throw-events.js';
import { cancelTransaction } from '../transactions.js';
import type { Behaviour } from './behaviour.js';

/** BPMN 13.5.6: consumes the token; its definitions say what else happens. One that compensates ends after its handlers. */
export const endEvent: Behaviour<EndEventNode> = {
  enter(step, instance, node) {
    const { eventDefinitions } = node;
    instance.result =
      node.payload === undefined
        ? instance.payload
        : evaluate(step, instance, node.payload, { what: 'payload configuration' });
    sendAll(step, instance, eventDefinitions, instance.result);
    const compensation = compensationOf(eventDefinitions);
    if (compensation !== undefined && beginCompensation(step, instance, compensation.activityId)) return;
    if (isCancel(node) && cancelTransaction(step, instance)) return;
    finish(step, instance, node);
  },
  childrenDone(step, instance, node) {
    if (!undoNext(step, instance)) finish(step, instance, node);
  },
};

function isCancel({ eventDefinitions }: EndEventNode): boolean {
  return eventDefinitions.some(({ kind }) => kind === 'cancel');
}

/** Leaves the end event, then does what ends more than its own token. */
function finish(step: Step, instance: FlowNodeInstance, node: EndEventNode): void {
  if (!instance.isLive) return;
  const scope = instance.scope!;
  noteEnd(step, instance, instance.result);
  step.leave(instance, { result: instance.result });
  escalateAll(step, instance, node.eventDefinitions, instance.result);
  for (const definition of node.eventDefinitions) {
    if (definition.kind === 'error') {
      const { name, code = '', message } = definition;
      raise(step, scope, { name, code, message }, { inside: true });
    } else if (definition.kind === 'terminate') {
      terminateScope(step, scope, node);
    } else if (definition.kind === 'cancel') {
      cancelTransaction(step, instance);
    }
  }
}

function noteEnd(step: Step, instance: FlowNodeInstance, result: JsonValue | undefined): void {
  if (instance.scope === step.state.root) noteProcessEnd(step, instance, result);
  else noteScopeResult(step, instance, result);
}

/** Waiting callers get the first end event (or the one they named); a call activity gets the first. */
function noteProcessEnd(step: Step, instance: FlowNodeInstance, result: JsonValue | undefined): void {
  step.endEvents.push({ endEventId: instance.node.id, flowNodeInstanceId: instance.id, result });
  const { record, root } = step.state;
  if (record.parentInstanceId === null || root.local?.firstEnd !== undefined) return;
  const firstEnd = {
    id: instance.node.id,
    name: instance.node.name ?? null,
    ...(result === undefined ? {} : { result }),
  };
  root.local = { ...root.local, firstEnd };
}

/** A sub-process's result is the payload of the end event it reached last. */
function noteScopeResult(step: Step, { scope }: FlowNodeInstance, payload: JsonValue | undefined): void {
  scope!.result = payload;
  scope!.local = { ...scope!.local, ended: true };
  step.changes.touch(scope!);
}

/** Terminate ends its own scope, or its own (called) instance, and nothing above. */
function terminateScope(step: Step, scope: FlowNodeInstance, node: EndEventNode): void {
  if (scope === step.state.root) {
    const message = `Process was terminated through TerminateEndEvent '${node.id}'`;
    endInstance(step, { state: 'terminated', error: { name: 'InternalServerError', code: '', message, status: 500 } });
    return;
  }
  for (const child of [...scope.children].reverse()) step.cancel(child);
  step.checkScope(scope);
}
