import type {
  EmptyActivityList,
  EngineApi,
  IConsumerApi,
  IIdentity,
  ManualTaskList,
  TaskList,
  UserTask,
  UserTaskChange,
  UserTaskList,
  UserTaskQuery,
  UserTaskResult,
} from '@process-engine/contracts';
import { NotificationClient } from './notification-client.js';

/** The tasks of people: user tasks, manual tasks, empty activities. */
export class TaskClient extends NotificationClient {
  readonly #api: IConsumerApi;

  constructor(accessor: Pick<EngineApi, 'consumerApi' | 'notificationApi'>) {
    super(accessor.notificationApi);
    this.#api = accessor.consumerApi;
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
}
