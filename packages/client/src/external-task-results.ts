import type { IExternalTaskApi, IIdentity } from '@process-engine/contracts';

/** How the work on one external task ended. */
export interface ExternalTaskResult {
  readonly externalTaskId: string;
  /** Reports the result to the engine. */
  sendToExternalTaskApi(api: IExternalTaskApi, identity: IIdentity, workerId: string): Promise<void>;
}

/** The work is done; `result` is any JSON value. */
export class ExternalTaskSuccessResult<TResult = unknown> implements ExternalTaskResult {
  constructor(
    readonly externalTaskId: string,
    readonly result?: TResult,
  ) {}

  sendToExternalTaskApi(api: IExternalTaskApi, identity: IIdentity, workerId: string): Promise<void> {
    return api.finishExternalTask(identity, workerId, this.externalTaskId, this.result);
  }
}

/** A business error: an error event with this code may catch it in the process. */
export class ExternalTaskBpmnError implements ExternalTaskResult {
  constructor(
    readonly externalTaskId: string,
    readonly errorCode: string,
    readonly errorMessage?: string,
  ) {}

  sendToExternalTaskApi(api: IExternalTaskApi, identity: IIdentity, workerId: string): Promise<void> {
    return api.handleBpmnError(identity, workerId, this.externalTaskId, this.errorCode, this.errorMessage);
  }
}

/** A technical failure. */
export class ExternalTaskServiceError implements ExternalTaskResult {
  constructor(
    readonly externalTaskId: string,
    readonly errorMessage: string,
    readonly errorDetails?: unknown,
    readonly errorCode?: string,
  ) {}

  sendToExternalTaskApi(api: IExternalTaskApi, identity: IIdentity, workerId: string): Promise<void> {
    const { externalTaskId, errorMessage, errorDetails, errorCode } = this;
    return api.handleServiceError(identity, workerId, externalTaskId, errorMessage, errorDetails, errorCode);
  }
}

export function isExternalTaskResult(value: unknown): value is ExternalTaskResult {
  const { sendToExternalTaskApi } = (value ?? {}) as Partial<ExternalTaskResult>;
  return typeof sendToExternalTaskApi === 'function';
}
