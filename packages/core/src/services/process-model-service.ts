/** Startable process models, starting instances, and the results of correlations. */
import { readRequestBody } from '@process-engine/contracts/http';
import {
  BadRequestError,
  CLAIMS,
  ForbiddenError,
  NotFoundError,
  processStartRequestSchema,
  type CallOptions,
  type CorrelationResultList,
  type IIdentity,
  type JsonValue,
  type ProcessInstanceList,
  type ProcessModel,
  type ProcessModelList,
  type ProcessStartRequestPayload,
  type ProcessStartResponsePayload,
  tenantOf,
} from '@process-engine/contracts';
import { IdempotencyConflictError, StorageUnavailableError, type PageRequest } from '@process-engine/contracts/storage';
import type { FlowNode, ProcessGraph } from '../model/graph.js';
import type { Model } from '../runtime/models.js';
import { startInstance } from '../runtime/start-instance.js';
import type { ReachedEnd } from '../runtime/waiting-starts.js';
import { eventsOf, ownedInstance, processModelOf } from './data-transfer-objects.js';
import { paged } from './paging.js';
import { ensureOutsideTransaction } from './outside-transaction.js';
import type { ServiceOptions } from './service-options.js';

export interface StartRequest {
  readonly processModelId: string;
  readonly payload: ProcessStartRequestPayload;
  /** 1: answer on creation, 2: on the end, 3: on the end with `endEventId`. */
  readonly callbackType: number;
  readonly startEventId: string | undefined;
  readonly endEventId: string | undefined;
}

export class ProcessModelService {
  constructor(private readonly options: ServiceOptions) {}

  async list(identity: IIdentity, page: PageRequest): Promise<ProcessModelList> {
    const { access } = this.options;
    const { models } = this.options.runtime;
    await access.ensureClaim(identity, CLAIMS.readProcessModel);
    const shown: ProcessModel[] = [];
    for (const { graph } of await models.listLatest(tenantOf(identity))) {
      const model = await this.#visible(identity, graph);
      if (!hidesAllStarts(graph, model)) shown.push(model);
    }
    return { processModels: paged(shown, page), totalCount: shown.length };
  }

  async get(identity: IIdentity, processModelId: string): Promise<ProcessModel> {
    const { graph } = await this.#latest(identity, processModelId);
    return this.#ensureVisible(identity, graph);
  }

  async getOfInstance(identity: IIdentity, processInstanceId: string): Promise<ProcessModel> {
    const { access } = this.options;
    const { storage, models } = this.options.runtime;
    await access.ensureClaim(identity, CLAIMS.readProcessModel);
    const { items } = await storage.findProcessInstances({ tenantId: tenantOf(identity), ids: [processInstanceId] });
    const model = items[0] === undefined ? undefined : await models.get(items[0].definitionId);
    if (model === undefined)
      throw new NotFoundError(`ProcessInstance '${processInstanceId}' not found`, {
        reason: 'process-instance-not-found',
      });
    return this.#ensureVisible(identity, model.graph);
  }

  async start<TResult>(
    identity: IIdentity,
    request: StartRequest,
    { signal }: CallOptions,
  ): Promise<ProcessStartResponsePayload<TResult>> {
    signal?.throwIfAborted();
    this.#ensureRoom();
    const { payload, callbackType } = request;
    ensureCallbackType(callbackType);
    if (callbackType !== 1) ensureOutsideTransaction(this.options, 'a start that waits for an end');
    readRequestBody(processStartRequestSchema, payload);
    const model = await this.#latest(identity, request.processModelId);
    const visible = await this.#ensureVisible(identity, model.graph);
    if (!model.graph.isExecutable) {
      throw new BadRequestError(`The process model '${request.processModelId}' is not executable!`, {
        reason: 'process-model-not-executable',
      });
    }
    const startEventId = startEventOf(model.graph, visible, request.startEventId);
    ensureEndEvent(visible, request);
    // Meanwhile others may have come.
    this.#ensureRoom();
    const { newId, newCorrelationId } = this.options.runtime;
    const started = { id: newId(), correlationId: payload.correlationId ?? newCorrelationId() };
    if (callbackType === 1) return this.#create({ identity, request, model, startEventId, ...started });
    return this.#createAndWait({ identity, request, model, startEventId, ...started }, signal) as Promise<
      ProcessStartResponsePayload<TResult>
    >;
  }

