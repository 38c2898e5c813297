/** An engine with a manual clock, and the questions tests ask of it. Uses the public API only. */
import type {
  Deployment,
  FlowNodeInstance,
  IIdentity,
  JsonValue,
  ManagedProcessInstance,
  SubscriptionInfo,
  Task,
} from '@process-engine/contracts';
import { createEngine, type ProcessEngine } from '../engine.js';
import type { EngineOptions } from '../runtime/engine-options.js';
import { ManualClock } from './manual-clock.js';
import type { ProcessBuilder } from './process-builder.js';

export const TEST_IDENTITY: IIdentity = { userId: 'tester', token: 'dGVzdGVy' };

export interface StartedInstance {
  readonly processInstanceId: string;
  readonly correlationId: string;
}

export class TestEngine {
  readonly clock: ManualClock;
  readonly engine: ProcessEngine;
  readonly identity = TEST_IDENTITY;

  constructor(options: EngineOptions & { readonly clock?: ManualClock } = {}) {
    this.clock = options.clock ?? new ManualClock();
    // Alone on its storage the engine knows all that is due: years pass in the steps of its timers.
    const pollInterval = options.storage?.shared === true ? 5_000 : Infinity;
    this.engine = createEngine({ pollInterval, ...options, clock: this.clock });
  }

  /** A started engine on memory storage, or as the options say. */
  static async start(options: EngineOptions & { readonly clock?: ManualClock } = {}): Promise<TestEngine> {
    const test = new TestEngine(options);
    await test.engine.start();
    await test.engine.idle();
    return test;
  }

  async stop(): Promise<void> {
    await this.engine.stop();
  }

  /** Deploys XML texts or built processes together. */
  deploy(...models: readonly (string | ProcessBuilder)[]): Promise<Deployment> {
    const files = models.map((model, index) => ({
      name: `model-${index + 1}.bpmn`,
      xml: typeof model === 'string' ? model : model.toXml(),
    }));
    return this.engine.managementApi.deploy(this.identity, { files });
  }

  /** Starts an instance and runs it until everything waits. */
  async start(processModelId: string, inputValues: JsonValue = {}, startEventId?: string): Promise<StartedInstance> {
    const started = await this.engine.consumerApi.startProcessInstance(
      this.identity,
      processModelId,
      { inputValues },
      1,
      startEventId,
    );
    await this.engine.idle();
    return started;
  }

  /** Lets time pass; all that becomes due on the way is carried out in order. */
  async advance(milliseconds: number): Promise<void> {
    await this.clock.advanceTo(this.clock.now() + milliseconds, () => this.#settle());
  }

  /** Lets time pass up to a moment, given as ISO 8601 text or in milliseconds since the epoch. */
  async advanceTo(moment: string | number): Promise<void> {
    const time = typeof moment === 'number' ? moment : Date.parse(moment);
    await this.clock.advanceTo(time, () => this.#settle());
  }

  /** Waits for what is under way, and lets those go on who wait for the clock: long polls are no work of the engine. */
  async #settle(): Promise<void> {
    await this.engine.idle();
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    await this.engine.idle();
  }

  /** Lets time pass until the next timer that waits is due, and carries it out. */
  async fireNextTimer(): Promise<void> {
    const { subscriptions } = await this.engine.managementApi.getSubscriptions(this.identity);
    const due = subscriptions.flatMap(({ dueAt }) => (dueAt === undefined ? [] : [Date.parse(dueAt)]));
    if (due.length === 0) throw new Error('no timer waits');
    await this.advanceTo(Math.min(...due));
  }

  instance(processInstanceId: string): Promise<ManagedProcessInstance> {
    return this.engine.managementApi.getProcessInstance(this.identity, processInstanceId);
  }

  async state(processInstanceId: string): Promise<ManagedProcessInstance['state']> {
    return (await this.instance(processInstanceId)).state;
  }

  variables(processInstanceId: string): Promise<Record<string, unknown>> {
    return this.engine.managementApi.getVariables(this.identity, processInstanceId);
  }

  async history(processInstanceId: string): Promise<FlowNodeInstance[]> {
    return (await this.engine.managementApi.getFlowNodeInstances(this.identity, processInstanceId)).flowNodeInstances;
  }

  /** Ids of the flow nodes that were left, in order. */
  async path(processInstanceId: string): Promise<string[]> {
    const history = await this.history(processInstanceId);
    return history.filter(({ state }) => state === 'finished').map(({ flowNodeId }) => flowNodeId);
  }

  /** Ids of the flow nodes a token waits at, sorted. */
  async waiting(processInstanceId: string): Promise<string[]> {
    const history = await this.history(processInstanceId);
    return history
      .filter(({ leftAt, state }) => leftAt === undefined && state !== 'active')
      .map(({ flowNodeId }) => flowNodeId)
      .sort();
  }

  async tasks(processInstanceId?: string): Promise<Task[]> {
    const { consumerApi } = this.engine;
    const list =
      processInstanceId === undefined
        ? await consumerApi.getAllSuspendedTasks(this.identity)
        : await consumerApi.getSuspendedTasksForProcessInstance(this.identity, processInstanceId);
    return list.tasks;
  }

  /** Finishes the (first) waiting user, manual or untyped task of this flow node, and runs until everything waits. */
  async finish(flowNodeId: string, formFields: Record<string, unknown> = {}): Promise<void> {
    const task = (await this.tasks()).find(({ id }) => id === flowNodeId);
    if (task === undefined) throw new Error(`no task waits at '${flowNodeId}'`);
    await this.finishTask(task, formFields);
    await this.engine.idle();
  }

  finishTask(task: Task, formFields: Record<string, unknown> = {}): Promise<void> {
    const { consumerApi } = this.engine;
    const { processInstanceId, correlationId, flowNodeInstanceId } = task;
    switch (task.flowNodeType) {
      case 'bpmn:UserTask':
        return consumerApi.finishUserTask(this.identity, processInstanceId, correlationId, flowNodeInstanceId, {
          formFields,
        });
      case 'bpmn:ManualTask':
        return consumerApi.finishManualTask(this.identity, processInstanceId, correlationId, flowNodeInstanceId);
      case 'bpmn:Task':
        return consumerApi.finishEmptyActivity(this.identity, processInstanceId, correlationId, flowNodeInstanceId);
    }
  }

  /** Fetches one external task of the topic and finishes it. */
  async work(topic: string, result?: unknown): Promise<void> {
    const [task] = await this.engine.externalTaskApi.fetchAndLockExternalTasks(
      this.identity,
      'worker',
      topic,
      1,
      0,
      60_000,
    );
    if (task === undefined) throw new Error(`no external task of topic '${topic}' waits`);
    await this.engine.externalTaskApi.finishExternalTask(this.identity, 'worker', task.id, result);
    await this.engine.idle();
  }

  async message(name: string, payload: unknown = {}): Promise<void> {
    await this.engine.managementApi.publishMessage(this.identity, { name, payload });
    await this.engine.idle();
  }

  async signal(name: string, payload: unknown = {}): Promise<void> {
    await this.engine.managementApi.broadcastSignal(this.identity, { name, payload });
    await this.engine.idle();
  }

  async subscriptions(): Promise<SubscriptionInfo[]> {
    return (await this.engine.managementApi.getSubscriptions(this.identity)).subscriptions;
  }
}
