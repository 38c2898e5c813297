import type { CallOptions, ExternalTask, IExternalTaskApi, IIdentity } from '@process-engine/contracts';

export function externalTask(id: string): ExternalTask {
  return {
    id,
    workerId: 'worker',
    topic: 'topic',
    flowNodeInstanceId: id,
    correlationId: 'c',
    processModelId: 'm',
    processInstanceId: 'p',
    identity: { token: '', userId: 'alice' },
    payload: { for: id },
    lockExpirationTime: '2030-01-01T00:00:00.000Z',
    state: 'pending',
    createdAt: '2030-01-01T00:00:00.000Z',
  };
}

interface Fetch {
  readonly identity: IIdentity;
  readonly workerId: string;
  readonly topic: string;
  readonly maxTasks: number;
  readonly longPollingTimeout: number;
  readonly lockDuration: number;
  readonly signal: AbortSignal;
  readonly answer: (tasks: ExternalTask[]) => void;
  readonly fail: (error: unknown) => void;
}

/** The engine's side of a worker: fetches wait until the test answers them, reports are written down. */
export class WorkerClient implements IExternalTaskApi {
  readonly fetches: Fetch[] = [];
  /** Operation and arguments after the identity. */
  readonly reports: unknown[][] = [];
  readonly identities: IIdentity[] = [];
  /** Throw to let a report or an extension fail. */
  onReport: (operation: string) => void | Promise<void> = () => {};

  get fetch(): Fetch {
    return this.fetches.at(-1)!;
  }

  get extensions(): unknown[][] {
    return this.reports.filter(([operation]) => operation === 'extendLock');
  }

  get results(): unknown[][] {
    return this.reports.filter(([operation]) => operation !== 'extendLock');
  }

  fetchAndLockExternalTasks<TPayload>(
    identity: IIdentity,
    workerId: string,
    topic: string,
    maxTasks: number,
    longPollingTimeout: number,
    lockDuration: number,
    options?: CallOptions,
  ): Promise<ExternalTask<TPayload>[]> {
    return new Promise((resolve, reject) => {
      const signal = options!.signal!;
      const answer = resolve as (tasks: ExternalTask[]) => void;
      this.fetches.push({
        identity,
        workerId,
        topic,
        maxTasks,
        longPollingTimeout,
        lockDuration,
        signal,
        answer,
        fail: reject,
      });
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }

  extendLock = (identity: IIdentity, ...args: unknown[]) => this.#report('extendLock', identity, args);
  handleBpmnError = (identity: IIdentity, ...args: unknown[]) => this.#report('handleBpmnError', identity, args);
  handleServiceError = (identity: IIdentity, ...args: unknown[]) => this.#report('handleServiceError', identity, args);
  finishExternalTask = (identity: IIdentity, ...args: unknown[]) => this.#report('finishExternalTask', identity, args);

  async #report(operation: string, identity: IIdentity, args: unknown[]): Promise<void> {
    this.identities.push(identity);
    this.reports.push([operation, ...args]);
    await this.onReport(operation);
  }
}
