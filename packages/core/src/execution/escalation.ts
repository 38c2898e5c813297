/**
 * Escalations go outward like errors, but end nothing by themselves; an uncaught one is ignored (BPMN 10.5.6). A called
 * process hands them on to its call activity.
 */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import { findHandler, handOver } from './handlers.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';

export interface Escalation {
  readonly code: string;
  readonly name: string;
  readonly payload: JsonValue | undefined;
}

export function escalate(step: Step, from: FlowNodeInstance, escalation: Escalation): void {
  const { code, payload } = escalation;
  const handler = findHandler(from, { kind: 'escalation', code });
  if (handler === undefined) tellParent(step, escalation);
  else handOver(step, handler, { payload, hasPayload: payload !== undefined, isThrown: true });
}

function tellParent(step: Step, { code, name, payload }: Escalation): void {
  const { parentInstanceId, parentFlowNodeInstanceId, id } = step.state.record;
  if (parentInstanceId === null || parentFlowNodeInstanceId === null) return;
  const outcome: JsonObject = { state: 'escalated', code, name, ...(payload === undefined ? {} : { payload }) };
  step.addJob({
    kind: 'child-ended',
    payload: { childInstanceId: id, outcome },
    processInstanceId: parentInstanceId,
    flowNodeInstanceId: parentFlowNodeInstanceId,
  });
}
