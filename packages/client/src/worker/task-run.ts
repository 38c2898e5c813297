import type { ExternalTask } from '@process-engine/contracts';
import {
  ExternalTaskServiceError,
  ExternalTaskSuccessResult,
  isExternalTaskResult,
  type ExternalTaskResult,
} from '../external-task-results.js';
import { unlessAborted } from '../unless-aborted.js';
import { BackOff } from './back-off.js';
import { pause } from './clock.js';
import type { WorkerSettings } from './worker-settings.js';

/** A report is tried so often before its result is given up; with the default back-off that takes about three minutes. */
const MOST_REPORTS = 10;

/** Not found, gone, locked: the task is not ours any more, nothing we say about it counts. */
const LOST = [404, 410, 423];

/** The engine understood the report and does not take it: too large, not valid. */
const REFUSED = [400, 413, 415, 422];

/**
 * One task from its lock to its report. Keeps the lock while the handler works, reports how it ended, and never rejects.
 * A report that does not reach the engine is repeated, because the work behind it may not be repeatable.
 */
export class TaskRun<TPayload, TResult> {
  /** Resolves when the task is reported, lost or abandoned. */
  readonly done: Promise<void>;
  readonly #task: ExternalTask<TPayload>;
  readonly #settings: WorkerSettings<TPayload, TResult>;
  /** Aborted when the result is of no use any more. */
  readonly #useless = new AbortController();

  constructor(task: ExternalTask<TPayload>, settings: WorkerSettings<TPayload, TResult>) {
    this.#task = task;
    this.#settings = settings;
    this.done = this.#run();
  }

  /** Stops waiting for the handler. Its result is dropped; the task is free for others when the lock ends. */
  abandon(): void {
    this.#useless.abort(new Error('The worker stopped before the handler was done.'));
  }

  async #run(): Promise<void> {
    const reported = new AbortController();
    const lock = this.#keepLock(AbortSignal.any([reported.signal, this.#useless.signal]));
    try {
      const result = await unlessAborted(this.#handle(), this.#useless.signal);
      await this.#report(result);
    } catch (error) {
      // Only the abort gets here: the lock is lost, or the run abandoned.
      this.#settings.logger.warn({ error, ...this.#about() }, 'the result of an external task is dropped');
    }
    reported.abort();
    await lock;
  }

  async #handle(): Promise<ExternalTaskResult> {
    const { id } = this.#task;
    try {
      const value = await this.#settings.handler(this.#task, { signal: this.#useless.signal });
      return isExternalTaskResult(value) ? value : new ExternalTaskSuccessResult(id, value);
    } catch (error) {
      if (isExternalTaskResult(error)) return error;
      this.#settings.logger.error({ error, ...this.#about() }, 'the handler of an external task failed');
      return new ExternalTaskServiceError(id, messageOf(error));
    }
  }

  /** Extends at half time, so that a failed attempt leaves time for another two. */
  async #keepLock(over: AbortSignal): Promise<void> {
    const { client, clock, identity, lockDuration, logger, workerId } = this.#settings;
    let wait = lockDuration / 2;
    for (;;) {
      await pause(clock, wait, over);
      if (over.aborted) return;
      try {
        await unlessAborted(client.extendLock(identity(), workerId, this.#task.id, lockDuration), over);
        wait = lockDuration / 2;
      } catch (error) {
        if (over.aborted) return;
        if (hasCode(error, LOST)) return this.#useless.abort(error);
        logger.warn({ error, ...this.#about() }, 'the lock of an external task could not be extended');
        wait = lockDuration / 6;
      }
    }
  }

  async #report(first: ExternalTaskResult): Promise<void> {
    const { clock, logger } = this.#settings;
    const backOff = new BackOff(this.#settings.backOff);
    let result = first;
    for (let attempt = 1; attempt <= MOST_REPORTS; attempt += 1) {
      const error = await this.#send(result);
      if (error === undefined) return;
      this.#useless.signal.throwIfAborted();
      if (hasCode(error, LOST))
        return logger.warn({ error, ...this.#about() }, 'the external task is not ours any more');
      if (hasCode(error, REFUSED)) {
        if (result !== first) break;
        // Left alone the task would be worked on again and again with the same outcome.
        result = new ExternalTaskServiceError(this.#task.id, `The result was refused: ${messageOf(error)}`);
      } else {
        logger.warn({ error, attempt, ...this.#about() }, 'the result of an external task could not be reported');
        await pause(clock, backOff.next(), this.#useless.signal);
      }
    }
    logger.error(this.#about(), 'the result of an external task is given up');
  }

  /** Resolves with the error, if there is one. */
  async #send(result: ExternalTaskResult): Promise<unknown> {
    const { client, identity, workerId } = this.#settings;
    try {
      await unlessAborted(result.sendToExternalTaskApi(client, identity(), workerId), this.#useless.signal);
      return undefined;
    } catch (error) {
      return error ?? new Error('unknown');
    }
  }

  #about(): object {
    const { id, topic, processInstanceId } = this.#task;
    return { externalTaskId: id, topic, processInstanceId, workerId: this.#settings.workerId };
  }
}

function hasCode(error: unknown, codes: readonly number[]): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'number' && codes.includes(code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
