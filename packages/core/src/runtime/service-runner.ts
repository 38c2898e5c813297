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
import type { ServiceContext, ServiceRegistry } from './services.js';

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
  readonly #running = new Map<string, RunningHandler>();
  #isAlarmSet = false;

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
    for (const handler of this.#running.values()) handler.cancel('the engine stops');
  }

  async #execute(task: ExternalTaskRecord): Promise<void> {
    const handler = new RunningHandler();
    this.#running.set(task.id, handler);
    this.#keepLocked();
    let command: Command;
    try {
      const result = await this.#call(task, handler);
      command = { type: 'complete', flowNodeInstanceId: task.id, result };
    } catch (thrown) {
      command = failureCommand(task, thrown);
    } finally {
      this.#running.delete(task.id);
    }
    await this.#report(task, command);
  }

  #call(task: ExternalTaskRecord, handler: RunningHandler): Promise<JsonValue | undefined> {
    const { payload, method, args } = (task.payload ?? {}) as JsonObject & { method?: string; args?: JsonValue[] };
    const module = task.topic.slice(INTERNAL_TOPIC_PREFIX.length);
    return this.options.services.run({ module, method, args }, contextOf(task, payload, handler));
  }

  async #report(task: ExternalTaskRecord, command: Command): Promise<void> {
    const { runner, nodeId, clock, logger } = this.options;
    const { id, processInstanceId } = task;
    const guard: Guard = { kind: 'external-task', processInstanceId, id, workerId: nodeId, now: clock.now() };
    try {
      await runner.submitOwn(processInstanceId, { guard, ...command });
    } catch (error) {
      if (!isTransient(error)) throw error;
      logger.warn({ error, taskId: id }, "a service's result was not taken; it runs again when its lock has ended");
    }
  }

  /** One alarm for all handlers: most are done long before it rings. */
  #keepLocked(): void {
    if (this.#isAlarmSet) return;
    const { clock, lockDuration, background } = this.options;
    this.#isAlarmSet = true;
    clock.wakeAt(clock.now() + lockDuration / 2, () => {
      this.#isAlarmSet = false;
      if (this.#running.size > 0) background.run('extending locks', () => this.#extendLocks());
    });
  }

  async #extendLocks(): Promise<void> {
    const { clock, storage, nodeId, lockDuration } = this.options;
    this.#keepLocked();
    const now = clock.now();
    const extend = async ([id, handler]: readonly [string, RunningHandler]): Promise<void> => {
      handler.isLocked = await storage.extendLock({ id, workerId: nodeId, now, lockUntil: now + lockDuration });
    };
    await Promise.all([...this.#running].filter(([, { isLocked }]) => isLocked).map(extend));
  }
}

/** Its signal is made when it is read; a property of the object itself, so that copies of the context have it too. */
function contextOf(task: ExternalTaskRecord, payload: unknown, handler: RunningHandler): ServiceContext {
  return {
    payload,
    processInstanceId: task.processInstanceId,
    correlationId: task.correlationId,
    flowNodeId: task.flowNodeId,
    flowNodeInstanceId: task.id,
    identity: { userId: task.ownerId, token: '' },
    get signal() {
      return handler.signal;
    },
  };
}

/** Tells a handler to stop, if it asks: most never look at their signal, and making one is not cheap. */
class RunningHandler {
  /** False once the lock was lost: then it is somebody else's. */
  isLocked = true;
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
