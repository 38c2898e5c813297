import type { EngineApi, ExternalTask, IExternalTaskApi, IIdentity } from '@process-engine/contracts';

type FetchAndLock = Parameters<IExternalTaskApi['fetchAndLockExternalTasks']>;

/** For workers: the external task API over any accessor. */
export class ExternalTaskApiClient implements IExternalTaskApi {
  readonly #api: IExternalTaskApi;

  constructor(accessor: Pick<EngineApi, 'externalTaskApi'>) {
    this.#api = accessor.externalTaskApi;
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