  /** What is refused later has cost a step. */
  #ensureRoom(): void {
    const { storage, statistics } = this.options.runtime;
    if (storage.overloaded !== true) return;
    statistics.count('refusedCommands');
    throw new StorageUnavailableError('too much waits to be committed');
  }

  async #create(start: Start): Promise<ProcessStartResponsePayload<never>> {
    const { runner, clock } = this.options.runtime;
    const { identity, request, model, id, correlationId, startEventId } = start;
    const { inputValues, businessKey, callerId, idempotencyKey } = request.payload;
    const now = clock.now();
    const idempotency = {
      tenantId: tenantOf(identity),
      processModelId: request.processModelId,
      key: idempotencyKey ?? '',
      processInstanceId: id,
      createdAt: now,
    };
    try {
      await startInstance(runner, now, {
        model,
        id,
        correlationId,
        ownerId: identity.userId,
        startEventId,
        payload: (inputValues ?? {}) as JsonValue,
        businessKey: businessKey ?? null,
        ...(callerId === undefined ? {} : { parent: { instanceId: callerId, flowNodeInstanceId: null, callDepth: 0 } }),
        ...(idempotencyKey === undefined ? {} : { accompanying: { idempotency } }),
      });
    } catch (error) {
      if (!(error instanceof IdempotencyConflictError)) throw error;
      this.options.runtime.statistics.count('repeatedStarts');
      return this.#startedBefore(identity, error.processInstanceId);
    }
    return { correlationId, processInstanceId: id };
  }

  async #startedBefore(identity: IIdentity, id: string): Promise<ProcessStartResponsePayload<never>> {
    const { items } = await this.options.runtime.storage.findProcessInstances({
      tenantId: tenantOf(identity),
      ids: [id],
    });
    return { correlationId: items[0]?.correlationId ?? '', processInstanceId: id };
  }

  /** Listens before the start, so that an instance that ends in its first step is not missed. */
  async #createAndWait(start: Start, signal: AbortSignal | undefined): Promise<ProcessStartResponsePayload> {
    const { waitingStarts } = this.options.runtime;
    const ended = waitingStarts.wait(start.id, awaitedEnd(start.request), {
      tenantId: tenantOf(start.identity),
      signal,
    });
    ended.catch(() => undefined);
    try {
      const created = await this.#create(start);
      if (created.processInstanceId !== start.id) return await this.#endOfEarlier(created, start, signal);
      return { ...created, ...endOf(await this.#restrict(start, await ended)) };
    } finally {
      waitingStarts.giveUp(start.id, NOT_STARTED);
    }
  }

  /** The idempotency key was used before: the call waits for the end of the first instance. */
  async #endOfEarlier(
    created: ProcessStartResponsePayload<never>,
    start: Start,
    signal: AbortSignal | undefined,
  ): Promise<ProcessStartResponsePayload> {
    const { waitingStarts } = this.options.runtime;
    const end = await waitingStarts.wait(created.processInstanceId, awaitedEnd(start.request), {
      tenantId: tenantOf(start.identity),
      signal,
      existing: true,
    });
    return { ...created, ...endOf(await this.#restrict(start, end)) };
  }

  /** Whoever may not see the end event's lane learns that it was reached, not with what. */
  async #restrict({ identity, model }: Start, end: ReachedEnd | undefined): Promise<ReachedEnd | undefined> {
    const node = end && model.graph.nodesById.get(end.endEventId);
    if (end === undefined || node === undefined || (await this.options.access.mayAccessLanes(identity, node.lanes)))
      return end;
    return { endEventId: end.endEventId, result: undefined };
  }

  async listOwnInstances(identity: IIdentity, page: PageRequest): Promise<ProcessInstanceList> {
    const { access } = this.options;
    const { storage } = this.options.runtime;
    access.ensureIdentity(identity);
    const { items, totalCount } = await storage.findProcessInstances(
      { tenantId: tenantOf(identity), ownerId: identity.userId, states: ['running'] },
      page,
    );
    return { processInstances: items.map(ownedInstance), totalCount };
  }

  async results<TResult>(
    identity: IIdentity,
    correlationId: string,
    processModelId: string,
  ): Promise<CorrelationResultList<TResult>> {
    const { access } = this.options;
    const { storage, models } = this.options.runtime;
    await access.ensureClaim(identity, CLAIMS.readProcessModel);
    const results: CorrelationResultList<TResult>['correlationResults'] = [];
    for (const end of await storage.findEndEventResults({
      tenantId: tenantOf(identity),
      correlationId,
      processModelId,
    })) {
      const graph = (await models.get(end.definitionId))?.graph;
      if (graph !== undefined) await this.#ensureVisible(identity, graph);
      const lanes = graph?.nodesById.get(end.endEventId)?.lanes ?? '[]';
      if (!(await access.mayAccessLanes(identity, lanes))) continue;
      results.push({ correlationId, endEventId: end.endEventId, tokenPayload: (end.result ?? {}) as TResult });
    }
    return { correlationResults: results, totalCount: results.length };
  }

  /** The payload of the end event that finished last. */
  async lastResult<TResult>(identity: IIdentity, correlationId: string, processModelId: string): Promise<TResult> {
    const { storage } = this.options.runtime;
    const { correlationResults } = await this.results<TResult>(identity, correlationId, processModelId);
    const last = correlationResults.at(-1);
    if (last !== undefined) return last.tokenPayload;
    const place = `ProcessModel '${processModelId}' in Correlation '${correlationId}'`;
    const filter = { tenantId: tenantOf(identity), correlationId, processModelId };
    if ((await storage.findEndEventResults(filter)).length === 0) {
      throw new NotFoundError(`A result of ${place} was not found`, { reason: 'result-not-found' });
    }
    throw new ForbiddenError(`Access denied: the results of ${place} lie in lanes you have no claim for`, {
      reason: 'lane-access-denied',
    });
  }

  async #latest(identity: IIdentity, processModelId: string): Promise<Model> {
    const { access } = this.options;
    const { models } = this.options.runtime;
    await access.ensureClaim(identity, CLAIMS.readProcessModel);
    const model = await models.latest(tenantOf(identity), processModelId);
    if (model === undefined)
      throw new NotFoundError(`ProcessModel with id '${processModelId}' not found!`, {
        reason: 'process-model-not-found',
      });
    return model;
  }

  async #visible(identity: IIdentity, graph: ProcessGraph): Promise<ProcessModel> {
    const lanes = [...new Set(eventsOf(graph).map((event) => event.lanes))];
    const accessible = new Set(await this.options.access.accessibleLanes(identity, lanes));
    return processModelOf(graph, (event: FlowNode) => accessible.has(event.lanes));
  }

  async #ensureVisible(identity: IIdentity, graph: ProcessGraph): Promise<ProcessModel> {
    const model = await this.#visible(identity, graph);
    if (!hidesAllStarts(graph, model)) return model;
    throw new ForbiddenError(
      `Access denied: you may see no start event of the process model '${graph.processModelId}'`,
      { reason: 'lane-access-denied' },
    );
  }
}

