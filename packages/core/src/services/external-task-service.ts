import {
  CLAIMS,
  GoneError,
  LockedError,
  NotFoundError,
  BadRequestError,
  type CallOptions,
  type ExternalTask,
  type IExternalTaskApi,
  type IIdentity,
  type JsonValue,
  tenantOf,
} from '@process-engine/contracts';
import { LockLostError, type ExternalTaskRecord, type Guard } from '@process-engine/contracts/storage';
import { INTERNAL_TOPIC_PREFIX } from '../execution/behaviours/service-task.js';
import type { Command } from '../execution/commands.js';
import { externalTaskOf, isoTime } from './data-transfer-objects.js';
import { ensureOutsideTransaction } from './outside-transaction.js';
import type { ServiceOptions } from './service-options.js';

/** How long a poll sleeps at most before it looks again: for tasks of other nodes and locks that have ended. */
const REREAD_INTERVAL = 1_000;

export class ExternalTaskService implements IExternalTaskApi {
  constructor(private readonly options: ServiceOptions) {}

  async fetchAndLockExternalTasks<TPayload>(
    identity: IIdentity,
    workerId: string,
    topicName: string,
    maxTasks: number,
    longPollingTimeout: number,
    lockDuration: number,
    { signal }: CallOptions = {},
  ): Promise<ExternalTask<TPayload>[]> {
    await this.options.access.ensureClaim(identity, CLAIMS.accessExternalTasks);
    ensureText('workerId', workerId);
    ensureText('topicName', topicName);
    for (const [name, value] of Object.entries({ maxTasks, longPollingTimeout, lockDuration }))
      ensureNumber(name, value);
    if (topicName.startsWith(INTERNAL_TOPIC_PREFIX))
      throw new BadRequestError(`the topic '${topicName}' belongs to in-process services`);
    this.#ensureMayWait(longPollingTimeout);
    const { clock, longPolls } = this.options.runtime;
    const until = clock.now() + longPollingTimeout;
    for (;;) {
      signal?.throwIfAborted();
      const tasks = await this.#claim({ tenantId: tenantOf(identity), workerId, topicName, maxTasks, lockDuration });
      if (signal?.aborted === true) await this.#release(workerId, tasks);
      signal?.throwIfAborted();
      if (tasks.length > 0 || clock.now() >= until || this.options.runtime.isStopping)
        return tasks.map((task) => externalTaskOf(task) as ExternalTask<TPayload>);
      await longPolls.wait(topicName, Math.min(until, clock.now() + REREAD_INTERVAL), signal);
    }
  }

