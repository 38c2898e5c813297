import type { JsonValue } from '@process-engine/contracts';
import type { EndEventNode, EventDefinition } from '../../model/graph.js';
import { endInstance } from '../end-instance.js';
import { evaluate } from '../evaluation.js';
import type { FlowNodeInstance } from '../instance-state.js';
import { publish } from '../publish.js';
import { raise } from '../raise.js';
import type { Step } from '../step.js';
import type { Behaviour } from './behaviour.js';

/** BPMN 13.5.6: consumes the token; its definitions say what else happens. */
export const endEvent: Behaviour<EndEventNode> = {
  enter(step, instance, node) {
    const payload = node.payload === undefined ? instance.payload : evaluate(step, instance, node.payload, { what: 'payload configuration' });
    const error = node.eventDefinitions.find((definition) => definition.kind === 'error');
    if (error !== undefined) {
      const { name, code = '', message } = error;
      return end(step, instance, payload, () => raise(step, instance.scope!, { name, code, message }));
    }
    if (node.eventDefinitions.some(({ kind }) => kind === 'terminate')) {
      return end(step, instance, payload, () => terminateScope(step, instance.scope!, node));
    }
    for (const definition of node.eventDefinitions) send(step, instance, definition, payload);
    end(step, instance, payload);
  },
};

function send(step: Step, instance: FlowNodeInstance, definition: EventDefinition, payload: JsonValue | undefined): void {
  if (definition.kind === 'message' || definition.kind === 'signal') publish(step, instance, definition, payload);
}

/** Leaves the end event; `then` happens instead of letting the scope go on. */
function end(step: Step, instance: FlowNodeInstance, payload: JsonValue | undefined, then?: () => void): void {
  if (instance.scope === step.state.root) noteEnd(step, instance, payload);
  else noteScopeResult(step, instance, payload);
  step.leave(instance, { result: payload });
  then?.();
}

/** Waiting callers get the first end event (or the one they named); a call activity gets the first. */
function noteEnd(step: Step, instance: FlowNodeInstance, result: JsonValue | undefined): void {
  step.endEvents.push({ endEventId: instance.node.id, result });
  const { record, root } = step.state;
  if (record.parentInstanceId === null || root.local?.firstEnd !== undefined) return;
  const firstEnd = { id: instance.node.id, name: instance.node.name ?? null, ...(result === undefined ? {} : { result }) };
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
