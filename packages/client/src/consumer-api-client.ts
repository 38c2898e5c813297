import type {
  ApplicationInfo,
  CorrelationResultList,
  EngineApi,
  EventList,
  ExternalTask,
  IConsumerApi,
  IIdentity,
  INotificationApi,
  ProcessInstanceList,
  ProcessModel,
  ProcessModelList,
  ProcessStartResponsePayload,
} from '@process-engine/contracts';
import { startProcessInstance, type StartArguments } from './start-process-instance.js';
import { TaskClient } from './task-client.js';

type FetchAndLock = Parameters<IConsumerApi['fetchAndLockExternalTasks']>;

/** For applications that run processes: the consumer API and its notifications over any accessor. */
export class ConsumerApiClient extends TaskClient implements IConsumerApi {
  readonly #api: IConsumerApi;
  readonly #notifications: INotificationApi;

  constructor(accessor: Pick<EngineApi, 'consumerApi' | 'notificationApi'>) {
    super(accessor);
    this.#api = accessor.consumerApi;
    this.#notifications = accessor.notificationApi;
  }

  getApplicationInfo(): Promise<ApplicationInfo> {
    return this.#api.getApplicationInfo();
  }

  getProcessModels(identity: IIdentity, offset?: number, limit?: number): Promise<ProcessModelList> {
    return this.#api.getProcessModels(identity, offset, limit);
  }

  getProcessModelById(identity: IIdentity, processModelId: string): Promise<ProcessModel> {
    return this.#api.getProcessModelById(identity, processModelId);
  }

  getProcessModelByProcessInstanceId(identity: IIdentity, processInstanceId: string): Promise<ProcessModel> {
    return this.#api.getProcessModelByProcessInstanceId(identity, processInstanceId);
  }

  /**
   * As the contract says, and: a missing start callback type means 1, and `options.onProcessEnded` is told when the started
   * instance has finished.
   */
  startProcessInstance<TInput = unknown, TResult = unknown>(
    ...args: StartArguments<TInput>
  ): Promise<ProcessStartResponsePayload<TResult>> {
    return startProcessInstance(this.#api, this.#notifications, args);
  }

  getProcessInstancesByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<ProcessInstanceList> {
    return this.#api.getProcessInstancesByIdentity(identity, offset, limit);
  }

  getProcessResultForCorrelation<TResult = unknown>(
    identity: IIdentity,
    correlationId: string,
    processModelId: string,
  ): Promise<CorrelationResultList<TResult>> {
    return this.#api.getProcessResultForCorrelation<TResult>(identity, correlationId, processModelId);
  }

  getProcessResult<TResult = unknown>(
    identity: IIdentity,
    correlationId: string,
    processModelId: string,
  ): Promise<TResult> {
    return this.#api.getProcessResult<TResult>(identity, correlationId, processModelId);
  }

  getEventsForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<EventList> {
    return this.#api.getEventsForProcessModel(identity, processModelId, offset, limit);
  }

  getEventsForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EventList> {
    return this.#api.getEventsForCorrelation(identity, correlationId, offset, limit);
  }

  getEventsForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EventList> {
    return this.#api.getEventsForProcessModelInCorrelation(identity, processModelId, correlationId, offset, limit);
  }

  triggerMessageEvent(identity: IIdentity, messageName: string, payload?: unknown): Promise<void> {
    return this.#api.triggerMessageEvent(identity, messageName, payload);
  }

  triggerSignalEvent(identity: IIdentity, signalName: string, payload?: unknown): Promise<void> {
    return this.#api.triggerSignalEvent(identity, signalName, payload);
  }

  triggerEvent(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    eventId: string,
    payload?: unknown,
  ): Promise<void> {
    return this.#api.triggerEvent(identity, processModelId, correlationId, eventId, payload);
  }

  fetchAndLockExternalTasks<TPayload = unknown>(...args: FetchAndLock): Promise<ExternalTask<TPayload>[]> {
    return this.#api.fetchAndLockExternalTasks<TPayload>(...args);
  }

  extendLock(identity: IIdentity, workerId: string, externalTaskId: string, additionalDuration: number): Promise<void> {
    return this.#api.extendLock(identity, workerId, externalTaskId, additionalDuration);
  }

  handleBpmnError(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    errorCode: string,
    errorMessage?: string,
  ): Promise<void> {
    return this.#api.handleBpmnError(identity, workerId, externalTaskId, errorCode, errorMessage);
  }

  handleServiceError(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    errorMessage: string,
    errorDetails?: unknown,
    errorCode?: string,
  ): Promise<void> {
    return this.#api.handleServiceError(identity, workerId, externalTaskId, errorMessage, errorDetails, errorCode);
  }

  finishExternalTask<TResult = unknown>(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    result?: TResult,
  ): Promise<void> {
    return this.#api.finishExternalTask(identity, workerId, externalTaskId, result);
  }
}
