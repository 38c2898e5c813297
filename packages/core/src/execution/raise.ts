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
import type { BoundaryEventNode, ErrorEventDefinition, FlowNode, ScopeNode, StartEventNode, SubProcessNode } from '../model/graph.js';
import { fireBoundaryEvent } from './boundary-events.js';
import { endInstance } from './end-instance.js';
import { fireEventSubProcess } from './event-sub-processes.js';
import { errorPayload, type TechnicalFailure } from './failures.js';
import type { FlowNodeInstance } from './instance-state.js';
import type { Step } from './step.js';
import { closeWaits } from './waits.js';

/** A BPMN error thrown by code that runs inside the step (an inline service). */
export class ThrownBpmnError extends Error {
  override readonly name = 'ThrownBpmnError';

  constructor(readonly error: ErrorData) {
    super(error.message);
  }
}

type Handler =
  | { readonly kind: 'boundary'; readonly host: FlowNodeInstance; readonly event: BoundaryEventNode }
  | { readonly kind: 'event-sub-process'; readonly scope: FlowNodeInstance; readonly node: SubProcessNode; readonly start: StartEventNode };

/** Throws a BPMN error at an instance. */
export function raise(step: Step, from: FlowNodeInstance, error: ErrorData, technical = false): void {
  const handler = findHandler(from, error);
  if (handler === undefined) endInstance(step, { state: 'error', error, technical, origin: from });
  else handle(step, handler, error);
}

/** What a technical failure at an instance does: event without code, else retry, incident or the end of the instance. */
export function handleFailure(step: Step, instance: FlowNodeInstance, { error, retryable }: TechnicalFailure): void {
  const handler = findHandler(instance, error);
  if (handler !== undefined) return handle(step, handler, error);
  const delays = retryable ? (instance.node.retries ?? step.env.options.retries) : [];
  const failures = Number(instance.local?.failures ?? 0);
  const delay = delays[failures];
  if (delay !== undefined) return retryLater(step, instance, { delay, failures: failures + 1 });
  if (delays.length > 0 || (step.env.options.onFailure === 'incident' && instance !== step.state.root)) {
    return openIncident(step, instance, error);
  }
  endInstance(step, { state: 'error', error, technical: true, origin: instance });
}

function retryLater(step: Step, instance: FlowNodeInstance, { delay, failures }: { delay: number; failures: number }): void {
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

/** Ends what the instance had begun, so that it can be run again. */
function withdraw(step: Step, instance: FlowNodeInstance): void {
  for (const child of [...instance.children].reverse()) step.cancel(child);
  closeWaits(step, instance);
  step.changes.touch(instance);
}

function handle(step: Step, handler: Handler, error: ErrorData): void {
  const payload = errorPayload(error);
  if (handler.kind === 'event-sub-process') {
    fireEventSubProcess(step, handler.scope, handler.start, { payload, hasPayload: true });
    return;
  }
  handler.host.result = payload;
  handler.host.error = error;
  step.state.results.set(handler.host.id, payload);
  fireBoundaryEvent(step, handler.host, handler.event, { payload, hasPayload: true, hostState: 'error' });
}

function findHandler(from: FlowNodeInstance, error: ErrorData): Handler | undefined {
  for (let host: FlowNodeInstance = from; host.scope !== undefined; host = host.scope) {
    const isIteration = host.scope.node === host.node;
    const event = isIteration ? undefined : bestMatch(host.node.boundaryEvents, error);
    if (event !== undefined) return { kind: 'boundary', host, event };
    if (host.node.kind === 'event-sub-process') continue;
    const starts = eventSubProcessStarts(host.scope.node as ScopeNode | FlowNode);
    const start = bestMatch(starts, error);
    if (start !== undefined) return { kind: 'event-sub-process', scope: host.scope, node: start.scope as SubProcessNode, start };
  }
  return undefined;
}

function eventSubProcessStarts(scope: ScopeNode | FlowNode): readonly StartEventNode[] {
  return 'eventSubProcesses' in scope ? scope.eventSubProcesses.flatMap(({ startEvents }) => startEvents) : [];
}

/** The event that catches this very code, else the one that catches all. */
function bestMatch<E extends BoundaryEventNode | StartEventNode>(events: readonly E[], error: ErrorData): E | undefined {
  const definitionOf = (event: E) => event.eventDefinitions.find((definition): definition is ErrorEventDefinition => definition.kind === 'error');
  const catching = events.filter((event) => definitionOf(event) !== undefined);
  const codeOf = (event: E) => definitionOf(event)?.code ?? '';
  return catching.find((event) => codeOf(event) !== '' && codeOf(event) === error.code) ?? catching.find((event) => codeOf(event) === '');
}
