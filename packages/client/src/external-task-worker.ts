import { silentLogger, type IExternalTaskApi, type IIdentity, type Logger } from '@process-engine/contracts';
import type { BackOffOptions } from './worker/back-off.js';
import { systemClock, type Clock } from './worker/clock.js';
import { Polling } from './worker/polling.js';
import { readWorkerArguments, type WorkerArguments } from './worker/worker-arguments.js';
import type { ExternalTaskHandler, WorkerSettings } from './worker/worker-settings.js';

export interface ExternalTaskWorkerOptions<TPayload = unknown, TResult = unknown> {
  readonly identity: IIdentity;
  readonly topic: string;
  readonly handler: ExternalTaskHandler<TPayload, TResult>;
  /** Most tasks worked on at the same time. Default 10. */
  readonly maxTasks?: number | undefined;
  /** Milliseconds a fetch waits for a task. Default 10 000. */
  readonly longPollingTimeout?: number | undefined;
  /** Milliseconds a lock lasts; it is extended while the handler works. Default 30 000. */
  readonly lockDuration?: number | undefined;
  /** Milliseconds `stop` waits for handlers. Default 30 000. */
  readonly stopTimeout?: number | undefined;
  /** Default: a new UUID. */
  readonly workerId?: string | undefined;
  /** Waits between failing calls. */
  readonly backOff?: BackOffOptions | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Works on the external tasks of one topic: fetches with long polling, keeps the locks while handlers work, reports how
 * they ended. Failing calls are repeated with growing pauses; a task that is not ours any more is logged and left.
 *
 * `client` is anything with the external task API's methods, so that a worker runs in the engine's process as well.
 */
export class ExternalTaskWorker<TPayload = unknown, TResult = unknown> {
  readonly workerId: string;
  /** May be replaced at any time, for example by one with a fresh token; the next call uses it. */
  identity: IIdentity;
  readonly #settings: WorkerSettings<TPayload, TResult>;
  readonly #release: () => void;
  #polling: Polling<TPayload, TResult> | undefined;

  constructor(client: IExternalTaskApi, options: ExternalTaskWorkerOptions<TPayload, TResult>);
  /** The form of the published workers; the worker has a connection of its own to the engine at `processEngineUrl`. */
  constructor(
    processEngineUrl: string,
    identity: IIdentity,
    topic: string,
    maxTasks: number,
    longpollingTimeout: number,
    processingFunction: ExternalTaskHandler<TPayload, TResult>,
  );
  constructor(...args: WorkerArguments<TPayload, TResult>) {
    const { client, options, release } = readWorkerArguments(args);
    this.#release = release;
    this.workerId = options.workerId ?? globalThis.crypto.randomUUID();
    this.identity = options.identity;
    this.#settings = {
      client,
      workerId: this.workerId,
      identity: () => this.identity,
      topic: text(options.topic, 'topic'),
      handler: options.handler,
      maxTasks: number(options.maxTasks ?? 10, 'maxTasks', 1),
      longPollingTimeout: number(options.longPollingTimeout ?? 10_000, 'longPollingTimeout', 0),
      lockDuration: number(options.lockDuration ?? 30_000, 'lockDuration', 1),
      stopTimeout: number(options.stopTimeout ?? 30_000, 'stopTimeout', 0),
      logger: options.logger ?? silentLogger,
      clock: options.clock ?? systemClock,
      backOff: options.backOff ?? {},
    };
    if (typeof options.handler !== 'function') throw new TypeError('The worker needs a handler, a function.');
  }

  get pollingIsActive(): boolean {
    return this.#polling !== undefined;
  }

  /** Starts to fetch. Does nothing while the worker runs. */
  start(): void {
    this.#polling ??= new Polling(this.#settings);
  }

  /**
   * Stops to fetch at once and resolves when the running handlers are done and reported, at the latest after
   * `stopTimeout`: then they are abandoned, and their tasks are free for others when the locks end. May be started again.
   */
  async stop(): Promise<void> {
    const polling = this.#polling;
    this.#polling = undefined;
    await polling?.stop();
    if (this.#polling === undefined) this.#release();
  }
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`The worker needs ${name}, a text that is not empty.`);
}

function number(value: number, name: string, least: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new TypeError(`The worker needs ${name} to be a number from ${least}; it is ${String(value)}.`);
}