/** Frees the wait of a start that failed; the caller gets the failure itself. */
const NOT_STARTED = new Error('the start failed');

interface Start {
  readonly identity: IIdentity;
  readonly request: StartRequest;
  readonly model: Model;
  readonly id: string;
  readonly correlationId: string;
  readonly startEventId: string | undefined;
}

/** The end event a call of type 3 waits for. */
function awaitedEnd({ callbackType, endEventId }: StartRequest): string | undefined {
  return callbackType === 3 ? endEventId : undefined;
}

function hidesAllStarts({ isExecutable, root }: ProcessGraph, { startEvents }: ProcessModel): boolean {
  return isExecutable && root.startEvents.length > 0 && startEvents.length === 0;
}

function ensureCallbackType(type: number): void {
  if (type !== 1 && type !== 2 && type !== 3) {
    throw new BadRequestError(`${String(type)} is not a valid return option!`, {
      reason: 'start-callback-type-invalid',
    });
  }
}

/** The named start event, else the only one, else the only one without a trigger; a model without any starts at its first nodes. */
function startEventOf(
  graph: ProcessGraph,
  { startEvents }: ProcessModel,
  named: string | undefined,
): string | undefined {
  if (named !== undefined) {
    if (startEvents.some(({ id }) => id === named)) return named;
    throw new NotFoundError(`StartEvent with ID '${named}' not found!`, { reason: 'start-event-not-found' });
  }
  if (startEvents.length <= 1) return startEvents[0]?.id;
  const plain = graph.root.startEvents.filter(
    ({ id, eventDefinitions }) => eventDefinitions.length === 0 && startEvents.some((event) => event.id === id),
  );
  if (plain.length === 1) return plain[0]!.id;
  const startEventIds = startEvents.map(({ id }) => id);
  const message = `The process model '${graph.processModelId}' has multiple StartEvents: name one of them`;
  throw new BadRequestError(message, {
    reason: 'start-event-ambiguous',
    additionalInformation: { message, startEventIds },
  });
}

function ensureEndEvent({ endEvents }: ProcessModel, { callbackType, endEventId }: StartRequest): void {
  if (callbackType !== 3) return;
  if (endEventId === undefined || endEventId === '') {
    throw new BadRequestError("Must provide an EndEventId, when using callback type 'CallbackOnEndEventReached'!", {
      reason: 'end-event-missing',
    });
  }
  if (!endEvents.some(({ id }) => id === endEventId))
    throw new NotFoundError(`EndEvent with ID '${endEventId}' not found!`, { reason: 'end-event-not-found' });
}

function endOf(end: ReachedEnd | undefined): { endEventId?: string; tokenPayload?: JsonValue } {
  if (end === undefined) return {};
  return { endEventId: end.endEventId, ...(end.result === undefined ? {} : { tokenPayload: end.result }) };
}
