import type {
  ApplicationInfo,
  CorrelationResultList,
  EmptyActivityList,
  EngineApi,
  EventList,
  ExternalTask,
  IConsumerApi,
  IIdentity,
  INotificationApi,
  ManualTaskList,
  ProcessInstanceList,
  ProcessModel,
  ProcessModelList,
  ProcessStartResponsePayload,
  TaskList,
  UserTask,
  UserTaskChange,
  UserTaskList,
  UserTaskQuery,
  UserTaskResult,
} from '@process-engine/contracts';
import { NotificationClient } from './notification-client.js';
import { startProcessInstance, type StartArguments } from './start-process-instance.js';

type FetchAndLock = Parameters<IConsumerApi['fetchAndLockExternalTasks']>;

/** For applications that run processes: the consumer API and its notifications over any accessor. */
export class ConsumerApiClient extends NotificationClient implements IConsumerApi {
  readonly #api: IConsumerApi;
  readonly #notifications: INotificationApi;

  constructor(accessor: Pick<EngineApi, 'consumerApi' | 'notificationApi'>) {
    super(accessor.notificationApi);
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

  getUserTasksForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList> {
    return this.#api.getUserTasksForProcessModel(identity, processModelId, offset, limit);
  }

  getUserTasksForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList> {
    return this.#api.getUserTasksForProcessInstance(identity, processInstanceId, offset, limit);
  }

  getUserTasksForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList> {
    return this.#api.getUserTasksForCorrelation(identity, correlationId, offset, limit);
  }

  getUserTasksForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList> {
    return this.#api.getUserTasksForProcessModelInCorrelation(identity, processModelId, correlationId, offset, limit);
  }

  getWaitingUserTasksByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<UserTaskList> {
    return this.#api.getWaitingUserTasksByIdentity(identity, offset, limit);
  }

  getUserTasks(identity: IIdentity, query?: UserTaskQuery, offset?: number, limit?: number): Promise<UserTaskList> {
    return this.#api.getUserTasks(identity, query, offset, limit);
  }

  getUserTask(identity: IIdentity, userTaskInstanceId: string): Promise<UserTask> {
    return this.#api.getUserTask(identity, userTaskInstanceId);
  }

  claimUserTask(identity: IIdentity, userTaskInstanceId: string): Promise<void> {
    return this.#api.claimUserTask(identity, userTaskInstanceId);
  }

  unclaimUserTask(identity: IIdentity, userTaskInstanceId: string): Promise<void> {
    return this.#api.unclaimUserTask(identity, userTaskInstanceId);
  }

  updateUserTask(identity: IIdentity, userTaskInstanceId: string, change: UserTaskChange): Promise<void> {
    return this.#api.updateUserTask(identity, userTaskInstanceId, change);
  }

  finishUserTask(
    identity: IIdentity,
    processInstanceId: string,
    correlationId: string,
    userTaskInstanceId: string,
    userTaskResult?: UserTaskResult,
  ): Promise<void> {
    return this.#api.finishUserTask(identity, processInstanceId, correlationId, userTaskInstanceId, userTaskResult);
  }

  finishUserTaskInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    userTaskId: string,
    userTaskResult?: UserTaskResult,
  ): Promise<void> {
    return this.#api.finishUserTaskInCorrelation(identity, processModelId, correlationId, userTaskId, userTaskResult);
  }

  getManualTasksForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList> {
    return this.#api.getManualTasksForProcessModel(identity, processModelId, offset, limit);
  }

  getManualTasksForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList> {
    return this.#api.getManualTasksForProcessInstance(identity, processInstanceId, offset, limit);
  }

  getManualTasksForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList> {
    return this.#api.getManualTasksForCorrelation(identity, correlationId, offset, limit);
  }

  getManualTasksForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList> {
    return this.#api.getManualTasksForProcessModelInCorrelation(identity, processModelId, correlationId, offset, limit);
  }

  getWaitingManualTasksByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<ManualTaskList> {
    return this.#api.getWaitingManualTasksByIdentity(identity, offset, limit);
  }

  finishManualTask(
    identity: IIdentity,
    processInstanceId: string,
    correlationId: string,
    manualTaskInstanceId: string,
  ): Promise<void> {
    return this.#api.finishManualTask(identity, processInstanceId, correlationId, manualTaskInstanceId);
  }

  getEmptyActivitiesForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#api.getEmptyActivitiesForProcessModel(identity, processModelId, offset, limit);
  }

  getEmptyActivitiesForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#api.getEmptyActivitiesForProcessInstance(identity, processInstanceId, offset, limit);
  }

  getEmptyActivitiesForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#api.getEmptyActivitiesForCorrelation(identity, correlationId, offset, limit);
  }

  getEmptyActivitiesForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#api.getEmptyActivitiesForProcessModelInCorrelation(
      identity,
      processModelId,
      correlationId,
      offset,
      limit,
    );
  }

  getWaitingEmptyActivitiesByIdentity(
    identity: IIdentity,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#api.getWaitingEmptyActivitiesByIdentity(identity, offset, limit);
  }

  finishEmptyActivity(
    identity: IIdentity,
    processInstanceId: string,
    correlationId: string,
    emptyActivityInstanceId: string,
  ): Promise<void> {
    return this.#api.finishEmptyActivity(identity, processInstanceId, correlationId, emptyActivityInstanceId);
  }

  getAllSuspendedTasks(identity: IIdentity, offset?: number, limit?: number): Promise<TaskList> {
    return this.#api.getAllSuspendedTasks(identity, offset, limit);
  }

  getSuspendedTasksForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList> {
    return this.#api.getSuspendedTasksForProcessModel(identity, processModelId, offset, limit);
  }

  getSuspendedTasksForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList> {
    return this.#api.getSuspendedTasksForProcessInstance(identity, processInstanceId, offset, limit);
  }

  getSuspendedTasksForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList> {
    return this.#api.getSuspendedTasksForCorrelation(identity, correlationId, offset, limit);
  }

  getSuspendedTasksForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList> {
    return this.#api.getSuspendedTasksForProcessModelInCorrelation(
      identity,
      processModelId,
      correlationId,
      offset,
      limit,
    );
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
