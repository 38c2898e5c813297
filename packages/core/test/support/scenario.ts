/**
 * A started engine for one test, on storage that checks every commit. What a test leaves behind is checked after it:
 * broken invariants and unexpected errors in the log fail it.
 */
import type {
  ExternalTask,
  IIdentity,
  Incident,
  JsonValue,
  Logger,
  StartCallbackType,
} from '@process-engine/contracts';
import { expect } from 'chai';
import type { EngineOptions } from '../../dist/engine.js';
import { checkedStorage, type CheckedStorage, type ProcessBuilder, TestEngine } from '../../dist/testing/index.js';
import { isStorageBusy, takeStoragesBack, testStorage } from './test-storage.js';

/** In the evicting run of the suite nothing is kept in memory between two commands, and of models only the last one. */
const caches = process.env['ENGINE_CACHE'] === 'evicting' ? { cacheSize: 0, modelCacheSize: 1 } : {};

const open = new Set<Scenario>();

export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

interface Call {
  readonly correlationId?: string;
  readonly type?: StartCallbackType;
  readonly startEventId?: string;
  readonly endEventId?: string;
  readonly idempotencyKey?: string;
  readonly businessKey?: string;
  readonly signal?: AbortSignal;
}

export class Scenario extends TestEngine {
  readonly storage: CheckedStorage;
  /** Everything the engine logged. */
  readonly log: LogEntry[];
  #expectedErrors = 0;

  constructor(options: EngineOptions & { readonly clock?: TestEngine['clock'] } = {}) {
    const storage = checkedStorage(options.storage ?? testStorage());
    const log: LogEntry[] = [];
    super({ ...caches, logger: recordingLogger(log), ...options, storage });
    this.storage = storage;
    this.log = log;
  }

  /** Takes the errors that were logged so far: they are what the test is about. */
  takeErrors(): LogEntry[] {
    const errors = this.log.filter(({ level }) => level === 'error');
    this.#expectedErrors = errors.length;
    return errors;
  }

