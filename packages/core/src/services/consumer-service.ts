/** The consumer API: each operation checks the identity and hands over to the service of its subject; tasks are the base class's. */
import type {
  ApplicationInfo,
  CallOptions,
  CorrelationResultList,
  EventList,
  IConsumerApi,
  IIdentity,
  ProcessInstanceList,
  ProcessModel,
  ProcessModelList,
  ProcessStartRequestPayload,
  ProcessStartResponsePayload,
  StartCallbackType,
} from '@process-engine/contracts';
import type { PageRequest } from '@process-engine/contracts/storage';
import { EventService } from './event-service.js';
import { ConsumerTaskService } from './consumer-task-service.js';
import { pageOf } from './paging.js';
import { ProcessModelService } from './process-model-service.js';
import type { ServiceOptions } from './service-options.js';

export class ConsumerService extends ConsumerTaskService implements IConsumerApi {
  readonly #models: ProcessModelService;
  readonly #events: EventService;
  readonly #info: ApplicationInfo;

  constructor(options: ServiceOptions) {
    super(options);
    this.#models = new ProcessModelService(options);
    this.#events = new EventService(options);
    this.#info = options.applicationInfo;
  }

  getApplicationInfo(): Promise<ApplicationInfo> {
    return Promise.resolve(this.#info);
  }

  getProcessModels(identity: IIdentity, offset?: number, limit?: number): Promise<ProcessModelList> {
    return this.#models.list(identity, pageOf(offset, limit));
  }

  getProcessModelById(identity: IIdentity, processModelId: string): Promise<ProcessModel> {
    return this.#models.get(identity, processModelId);
  }

  getProcessModelByProcessInstanceId(identity: IIdentity, processInstanceId: string): Promise<ProcessModel> {
    return this.#models.getOfInstance(identity, processInstanceId);
  }

  startProcessInstance<TInput, TResult>(
    identity: IIdentity,
    processModelId: string,
    payload?: ProcessStartRequestPayload<TInput>,
    startCallbackType?: StartCallbackType,
    startEventId?: string,
    endEventId?: string,
    options?: CallOptions,
  ): Promise<ProcessStartResponsePayload<TResult>> {
    const request = {
      processModelId,
      payload: payload ?? {},
      callbackType: startCallbackType ?? 1,
      startEventId,
      endEventId,
    };
    return this.#models.start(identity, request, options ?? {});
  }

  getProcessInstancesByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<ProcessInstanceList> {
    return this.#models.listOwnInstances(identity, pageOf(offset, limit));
  }

  getProcessResultForCorrelation<TResult>(
    identity: IIdentity,
    correlationId: string,
    processModelId: string,
  ): Promise<CorrelationResultList<TResult>> {
    return this.#models.results(identity, correlationId, processModelId);
  }

  getProcessResult<TResult>(identity: IIdentity, correlationId: string, processModelId: string): Promise<TResult> {
    return this.#models.lastResult(identity, correlationId, processModelId);
  }

  getEventsForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<EventList> {
    return this.#listEvents(identity, { processModelId }, pageOf(offset, limit));
  }

  getEventsForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EventList> {
    return this.#listEvents(identity, { correlationId }, pageOf(offset, limit));
  }

  getEventsForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EventList> {
    return this.#listEvents(identity, { processModelId, correlationId }, pageOf(offset, limit));
  }

  triggerMessageEvent(identity: IIdentity, messageName: string, payload?: unknown): Promise<void> {
    return this.#events.trigger(identity, 'message', { name: messageName, body: payload });
  }

  triggerSignalEvent(identity: IIdentity, signalName: string, payload?: unknown): Promise<void> {
    return this.#events.trigger(identity, 'signal', { name: signalName, body: payload });
  }

  triggerEvent(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    eventId: string,
    payload?: unknown,
  ): Promise<void> {
    return this.#events.triggerOne(identity, { processModelId, correlationId, eventId }, payload);
  }

  #listEvents(
    identity: IIdentity,
    query: { processModelId?: string; correlationId?: string },
    page: PageRequest,
  ): Promise<EventList> {
    return this.#events.list(identity, query, page);
  }
}
