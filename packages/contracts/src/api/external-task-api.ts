import type { IIdentity } from '../identity.js';
import type { ExternalTask } from '../models/external-tasks.js';
import type { CallOptions } from './call-options.js';

/**
 * For workers: work that runs outside the engine. All need the claim `can_access_external_tasks`.
 * Errors of the operations on one task: NotFoundError (unknown id), GoneError (finished or cancelled),
 * LockedError (another worker's lock has not ended).
 */
export interface IExternalTaskApi {
  /**
   * Locks up to `maxTasks` open tasks (≤ 0: all) of a topic, oldest first, for `lockDuration` ms. Where there are none,
   * waits up to `longPollingTimeout` ms for the first one; then answers `[]`.
   */
  fetchAndLockExternalTasks<TPayload = unknown>(
    identity: IIdentity,
    workerId: string,
    topicName: string,
    maxTasks: number,
    longPollingTimeout: number,
    lockDuration: number,
    options?: CallOptions,
  ): Promise<ExternalTask<TPayload>[]>;

  /** Sets the end of the lock to now + `additionalDuration` ms. */
  extendLock(identity: IIdentity, workerId: string, externalTaskId: string, additionalDuration: number): Promise<void>;

  /** Throws a BPMN error at the task: a matching error event catches it, else the instance ends in an error. */
  handleBpmnError(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    errorCode: string,
    errorMessage?: string,
  ): Promise<void>;

  /** Reports a technical failure: retried as configured, else caught by an error event without code, else the instance fails. */
  handleServiceError(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    errorMessage: string,
    errorDetails?: unknown,
    errorCode?: string,
  ): Promise<void>;

  /** Completes the task with any JSON result. Answers after the commit of the task and of the step that follows. */
  finishExternalTask<TResult = unknown>(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    result?: TResult,
  ): Promise<void>;
}
