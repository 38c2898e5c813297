import type { IIdentity } from '../identity.js';
import type { ApplicationInfo } from '../models/common.js';
import type { EventList } from '../models/events.js';
import type {
  CorrelationResultList,
  ProcessInstanceList,
  ProcessModel,
  ProcessModelList,
  ProcessStartRequestPayload,
  ProcessStartResponsePayload,
  StartCallbackType,
} from '../models/process-models.js';
import type {
  EmptyActivityList,
  ManualTaskList,
  TaskList,
  UserTask,
  UserTaskList,
  UserTaskResult,
} from '../models/tasks.js';
import type { UserTaskChange, UserTaskQuery } from '../models/user-task-queries.js';
import type { CallOptions } from './call-options.js';
import type { IExternalTaskApi } from './external-task-api.js';

/**
 * For applications that run processes. Lists hold only what the identity may see; `offset` and `limit` page them
 * (`limit` 0: all). Unknown ids give empty lists; a single thing that is not there gives a NotFoundError.
 */
export interface IConsumerApi extends IExternalTaskApi {
  /** Name and version of the hosting application. Needs no rights. */
  getApplicationInfo(): Promise<ApplicationInfo>;

  getProcessModels(identity: IIdentity, offset?: number, limit?: number): Promise<ProcessModelList>;
  getProcessModelById(identity: IIdentity, processModelId: string): Promise<ProcessModel>;
  /** The model in the version the instance runs on. */
  getProcessModelByProcessInstanceId(identity: IIdentity, processInstanceId: string): Promise<ProcessModel>;

  /**
   * Starts an instance; answers on creation (type 1, default), on the end (2) or on the end with the given end event (3).
   * BadRequestError: unknown type, no end event given for type 3, model not executable, start event ambiguous.
   * NotFoundError: model, start event or end event. ForbiddenError: no accessible start event.
   * InternalServerError (types 2 and 3): the instance failed, was terminated, has an incident, or did not reach the end event.
   */
  startProcessInstance<TInput = unknown, TResult = unknown>(
    identity: IIdentity,
    processModelId: string,
    payload?: ProcessStartRequestPayload<TInput>,
    startCallbackType?: StartCallbackType,
    startEventId?: string,
    endEventId?: string,
    options?: CallOptions,
  ): Promise<ProcessStartResponsePayload<TResult>>;

  /** Running instances that the identity started. */
  getProcessInstancesByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<ProcessInstanceList>;
  /** The finished end events of the model's instances in a correlation; entries appear as soon as an end event finished. */
  getProcessResultForCorrelation<TResult = unknown>(
    identity: IIdentity,
    correlationId: string,
    processModelId: string,
  ): Promise<CorrelationResultList<TResult>>;

  /**
   * The payload of the model's end event that finished last in a correlation, as the first documents answer it.
   * NotFoundError: none has finished, or the ids are unknown. ForbiddenError: all that finished lie in hidden lanes.
   */
  getProcessResult<TResult = unknown>(
    identity: IIdentity,
    correlationId: string,
    processModelId: string,
  ): Promise<TResult>;

  getUserTasksForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList>;
  getUserTasksForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList>;
  getUserTasksForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList>;
  getUserTasksForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<UserTaskList>;
  getWaitingUserTasksByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<UserTaskList>;
  /** User tasks by who works on them, dates, priority; sorted and paged, `totalCount` before paging. Of lanes the caller may see. */
  getUserTasks(identity: IIdentity, query?: UserTaskQuery, offset?: number, limit?: number): Promise<UserTaskList>;
  /** One waiting user task. NotFoundError: it does not wait (any more). */
  getUserTask(identity: IIdentity, userTaskInstanceId: string): Promise<UserTask>;
  /**
   * Makes the caller the task's assignee: nobody else works on it then. Again by its assignee: nothing happens.
   * RequestConflictError (`user-task-assigned`): somebody else is; ForbiddenError (`not-a-candidate`).
   */
  claimUserTask(identity: IIdentity, userTaskInstanceId: string): Promise<void>;
  /** Gives a claimed task back. ForbiddenError (`not-the-assignee`): somebody else has it. */
  unclaimUserTask(identity: IIdentity, userTaskInstanceId: string): Promise<void>;
  /**
   * Assigns it, changes candidates, dates, priority. The assignee may hand it over and set its follow-up date; all else
   * needs the claim `can_assign_user_tasks`.
   */
  updateUserTask(identity: IIdentity, userTaskInstanceId: string, change: UserTaskChange): Promise<void>;
  /**
   * The three ids must fit together (NotFoundError); `formFields` must be an object, and its values meet the form's constraints
   * (BadRequestError `form-fields-invalid`, `additionalInformation.invalidFields` `[{id, message}]`). ForbiddenError: somebody
   * else is the assignee, or the caller is no candidate.
   */
  finishUserTask(
    identity: IIdentity,
    processInstanceId: string,
    correlationId: string,
    userTaskInstanceId: string,
    userTaskResult?: UserTaskResult,
  ): Promise<void>;

  /**
   * Finishes the user task with this flow node instance id, else the oldest that waits at the flow node of this id.
   * NotFoundError: there is none.
   */
  finishUserTaskInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    userTaskId: string,
    userTaskResult?: UserTaskResult,
  ): Promise<void>;

  getManualTasksForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList>;
  getManualTasksForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList>;
  getManualTasksForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList>;
  getManualTasksForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<ManualTaskList>;
  getWaitingManualTasksByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<ManualTaskList>;
  finishManualTask(
    identity: IIdentity,
    processInstanceId: string,
    correlationId: string,
    manualTaskInstanceId: string,
  ): Promise<void>;

  getEmptyActivitiesForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList>;
  getEmptyActivitiesForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList>;
  getEmptyActivitiesForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList>;
  getEmptyActivitiesForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EmptyActivityList>;
  getWaitingEmptyActivitiesByIdentity(identity: IIdentity, offset?: number, limit?: number): Promise<EmptyActivityList>;
  finishEmptyActivity(
    identity: IIdentity,
    processInstanceId: string,
    correlationId: string,
    emptyActivityInstanceId: string,
  ): Promise<void>;

  /** User tasks, manual tasks and empty activities in one list. */
  getAllSuspendedTasks(identity: IIdentity, offset?: number, limit?: number): Promise<TaskList>;
  getSuspendedTasksForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList>;
  getSuspendedTasksForProcessInstance(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList>;
  getSuspendedTasksForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList>;
  getSuspendedTasksForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<TaskList>;

  /** Intermediate catch events that wait for a message or signal. */
  getEventsForProcessModel(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<EventList>;
  getEventsForCorrelation(
    identity: IIdentity,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EventList>;
  getEventsForProcessModelInCorrelation(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    offset?: number,
    limit?: number,
  ): Promise<EventList>;
  /** Reaches everybody who waits for the message by name, and every matching start event. Nobody waiting is no error. */
  triggerMessageEvent(identity: IIdentity, messageName: string, payload?: unknown): Promise<void>;
  /** Reaches everybody who waits for the signal, and every matching start event. */
  triggerSignalEvent(identity: IIdentity, signalName: string, payload?: unknown): Promise<void>;
  /**
   * Triggers one event that waits for a message or signal and nobody else: the one with this flow node instance id, else the
   * oldest at the flow node of this id. NotFoundError: there is none.
   */
  triggerEvent(
    identity: IIdentity,
    processModelId: string,
    correlationId: string,
    eventId: string,
    payload?: unknown,
  ): Promise<void>;
}
