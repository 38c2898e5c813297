/**
 * Runs in-process services: the handler works on a task row this node has locked, then the result goes in as a command.
 *
 * 1. A service that was interrupted by a crash runs again when its lock has ended: handlers run at least once.
 * 2. The lock is extended while the handler works. A result that comes too late is dropped.
 */
import type { JsonObject, JsonValue, Logger } from '@process-engine/contracts';
import type { ExternalTaskRecord, Guard, Storage } from '@process-engine/contracts/storage';
import { BpmnError } from '../execution/bpmn-error.js';
import { INTERNAL_TOPIC_PREFIX } from '../execution/behaviours/service-task.js';
import type { Command } from '../execution/commands.js';
import { errorDataOf } from '../execution/failures.js';
import type { Background } from './background.js';
import type { Clock } from './clock.js';
import { isTransient, type InstanceRunner } from './instance-runner.js';
import type { ServiceRegistry } from './services.js';

export interface ServiceRunnerOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly runner: InstanceRunner;
  readonly services: ServiceRegistry;
  readonly background: Background;
  readonly logger: Logger;
  /** ms */
  readonly lockDuration: number;
}

export class ServiceRunner {
  readonly #running = new Map<string, Cancellation>();

  constructor(private readonly options: ServiceRunnerOptions) {}

  /** Runs a task this node has locked, without waiting for it. */
  run(task: ExternalTaskRecord): void {
    this.options.background.run(`service of task '${task.id}'`, () => this.#execute(task));
  }

  /** The instance no longer waits for the task: its handler is told. */
  cancelled(taskId: string): void {
    this.#running.get(taskId)?.cancel('the task was cancelled');
  }

  /** Takes on work of registered services whose lock has ended: that of nodes that died, and of this one's last life. */
  async takeAbandoned(): Promise<void> {
    const { storage, clock, nodeId, services, lockDuration } = this.options;
    for (const module of services.localModules) {
      const now = clock.now();
      const claim = {
        tenantId: '',
        topic: INTERNAL_TOPIC_PREFIX + module,
        workerId: nodeId,
        now,
        lockUntil: now + lockDuration,
        maxTasks: 0,
      };
      for (const task of await storage.claimExternalTasks(claim)) if (!this.#running.has(task.id)) this.run(task);
    }
  }

  /** Tells running handlers that the engine stops. */
  stop(): void {
    for (const cancellation of this.#running.values()) cancellation.cancel('the engine stops');
  }

  async #execute(task: ExternalTaskRecord): Promise<void> {
    const cancellation = new Cancellation();
    this.#running.set(task.id, cancellation);
    const endExtending = this.#keepLocked(task);
    let command: Command;
    try {
      const result = await this.#call(task, cancellation);
      command = { type: 'complete', flowNodeInstanceId: task.id, result };
    } catch (thrown) {
      command = failureCommand(task, thrown);
    } finally {
      endExtending();
      this.#running.delete(task.id);
    }
    await this.#report(task, command);
  }

  #call(task: ExternalTaskRecord, cancellation: Cancellation): Promise<JsonValue | undefined> {
    const { payload, method, args } = (task.payload ?? {}) as JsonObject & { method?: string; args?: JsonValue[] };
    const module = task.topic.slice(INTERNAL_TOPIC_PREFIX.length);
    return this.options.services.run(
      { module, method, args },
      {
        payload,
        processInstanceId: task.processInstanceId,
        correlationId: task.correlationId,
        flowNodeId: task.flowNodeId,
        flowNodeInstanceId: task.id,
        identity: { userId: task.ownerId, token: '' },
        get signal() {
          return cancellation.signal;
        },
      },
    );
  }

  async #report(task: ExternalTaskRecord, command: Command): Promise<void> {
    const { runner, nodeId, clock, logger } = this.options;
    const { id, processInstanceId } = task;
    const guard: Guard = { kind: 'external-task', processInstanceId, id, workerId: nodeId, now: clock.now() };
    try {
      await runner.submit(processInstanceId, { ...command, guard });
    } catch (error) {
      if (!isTransient(error)) throw error;
      logger.warn({ error, taskId: id }, "a service's result was not taken; it runs again when its lock has ended");
    }
  }

  #keepLocked(task: ExternalTaskRecord): () => void {
    const { clock, storage, nodeId, lockDuration, background } = this.options;
    let cancelWake = (): void => undefined;
    const extend = async (): Promise<void> => {
      const now = clock.now();
      const held = await storage.extendLock({ id: task.id, workerId: nodeId, now, lockUntil: now + lockDuration });
      if (held && this.#running.has(task.id)) sleep();
    };
    const sleep = (): void => {
      cancelWake = clock.wakeAt(clock.now() + lockDuration / 2, () => background.run('extending a lock', extend));
    };
    sleep();
    return () => cancelWake();
  }
}

/** Tells a handler to stop, if it asks: most never look at their signal, and making one is not cheap. */
class Cancellation {
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  cancel(reason: string): void {
    this.#reason ??= new Error(reason);
    this.#controller?.abort(this.#reason);
  }
}

function failureCommand({ id }: ExternalTaskRecord, thrown: unknown): Command {
  if (thrown instanceof BpmnError) {
    const { name, code, message } = thrown;
    return { type: 'throw-error', flowNodeInstanceId: id, error: { name, code, message }, technical: false };
  }
  return { type: 'throw-error', flowNodeInstanceId: id, error: errorDataOf(thrown), technical: true };
}