  #ensureMayWait(longPollingTimeout: number): void {
    if (longPollingTimeout > 0) ensureOutsideTransaction(this.options, 'a long poll');
  }

  /** The caller is gone: nobody would work on the tasks until their lock ends. */
  async #release(workerId: string, tasks: readonly ExternalTaskRecord[]): Promise<void> {
    const { storage, clock } = this.options.runtime;
    const now = clock.now();
    for (const { id } of tasks) await storage.extendLock({ id, workerId, now, lockUntil: now });
  }

  #claim(fetch: {
    tenantId: string;
    workerId: string;
    topicName: string;
    maxTasks: number;
    lockDuration: number;
  }): Promise<readonly ExternalTaskRecord[]> {
    const { storage, clock } = this.options.runtime;
    const now = clock.now();
    const { tenantId, workerId, topicName, maxTasks, lockDuration } = fetch;
    return storage.claimExternalTasks({
      tenantId,
      topic: topicName,
      workerId,
      now,
      lockUntil: now + lockDuration,
      maxTasks,
    });
  }

  async extendLock(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    additionalDuration: number,
  ): Promise<void> {
    await this.#find(identity, workerId, externalTaskId);
    ensureNumber('additionalDuration', additionalDuration);
    const { storage, clock } = this.options.runtime;
    const now = clock.now();
    const extended = await storage.extendLock({
      id: externalTaskId,
      workerId,
      now,
      lockUntil: now + additionalDuration,
    });
    if (!extended) throw await this.#problem(identity, workerId, externalTaskId);
  }

  async handleBpmnError(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    errorCode: string,
    errorMessage?: string,
  ): Promise<void> {
    ensureText('errorCode', errorCode);
    const error = { name: 'BpmnError', code: errorCode, message: errorMessage ?? '' };
    const task = await this.#find(identity, workerId, externalTaskId);
    await this.#submit(identity, workerId, task, {
      type: 'throw-error',
      flowNodeInstanceId: task.id,
      error,
      technical: false,
    });
  }

  async handleServiceError(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    errorMessage: string,
    errorDetails?: unknown,
    errorCode?: string,
  ): Promise<void> {
    ensureText('errorMessage', errorMessage);
    const additionalInformation = errorDetails as JsonValue | undefined;
    const error = {
      name: 'ServiceError',
      code: errorCode ?? '',
      message: errorMessage,
      ...(additionalInformation === undefined ? {} : { additionalInformation }),
    };
    const task = await this.#find(identity, workerId, externalTaskId);
    await this.#submit(identity, workerId, task, {
      type: 'throw-error',
      flowNodeInstanceId: task.id,
      error,
      technical: true,
    });
  }

  async finishExternalTask<TResult>(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    result?: TResult,
  ): Promise<void> {
    const task = await this.#find(identity, workerId, externalTaskId);
    await this.#submit(identity, workerId, task, {
      type: 'complete',
      flowNodeInstanceId: task.id,
      result: result as JsonValue | undefined,
    });
  }

  /** The task, if this worker may work on it now: the checks of all four reports, in their order. */
  async #find(identity: IIdentity, workerId: string, id: string): Promise<ExternalTaskRecord> {
    await this.options.access.ensureClaim(identity, CLAIMS.accessExternalTasks);
    ensureText('workerId', workerId);
    const found = await this.options.runtime.storage.findExternalTask(id);
    if (found.state !== 'open' || !isOfWorkers(found.task, identity)) throw await this.#problem(identity, workerId, id);
    const { task } = found;
    if (task.workerId !== workerId && task.lockedUntil > this.options.runtime.clock.now()) throw locked(task);
    return task;
  }

  async #submit(identity: IIdentity, workerId: string, task: ExternalTaskRecord, command: Command): Promise<void> {
    const { id, processInstanceId } = task;
    const guard: Guard = {
      kind: 'external-task',
      processInstanceId,
      id,
      workerId,
      now: this.options.runtime.clock.now(),
    };
    try {
      const { status } = await this.options.runtime.runner.submit(processInstanceId, { guard, ...command });
      if (status === 'gone') throw this.#gone(id);
    } catch (error) {
      throw error instanceof LockLostError ? await this.#problem(identity, workerId, id) : error;
    }
  }

  /** Why the task cannot be worked on by this worker. */
  async #problem(identity: IIdentity, workerId: string, id: string): Promise<Error> {
    const { storage } = this.options.runtime;
    const found = await storage.findExternalTask(id);
    if (found.state === 'unknown') return unknown(id);
    if (found.state === 'open') {
      if (!isOfWorkers(found.task, identity)) return unknown(id);
      return found.task.workerId === workerId ? this.#gone(id) : locked(found.task);
    }
    const filter = { tenantId: tenantOf(identity), ids: [found.processInstanceId] };
    return (await storage.findProcessInstances(filter)).totalCount > 0 ? this.#gone(id) : unknown(id);
  }

  /** Counted: many of them tell of workers whose locks are too short, or whose answers get lost. */
  #gone(id: string): Error {
    this.options.runtime.statistics.count('repeatedReports');
    return gone(id);
  }
}

/** False: of another tenant, or of an in-process service. Neither exists for workers. */
function isOfWorkers({ tenantId, topic }: ExternalTaskRecord, identity: IIdentity): boolean {
  return tenantId === tenantOf(identity) && !topic.startsWith(INTERNAL_TOPIC_PREFIX);
}

function unknown(id: string): Error {
  return new NotFoundError(`ExternalTask with ID '${id}' not found.`, { reason: 'external-task-not-found' });
}

function gone(id: string): Error {
  return new GoneError(`ExternalTask with ID '${id}' has been finished and is no longer accessible.`, {
    reason: 'external-task-finished',
  });
}

function locked({ id, lockedUntil }: ExternalTaskRecord): Error {
  const message = `ExternalTask with ID '${id}' is locked by another worker until ${isoTime(lockedUntil)}.`;
  return new LockedError(message, { reason: 'external-task-locked' });
}

function ensureText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw new BadRequestError(`${name} is required and must be a text`);
}

function ensureNumber(name: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || (value < 0 && name !== 'maxTasks'))
    throw new BadRequestError(`${name} is required and must be a number, not below 0`);
}
