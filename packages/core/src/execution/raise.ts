/**
 * Errors: how a thrown BPMN error finds its one handler, and what a technical failure does.
 *
 * 1. The search goes outward: boundary events of the instance, event sub-processes of its scope, the scope's boundary
 *    events … Exactly one handler: the nearest scope, there an exact code before no code (BPMN 10.5.6).
 * 2. An error nobody catches ends the process instance; a called process hands it to its call activity.
 * 3. A technical failure is caught only by an event without code (or with the failure's own code); else it is retried,
 *    becomes an incident, or ends the instance.
 */
import type { ErrorData, IncidentRecord } from '@process-engine/contracts/storage';
import { endInstance } from './end-instance.js';
import { errorPayload, TechnicalFailure } from './failures.js';
import { findHandler, findHandlerIn, handOver, type Handler } from './handlers.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';
import { closeOwnWaits, closeWaits, openBoundaryEvents } from './waits.js';

/** A BPMN error thrown by code that runs inside the step (an inline service). */
export class ThrownBpmnError extends Error {
  override readonly name = 'ThrownBpmnError';

  constructor(readonly error: ErrorData) {
    super(error.message);
  }
}

/** Throws a BPMN error at an instance; `inside`: by something in that scope, whose own event sub-processes come first. */
export function raise(step: Step, from: FlowNodeInstance, error: ErrorData, { inside = false } = {}): void {
  const thrown = { kind: 'error', code: error.code } as const;
  const handler = (inside ? findHandlerIn(from, thrown) : undefined) ?? findHandler(from, thrown);
  if (handler === undefined) endInstance(step, { state: 'error', error, origin: from });
  else handle(step, handler, error);
}

/** What a technical failure at an instance does: event without code, else retry, incident or the end of the instance. */
export function handleFailure(step: Step, instance: FlowNodeInstance, { error, retryable }: TechnicalFailure): void {
  const handler = findHandler(instance, { kind: 'error', code: error.code });
  if (handler !== undefined) return handle(step, handler, error);
  const delays = retryable ? (instance.node.retries ?? step.env.options.retries) : [];
  const failures = Number(instance.local?.failures ?? 0);
  const delay = delayAfter(step, instance, delays[failures]);
  if (delay !== undefined) return retryLater(step, instance, { delay, failures: failures + 1 });
  if (delays.length > 0 || (step.env.options.onFailure === 'incident' && instance !== step.state.root)) {
    return openIncident(step, instance, error);
  }
  endInstance(step, { state: 'error', error, technical: true, origin: instance });
}

/** What the model says is kept to; the engine's own pauses vary, so that not all that failed together comes again together. */
function delayAfter(step: Step, { node }: FlowNodeInstance, delay: number | undefined): number | undefined {
  const { retryJitter } = step.env.options;
  if (delay === undefined || retryJitter === 0 || node.retries !== undefined) return delay;
  return Math.round(delay * (1 + retryJitter * (2 * step.random() - 1)));
}

function retryLater(
  step: Step,
  instance: FlowNodeInstance,
  { delay, failures }: { delay: number; failures: number },
): void {
  withdraw(step, instance);
  instance.state = 'waiting';
  instance.local = { ...instance.local, failures };
  step.addJob({ kind: 'retry', dueAt: step.now + delay }, instance);
}

function openIncident(step: Step, instance: FlowNodeInstance, error: ErrorData): void {
  withdraw(step, instance);
  instance.state = 'failed';
  const { record } = step.state;
  const incident: IncidentRecord = {
    id: step.nextId(),
    processInstanceId: record.id,
    tenantId: record.tenantId,
    processModelId: record.processModelId,
    correlationId: record.correlationId,
    flowNodeInstanceId: instance.id,
    flowNodeId: instance.node.id,
    error,
    createdAt: step.now,
  };
  instance.openWaits().incident = incident;
  step.changes.incidents.insert(incident);
}

/** Ends what the instance had begun, so that it can be run again. It is still active: its boundary events are armed. */
function withdraw(step: Step, instance: FlowNodeInstance): void {
  for (const child of [...instance.children].reverse()) step.cancel(child);
  if (isArmed(instance)) closeOwnWaits(step, instance);
  else closeWaits(step, instance);
  if (instance.node.boundaryEvents.length > 0 && instance.local?.departing === undefined) arm(step, instance);
  step.changes.touch(instance);
}

/** All of them: what begins to wait is armed first. */
function isArmed({ state, local }: FlowNodeInstance): boolean {
  return local?.armed === true || state === 'waiting' || state === 'active';
}

/** An event that cannot be armed is what failed, or will fail when the activity is tried again. */
function arm(step: Step, instance: FlowNodeInstance): void {
  try {
    if (!isArmed(instance)) openBoundaryEvents(step, instance);
    instance.local = { ...instance.local, armed: true };
  } catch (thrown) {
    if (!(thrown instanceof TechnicalFailure)) throw thrown;
    closeWaits(step, instance);
  }
}

function handle(step: Step, handler: Handler, error: ErrorData): void {
  const payload = errorPayload(error);
  if (handler.kind === 'boundary-event') {
    handler.host.result = payload;
    handler.host.error = error;
    step.state.results.set(handler.host.id, payload);
  }
  handOver(step, handler, { payload, hasPayload: true, hostState: 'error', isThrown: true });
}
