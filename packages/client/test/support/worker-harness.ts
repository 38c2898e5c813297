import type { Logger } from '@process-engine/contracts';
import { ExternalTaskWorker, type ExternalTaskWorkerOptions } from '@process-engine/client';
import { expect } from 'chai';
import { ManualClock, settled } from './manual-clock.js';
import { identity } from './recording-engine.js';
import { externalTask, WorkerClient } from './worker-client.js';

export type WorkerOptions = Partial<ExternalTaskWorkerOptions>;

/** A worker, its engine's side, its time and what it logs. */
export class WorkerHarness {
  readonly client = new WorkerClient();
  readonly clock = new ManualClock();
  readonly log: string[] = [];
  worker!: ExternalTaskWorker;

  create(options: WorkerOptions = {}): ExternalTaskWorker {
    const { client, clock } = this;
    const note = (_fields: object, message: string) => void this.log.push(message);
    const logger: Logger = { debug: note, info: note, warn: note, error: note };
    const backOff = { random: () => 1 };
    const handler = () => undefined;
    const defaults = { identity, topic: 'topic', handler, clock, logger, backOff };
    this.worker = new ExternalTaskWorker(client, { ...defaults, ...options });
    return this.worker;
  }

  /** Starts a worker and hands it the tasks. */
  async work(options: WorkerOptions, ...ids: string[]): Promise<void> {
    this.create(options).start();
    await settled();
    this.client.fetch.answer(ids.map(externalTask));
    await settled();
  }

  /** Stops the worker; it must leave no alarm behind. */
  async end(): Promise<void> {
    const stopped = this.worker.stop();
    await this.clock.advance(100_000);
    await stopped;
    expect(this.clock.alarms, 'alarms left behind').to.deep.equal([]);
  }
}

/** A handler that waits for the test, by task id. */
export function slowHandler() {
  const finish: Record<string, (result?: unknown) => void> = {};
  const signals: Record<string, AbortSignal> = {};
  const handler: ExternalTaskWorkerOptions['handler'] = ({ id }, { signal }) => {
    signals[id] = signal;
    return new Promise((resolve) => (finish[id] = resolve));
  };
  return { finish, signals, handler };
}
