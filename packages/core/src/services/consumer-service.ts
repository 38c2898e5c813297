/** The consumer API: each operation checks the identity and hands over to the service of its subject. */
import type {
  ApplicationInfo,
  CallOptions,
  CorrelationResultList,
  EmptyActivityList,
  EventList,
  IConsumerApi,
  IIdentity,
  ManualTaskList,
  ProcessInstanceList,
  ProcessModel,
  ProcessModelList,
  ProcessStartRequestPayload,
  ProcessStartResponsePayload,
  StartCallbackType,
  TaskList,
  UserTask,
  UserTaskChange,
  UserTaskList,
  UserTaskQuery,
  UserTaskResult,
} from '@process-engine/contracts';
import type { PageRequest, UserTaskKind, UserTaskRecord } from '@process-engine/contracts/storage';
import { emptyActivityOf, manualTaskOf, taskOf, userTaskOf } from './data-transfer-objects.js';
import { EventService } from './event-service.js';
import { ExternalTaskService } from './external-task-service.js';
import { pageOf, paged } from './paging.js';
import { ProcessModelService } from './process-model-service.js';
import type { ServiceOptions } from './service-options.js';
import { TaskService, type TaskQuery } from './task-service.js';
import { UserTaskService } from './user-task-service.js';

/** Order of the kinds in a mixed list. */
const MIXED_ORDER: readonly UserTaskKind[] = ['empty', 'manual', 'user'];

export class ConsumerService extends ExternalTaskService implements IConsumerApi {
  readonly #models: ProcessModelService;
  readonly #tasks: TaskService;
  readonly #people: UserTaskService;
  readonly #events: EventService;
  readonly #info: ApplicationInfo;

  constructor(options: ServiceOptions) {
    super(options);
    this.#models = new ProcessModelService(options);
    this.#tasks = new TaskService(options);
    this.#people = new UserTaskService(options);
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

  getUserTasksForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList> {
    return this.#userTasks(identity, { processModelId }, pageOf(offset, limit));
  }

  getUserTasksForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList> {
    return this.#userTasks(identity, { processInstanceId }, pageOf(offset, limit));
  }

  getUserTasksForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList> {
    return this.#userTasks(identity, { correlationId }, pageOf(offset, limit));
  }

  getUserTasksForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList> {
    return this.#userTasks(identity, { processModelId, correlationId }, pageOf(offset, limit));
  }

  getWaitingUserTasksByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<UserTaskList> {
    return this.#userTasks(identity, { ownerId: identity?.userId }, pageOf(offset, limit));
  }

  getUserTasks(identity: IIdentity, query: UserTaskQuery = {}, offset?: number, limit?: number): Promise<UserTaskList> {
    return this.#people.find(identity, query, pageOf(offset, limit));
  }

  getUserTask(identity: IIdentity, userTaskInstanceId: string): Promise<UserTask> {
    return this.#people.get(identity, userTaskInstanceId);
  }

  claimUserTask(identity: IIdentity, userTaskInstanceId: string): Promise<void> {
    return this.#people.claim(identity, userTaskInstanceId);
  }

  unclaimUserTask(identity: IIdentity, userTaskInstanceId: string): Promise<void> {
    return this.#people.unclaim(identity, userTaskInstanceId);
  }

  updateUserTask(identity: IIdentity, userTaskInstanceId: string, change: UserTaskChange): Promise<void> {
    return this.#people.update(identity, userTaskInstanceId, change);
  }

  finishUserTask(
    identity: IIdentity,
    processInstanceId: string,
    correlationId: string,
    userTaskInstanceId: string,
    userTaskResult?: UserTaskResult,
  ): Promise<void> {
    return this.#tasks.finish(
      identity,
      { kind: 'user', processInstanceId, correlationId, id: userTaskInstanceId },
      userTaskResult,
    );
  }

  finishUserTaskInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    userTaskId: string,
    userTaskResult?: UserTaskResult,
  ): Promise<void> {
    return this.#tasks.finishInCorrelation(identity, { processModelId, correlationId, id: userTaskId }, userTaskResult);
  }

  getManualTasksForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList> {
    return this.#manualTasks(identity, { processModelId }, pageOf(offset, limit));
  }

  getManualTasksForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList> {
    return this.#manualTasks(identity, { processInstanceId }, pageOf(offset, limit));
  }

  getManualTasksForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList> {
    return this.#manualTasks(identity, { correlationId }, pageOf(offset, limit));
  }

  getManualTasksForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList> {
    return this.#manualTasks(identity, { processModelId, correlationId }, pageOf(offset, limit));
  }

  getWaitingManualTasksByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<ManualTaskList> {
    return this.#manualTasks(identity, { ownerId: identity?.userId }, pageOf(offset, limit));
  }

  finishManualTask(
    identity: IIdentity,
    processInstanceId: string,
    correlationId: string,
    manualTaskInstanceId: string,
  ): Promise<void> {
    return this.#tasks.finish(identity, { kind: 'manual', processInstanceId, correlationId, id: manualTaskInstanceId });
  }

  getEmptyActivitiesForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#emptyActivities(identity, { processModelId }, pageOf(offset, limit));
  }

  getEmptyActivitiesForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#emptyActivities(identity, { processInstanceId }, pageOf(offset, limit));
  }

  getEmptyActivitiesForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#emptyActivities(identity, { correlationId }, pageOf(offset, limit));
  }

  getEmptyActivitiesForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#emptyActivities(identity, { processModelId, correlationId }, pageOf(offset, limit));
  }

  getWaitingEmptyActivitiesByIdentity(
    identity: IIdentity,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList> {
    return this.#emptyActivities(identity, { ownerId: identity?.userId }, pageOf(offset, limit));
  }

  finishEmptyActivity(
    identity: IIdentity,
    processInstanceId: string,
    correlationId: string,
    emptyActivityInstanceId: string,
  ): Promise<void> {
    return this.#tasks.finish(identity, {
      kind: 'empty',
      processInstanceId,
      correlationId,
      id: emptyActivityInstanceId,
    });
  }

  getAllSuspendedTasks(identity: IIdentity, offset?: number, limit?: number): Promise<TaskList> {
    return this.#suspended(identity, {}, pageOf(offset, limit));
  }

  getSuspendedTasksForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList> {
    return this.#suspended(identity, { processModelId }, pageOf(offset, limit));
  }

  getSuspendedTasksForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList> {
    return this.#suspended(identity, { processInstanceId }, pageOf(offset, limit));
  }

  getSuspendedTasksForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList> {
    return this.#suspended(identity, { correlationId }, pageOf(offset, limit));
  }

  getSuspendedTasksForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList> {
    return this.#suspended(identity, { processModelId, correlationId }, pageOf(offset, limit));
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

  async #userTasks(identity: IIdentity, query: TaskQuery, page: PageRequest): Promise<UserTaskList> {
    const { rows, totalCount } = await this.#tasks.list(identity, { ...query, kinds: ['user'] }, page);
    return { userTasks: rows.map(userTaskOf), totalCount };
  }

  async #manualTasks(identity: IIdentity, query: TaskQuery, page: PageRequest): Promise<ManualTaskList> {
    const { rows, totalCount } = await this.#tasks.list(identity, { ...query, kinds: ['manual'] }, page);
    return { manualTasks: rows.map(manualTaskOf), totalCount };
  }

  async #emptyActivities(identity: IIdentity, query: TaskQuery, page: PageRequest): Promise<EmptyActivityList> {
    const { rows, totalCount } = await this.#tasks.list(identity, { ...query, kinds: ['empty'] }, page);
    return { emptyActivities: rows.map(emptyActivityOf), totalCount };
  }

  async #suspended(identity: IIdentity, query: TaskQuery, page: PageRequest): Promise<TaskList> {
    const { rows, totalCount } = await this.#tasks.list(identity, query, {});
    const position = (row: UserTaskRecord) => MIXED_ORDER.indexOf(row.kind);
    const ordered = [...rows].sort((a, b) => position(a) - position(b));
    return { tasks: paged(ordered, page).map(taskOf), totalCount };
  }

  #listEvents(
    identity: IIdentity,
    query: { processModelId?: string; correlationId?: string },
    page: PageRequest,
  ): Promise<EventList> {
    return this.#events.list(identity, query, page);
  }
}
