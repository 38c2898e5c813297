/** The consumer API's operations on tasks of people: user tasks, manual tasks, empty activities. */
import type {
  EmptyActivityList,
  IIdentity,
  ManualTaskList,
  TaskList,
  UserTask,
  UserTaskChange,
  UserTaskList,
  UserTaskQuery,
  UserTaskResult,
} from '@process-engine/contracts';
import type { PageRequest, UserTaskKind, UserTaskRecord } from '@process-engine/contracts/storage';
import { emptyActivityOf, manualTaskOf, taskOf, userTaskOf } from './data-transfer-objects.js';
import { ExternalTaskService } from './external-task-service.js';
import { pageOf, paged } from './paging.js';
import type { ServiceOptions } from './service-options.js';
import { TaskService, type TaskQuery } from './task-service.js';
import { UserTaskService } from './user-task-service.js';

/** Order of the kinds in a mixed list. */
const MIXED_ORDER: readonly UserTaskKind[] = ['empty', 'manual', 'user'];

export class ConsumerTaskService extends ExternalTaskService {
  readonly #tasks: TaskService;
  readonly #people: UserTaskService;

  constructor(options: ServiceOptions) {
    super(options);
    this.#tasks = new TaskService(options);
    this.#people = new UserTaskService(options);
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
}
