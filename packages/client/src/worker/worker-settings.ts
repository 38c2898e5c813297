import type { ExternalTask, IExternalTaskApi, IIdentity, Logger } from '@process-engine/contracts';
import type { ExternalTaskResult } from '../external-task-results.js';
import type { BackOffOptions } from './back-off.js';
import type { Clock } from './clock.js';

export interface HandlerContext {
  /** Aborted when the work is of no use any more: the lock is lost, or the worker stopped waiting for the handler. */
  readonly signal: AbortSignal;
}

/**
 * Works on one task. What it returns completes the task, unless it is an `ExternalTaskBpmnError` or an
 * `ExternalTaskServiceError`; what it throws is reported as a technical failure.
 */
export type ExternalTaskHandler<TPayload = unknown, TResult = unknown> = (
  task: ExternalTask<TPayload>,
  context: HandlerContext,
) => TResult | ExternalTaskResult | Promise<TResult | ExternalTaskResult>;

/** What the parts of a worker share. */
export interface WorkerSettings<TPayload, TResult> {
  readonly client: IExternalTaskApi;
  readonly workerId: string;
  /** The identity of the next call. */
  readonly identity: () => IIdentity;
  readonly topic: string;
  readonly maxTasks: number;
  readonly longPollingTimeout: number;
  readonly lockDuration: number;
  readonly stopTimeout: number;
  readonly handler: ExternalTaskHandler<TPayload, TResult>;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly backOff: BackOffOptions;
}
