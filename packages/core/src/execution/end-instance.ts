/** The end of a process instance: finished, terminated or failed; its call activity, if it has one, is told by a job. */
import type { JsonObject, JsonValue, NotificationKind } from '@process-engine/contracts';
import type { ErrorData, ProcessInstanceState } from '@process-engine/contracts/storage';
import type { ChildOutcome } from './commands.js';
import { errorPayload } from './failures.js';
import type { FlowNodeInstance } from './instance-state.js';
import { notify } from './notify.js';
import type { Step } from './step.js';
import { closeWaits } from './waits.js';

export interface Ending {
  readonly state: Exclude<ProcessInstanceState, 'running'>;
  readonly error: ErrorData | null;
  /** True for a failure rather than a BPMN error. */
  readonly technical?: boolean;
  /** Where the error arose. */
  readonly origin?: FlowNodeInstance;
}

const KINDS: Record<Ending['state'], NotificationKind> = {
  finished: 'process_ended',
  terminated: 'process_terminated',
  error: 'process_error',
};

/** Ends the instance and all that lives in it. */
export function endInstance(step: Step, ending: Ending): void {
  const { root } = step.state;
  if (step.end !== undefined) return;
  step.end = { state: ending.state, error: ending.error };
  markOrigin(step, ending);
  for (const child of [...root.children].reverse()) step.cancel(child);
  closeWaits(step, root);
  root.leftAt = step.now;
  step.state.record = { ...step.state.record, state: ending.state, endedAt: step.now, error: ending.error };
  notifyEnd(step, ending);
  tellParent(step, ending);
}

/** The end is told with the end event that was reached last, a failure with its error. */
function notifyEnd(step: Step, { state, error }: Ending): void {
  const last = state === 'error' ? undefined : step.endEvents.at(-1);
  const place = last === undefined ? {} : { flowNodeId: last.endEventId, flowNodeInstanceId: last.flowNodeInstanceId };
  notify(
    step,
    KINDS[state],
    step.state.root,
    error === null || last !== undefined ? last?.result : errorPayload(error),
    place,
  );
}

/** The flow node instance where the error arose, and the scopes around it, end in state `error` in the history. */
function markOrigin(step: Step, { state, error, origin }: Ending): void {
  if (state !== 'error') return;
  for (let instance = origin; instance !== undefined && instance !== step.state.root; instance = instance.scope) {
    instance.error = error;
    const { scope } = instance;
    step.cancel(instance, 'error');
    if (scope === undefined) return;
  }
}

function tellParent(step: Step, ending: Ending): void {
  const { record } = step.state;
  if (record.parentFlowNodeInstanceId === null || record.parentInstanceId === null) return;
  const payload: JsonObject = { childInstanceId: record.id, outcome: outcomeOf(step, ending) as unknown as JsonValue };
  step.addJob({
    kind: 'child-ended',
    payload,
    processInstanceId: record.parentInstanceId,
    flowNodeInstanceId: record.parentFlowNodeInstanceId,
  });
}

function outcomeOf(step: Step, { state, error, technical = false }: Ending): ChildOutcome {
  if (state === 'error') return { state, error: error!, technical };
  const { local } = step.state.root;
  const reached = local?.firstEnd as { id: string; name: string | null; result?: JsonValue } | undefined;
  return {
    state,
    endEvent: reached === undefined ? null : { id: reached.id, name: reached.name },
    result: reached?.result,
    variables: local?.returnsVariables === true ? Object.fromEntries(step.state.root.variables ?? []) : {},
  };
}