  check(): void {
    expect(this.storage.violations, 'invariants').to.deep.equal([]);
    const errors = this.log.filter(({ level }) => level === 'error').slice(this.#expectedErrors);
    expect(
      errors.map(({ message, fields }) => ({ message, error: fields['error'] })),
      'logged errors',
    ).to.deep.equal([]);
  }

  /** Starts an instance and waits for the answer; by default that of its end. */
  async call(processModelId: string, inputValues: JsonValue = {}, options: Call = {}) {
    const { type = 2, startEventId, endEventId, signal, ...payload } = options;
    const call = signal === undefined ? {} : { signal };
    const { consumerApi } = this.engine;
    const started = consumerApi.startProcessInstance(
      this.identity,
      processModelId,
      { inputValues, ...payload },
      type,
      startEventId,
      endEventId,
      call,
    );
    const answer = await started;
    await this.engine.idle();
    return answer;
  }

  /** Starts an instance and runs it until everything waits; the answer may come later. */
  async begin(processModelId: string, inputValues: JsonValue = {}, options: Call = {}) {
    const before = (await this.instancesOf(processModelId)).length;
    const answer = this.call(processModelId, inputValues, options);
    answer.catch(() => undefined);
    for (let turn = 0; turn < 100 && (await this.instancesOf(processModelId)).length === before; turn += 1)
      await nextTurn();
    await this.engine.idle();
    const processInstanceId = (await this.instancesOf(processModelId))[before];
    if (processInstanceId === undefined) throw new Error(`no instance of '${processModelId}' was started`);
    return { answer, processInstanceId };
  }

  /** Fetches and locks up to ten tasks of the topic. */
  fetch(topic: string, workerId = 'worker', lockDuration = 60_000): Promise<ExternalTask[]> {
    return this.engine.externalTaskApi.fetchAndLockExternalTasks(this.identity, workerId, topic, 10, 0, lockDuration);
  }

  /** Fetches one task of the topic and fails it with a BPMN error or, without code, a service error. */
  async failWork(topic: string, message: string, code?: string): Promise<void> {
    const [task] = await this.fetch(topic);
    const { externalTaskApi } = this.engine;
    if (code === undefined) await externalTaskApi.handleServiceError(this.identity, 'worker', task!.id, message, {});
    else await externalTaskApi.handleBpmnError(this.identity, 'worker', task!.id, code, message);
    await this.engine.idle();
  }

  /** Sets the clock on while something may be under way for good, and lets run what can run. */
  async pass(milliseconds: number): Promise<void> {
    this.clock.set(this.clock.now() + milliseconds);
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  }

  async incidents(): Promise<Incident[]> {
    return (await this.engine.managementApi.getIncidents(this.identity)).incidents;
  }

  /** Ids of the instances of a model, oldest first. */
  async instancesOf(processModelId: string): Promise<string[]> {
    const { processInstances } = await this.engine.managementApi.getProcessInstances(this.identity, { processModelId });
    return processInstances.map(({ processInstanceId }) => processInstanceId);
  }

  /** The history entry of a flow node that was entered once. */
  async entry(processInstanceId: string, flowNodeId: string) {
    const entries = (await this.history(processInstanceId)).filter((candidate) => candidate.flowNodeId === flowNodeId);
    expect(entries, `entries of '${flowNodeId}'`).to.have.length(1);
    return entries[0]!;
  }

  /** The result a flow node left behind. */
  async result(processInstanceId: string, flowNodeId: string): Promise<unknown> {
    return (await this.entry(processInstanceId, flowNodeId)).result;
  }

  /** What the (only) waiting task of a flow node sees as its payload. */
  async payloadAt(flowNodeId: string): Promise<unknown> {
    const task = (await this.tasks()).find(({ id }) => id === flowNodeId);
    expect(task, `a task at '${flowNodeId}'`).not.to.equal(undefined);
    return task!.tokenPayload;
  }

  /** For each commit of a step: the flow nodes that were left in it, in order. */
  get steps(): string[][] {
    const commits = this.storage.commits.filter(({ processInstances }) => processInstances !== undefined);
    const names = new Map(
      commits
        .flatMap(({ flowNodeInstances }) => flowNodeInstances?.insert ?? [])
        .map(({ id, flowNodeId }) => [id, flowNodeId]),
    );
    return commits.map(({ flowNodeInstances: { insert = [], update = [] } = {} }) =>
      [...insert, ...update.map(({ id, set }) => ({ id, completedSeq: set.completedSeq }))]
        .flatMap(({ id, completedSeq }) =>
          typeof completedSeq === 'number' ? [{ name: names.get(id)!, completedSeq }] : [],
        )
        .sort((a, b) => a.completedSeq - b.completedSeq)
        .map(({ name }) => name),
    );
  }

  async terminate(processInstanceId: string): Promise<void> {
    await this.engine.managementApi.terminateProcessInstance(this.identity, processInstanceId);
    await this.engine.idle();
  }
}

/** A started engine with the models deployed. It is stopped and checked after the test. */
export async function scenario(
  models: readonly (string | ProcessBuilder)[],
  options: EngineOptions & { readonly clock?: TestEngine['clock'] } = {},
): Promise<Scenario> {
  const engine = new Scenario(options);
  open.add(engine);
  await engine.engine.start();
  await engine.engine.idle();
  if (models.length > 0) await engine.deploy(...models);
  return engine;
}

/** Stops the engine now, as at the end of its process. */
export async function shutDown(engine: Scenario): Promise<void> {
  open.delete(engine);
  await engine.stop();
  engine.check();
}

/** Leaves the engine as it is, as if its process had died. */
export function abandon(engine: Scenario): void {
  open.delete(engine);
  expect(engine.storage.violations, 'invariants').to.deep.equal([]);
}

/** The error a promise is rejected with. */
export async function errorOf(
  promise: Promise<unknown>,
): Promise<Error & { code?: number; reason?: string; additionalInformation?: unknown }> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) expect.fail(`expected a rejection, got ${JSON.stringify(outcome.value)}`);
  expect(outcome.error).to.be.instanceOf(Error);
  return outcome.error as Error;
}

export function identity(userId: string): IIdentity {
  return { userId, token: '' };
}

/** Lets everything run that can run now, and the database answer what it was asked. */
export async function nextTurn(): Promise<void> {
  do {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  } while (isStorageBusy());
}

function recordingLogger(log: LogEntry[]): Logger {
  const write =
    (level: LogEntry['level']) =>
    (fields: object, message: string): void =>
      void log.push({ level, message, fields: { ...fields } });
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

afterEach(async () => {
  const engines = [...open];
  open.clear();
  for (const engine of engines) await engine.stop();
  await takeStoragesBack();
  for (const engine of engines) engine.check();
});
