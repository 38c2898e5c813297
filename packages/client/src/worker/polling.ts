import type { ExternalTask } from '@process-engine/contracts';
import { unlessAborted } from '../unless-aborted.js';
import { BackOff } from './back-off.js';
import { pause } from './clock.js';
import { TaskRun } from './task-run.js';
import type { WorkerSettings } from './worker-settings.js';

/** An empty answer that comes sooner is followed by a pause, so that a worker without long polling does not spin. */
const LEAST_ROUND = 1_000;

/** A fetch is given up so long after its long polling should have ended: the connection is dead. */
const FETCH_MARGIN = 30_000;

/** One life of a worker, from start to stop: fetches while there are free places, and runs what it got. */
export class Polling<TPayload, TResult> {
  readonly #settings: WorkerSettings<TPayload, TResult>;
  readonly #backOff: BackOff;
  readonly #stopping = new AbortController();
  readonly #runs = new Set<TaskRun<TPayload, TResult>>();
  readonly #ended: Promise<void>;
  #placeFree: () => void = () => {};

  constructor(settings: WorkerSettings<TPayload, TResult>) {
    this.#settings = settings;
    this.#backOff = new BackOff(settings.backOff);
    this.#ended = this.#loop();
  }

  /** Ends the fetch at once, then waits for the handlers; those that take longer than `stopTimeout` are abandoned. */
  async stop(): Promise<void> {
    const { clock, logger, stopTimeout } = this.#settings;
    this.#stopping.abort(new Error('The worker was stopped.'));
    this.#placeFree();
    await this.#ended;
    const callOff = clock.wakeAt(clock.now() + stopTimeout, () => {
      logger.warn({ handlers: this.#runs.size }, 'the worker stops before all its handlers are done');
      for (const run of this.#runs) run.abandon();
    });
    await Promise.all([...this.#runs].map((run) => run.done));
    callOff();
  }

  async #loop(): Promise<void> {
    const { clock } = this.#settings;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#freePlace();
      if (signal.aborted) return;
      const began = clock.now();
      const tasks = await this.#fetch();
      for (const task of tasks ?? []) this.#start(task);
      const rest = began + LEAST_ROUND - clock.now();
      if (tasks?.length === 0 && rest > 0) await pause(clock, rest, signal);
    }
  }

  #freePlace(): Promise<void> {
    if (this.#runs.size < this.#settings.maxTasks) return Promise.resolve();
    return new Promise((resolve) => (this.#placeFree = resolve));
  }

  /** The tasks; `undefined` after a failure and the wait that follows it. */
  async #fetch(): Promise<ExternalTask<TPayload>[] | undefined> {
    const { clock, logger, topic } = this.#settings;
    const { signal } = this.#stopping;
    try {
      const tasks = await this.#fetchInTime();
      this.#backOff.reset();
      return tasks;
    } catch (error) {
      if (signal.aborted) return undefined;
      const wait = this.#backOff.next();
      logger.warn({ error, topic, wait }, 'external tasks could not be fetched');
      await pause(clock, wait, signal);
      return undefined;
    }
  }

  async #fetchInTime(): Promise<ExternalTask<TPayload>[]> {
    const { client, clock, identity, lockDuration, longPollingTimeout, maxTasks, topic, workerId } = this.#settings;
    const { signal } = this.#stopping;
    const fetch = new AbortController();
    const stop = () => fetch.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const callOff = clock.wakeAt(clock.now() + longPollingTimeout + FETCH_MARGIN, () =>
      fetch.abort(new Error('The fetch was not answered.')),
    );
    const places = maxTasks - this.#runs.size;
    const options = { signal: fetch.signal };
    try {
      return await unlessAborted(
        client.fetchAndLockExternalTasks<TPayload>(
          identity(),
          workerId,
          topic,
          places,
          longPollingTimeout,
          lockDuration,
          options,
        ),
        fetch.signal,
      );
    } finally {
      callOff();
      signal.removeEventListener('abort', stop);
    }
  }

  #start(task: ExternalTask<TPayload>): void {
    const run = new TaskRun(task, this.#settings);
    this.#runs.add(run);
    void run.done.then(() => {
      this.#runs.delete(run);
      this.#placeFree();
    });
  }
}
