import assert from 'node:assert/strict';
import {
  isProcessEngineError,
  StartCallbackType,
  type Deployment,
  type ExternalTask,
  type IConsumerApi,
  type IExternalTaskApi,
  type IIdentity,
  type IManagementApi,
  type INotificationApi,
  type ProcessEngineError,
  type ProcessStartRequestPayload,
  type ProcessStartResponsePayload,
} from '@process-engine/contracts';
import type { ApiSuiteSubject } from './subject.js';

export interface FetchOptions {
  readonly workerId?: string;
  readonly maxTasks?: number;
  readonly longPollingTimeout?: number;
  readonly lockDuration?: number;
  readonly signal?: AbortSignal;
}

/** Somebody who uses the APIs under one identity; shortens what nearly every case does. */
export class ApiUser {
  readonly identity: IIdentity;
  readonly consumer: IConsumerApi;
  readonly worker: IExternalTaskApi;
  readonly management: IManagementApi;
  readonly notifications: INotificationApi;
  readonly #subject: ApiSuiteSubject;

  constructor(subject: ApiSuiteSubject) {
    this.#subject = subject;
    this.identity = subject.identity;
    this.consumer = subject.api.consumerApi;
    this.worker = subject.api.externalTaskApi;
    this.management = subject.api.managementApi;
    this.notifications = subject.api.notificationApi;
  }

  deploy(...models: readonly string[]): Promise<Deployment> {
    const files = models.map((xml, index) => ({ name: `model-${index + 1}.bpmn`, xml }));
    return this.management.deploy(this.identity, { files });
  }

  /** Answers on creation. */
  start(
    processModelId: string,
    inputValues: unknown = {},
    payload: ProcessStartRequestPayload = {},
  ): Promise<ProcessStartResponsePayload> {
    return this.consumer.startProcessInstance(this.identity, processModelId, { ...payload, inputValues });
  }

  /** Answers on the end. */
  run(processModelId: string, inputValues: unknown = {}): Promise<ProcessStartResponsePayload> {
    const type = StartCallbackType.CallbackOnProcessInstanceFinished;
    return this.consumer.startProcessInstance(this.identity, processModelId, { inputValues }, type);
  }

  fetch(topic: string, options: FetchOptions = {}): Promise<ExternalTask[]> {
    const { workerId = 'worker', maxTasks = 10, longPollingTimeout = 0, lockDuration = 60_000, signal } = options;
    return this.worker.fetchAndLockExternalTasks(
      this.identity,
      workerId,
      topic,
      maxTasks,
      longPollingTimeout,
      lockDuration,
      { signal },
    );
  }

  /** The one task that waits in the topic, locked. */
  async fetchOne(topic: string, options?: FetchOptions): Promise<ExternalTask> {
    const tasks = await this.fetch(topic, options);
    assert.equal(tasks.length, 1, `one external task of '${topic}'`);
    return tasks[0]!;
  }

  /** Ids of the flow nodes that were left, in order. */
  async path(processInstanceId: string): Promise<string[]> {
    const list = await this.management.getFlowNodeInstances(this.identity, processInstanceId);
    return list.flowNodeInstances.filter(({ state }) => state === 'finished').map(({ flowNodeId }) => flowNodeId);
  }

  async state(processInstanceId: string): Promise<string> {
    return (await this.management.getProcessInstance(this.identity, processInstanceId)).state;
  }

  async advance(milliseconds: number): Promise<void> {
    await this.#subject.clock!.advance(milliseconds);
  }

  /** The outcome of a call that waits for time to pass. */
  async whileTimePasses<T>(call: Promise<T>, milliseconds: number): Promise<T> {
    let settled = false;
    const outcome = call.finally(() => (settled = true));
    outcome.catch(() => {});
    // The call may still be on its way to the engine, so time passes more than once.
    for (let round = 0; !settled && round < 100; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      await this.advance(milliseconds);
    }
    return outcome;
  }
}

let names = 0;

/** A name nobody else in this run uses. */
export function unique(name: string): string {
  names += 1;
  return `${name}_${names}`;
}

type ErrorClass = new (message: string) => ProcessEngineError;

/** The call rejects with exactly this class, a code that fits, a reason, and a message that matches. */
export async function rejects(call: Promise<unknown>, type: ErrorClass, message: RegExp): Promise<ProcessEngineError> {
  const outcome = await call.then(
    (value: unknown) => ({ value }),
    (error: unknown) => ({ error }),
  );
  assert.ok('error' in outcome, `a rejection, not ${JSON.stringify(outcome)}`);
  const { error } = outcome;
  assert.ok(isProcessEngineError(error), `an error of the contracts, not ${String(error)}`);
  const { name, code } = new type('');
  assert.deepEqual({ name: error.name, code: error.code }, { name, code }, error.message);
  assert.ok(error instanceof type);
  assert.match(error.message, message);
  assert.match(error.reason, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  return error;
}

/** The value as soon as the condition holds; for what follows a call in the background. Gives up after two seconds. */
export async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const value = await read();
    if (holds(value) || Date.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
