/** Does what people, workers and time must do for an instance, and looks at what became of it. */
import type { Deployment } from '@process-engine/contracts';
import type { FlowNodeInstanceRecord, ProcessInstanceRecord } from '@process-engine/contracts/storage';
import type { ProcessBuilder } from '@process-engine/core/testing';
import type { EngineLives } from './engine-lives.js';
import { until } from './until.js';

export const IDENTITY = { userId: 'tester', token: 'dGVzdGVy' };
export const WORKER = 'worker';
export const LOCK_DURATION = 60_000;
const TENANT = { tenantId: '' };

/** What became of an instance, without ids and times. */
export interface Outcome {
  readonly state: string;
  /** Ids of the flow nodes that ended, in order; those that were not finished with their state. */
  readonly path: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
}

export function deploy({ engine }: EngineLives, ...models: readonly ProcessBuilder[]): Promise<Deployment> {
  const files = models.map((model) => ({ name: `${model.id}.bpmn`, xml: model.toXml() }));
  return engine.managementApi.deploy(IDENTITY, { files });
}

/** The instances of this correlation and model; an instance that was never answered has no other name. */
export async function instancesOf(
  { engine }: EngineLives,
  correlationId: string,
  processModelId: string,
): Promise<readonly ProcessInstanceRecord[]> {
  return (await engine.storage.findProcessInstances({ ...TENANT, correlationId, processModelId })).items;
}

/** The instance's (last) flow node instance of this flow node, whatever its state. */
export async function nodeInstance(
  { engine }: EngineLives,
  processInstanceId: string,
  flowNodeId: string,
): Promise<FlowNodeInstanceRecord | undefined> {
  const { items } = await engine.storage.findFlowNodeInstances({ ...TENANT, processInstanceId, flowNodeId });
  return items.at(-1);
}

/** Drives the instance until a token waits at the flow node and all else is quiet. */
export function driveTo(
  lives: EngineLives,
  processInstanceId: string,
  flowNodeId: string,
): Promise<FlowNodeInstanceRecord> {
  return until(`a token of ${processInstanceId} waits at '${flowNodeId}'`, async () => {
    const waiting = await waitingNodes(lives, processInstanceId);
    const found = waiting.find((node) => node.flowNodeId === flowNodeId);
    if (found !== undefined) return found;
    await doNext(lives, processInstanceId, waiting);
    return undefined;
  });
}

/** Drives the instance to its end; answers what became of it. */
export async function driveToEnd(lives: EngineLives, processInstanceId: string): Promise<Outcome> {
  await until(`${processInstanceId} ends`, async () => {
    if ((await instance(lives, processInstanceId)).state !== 'running') return true;
    await doNext(lives, processInstanceId, await waitingNodes(lives, processInstanceId));
    return undefined;
  });
  await quiet(lives);
  return outcomeOf(lives, processInstanceId);
}

/** Waits until the engine has done all its own work; timers that are not due yet stay. */
export async function quiet({ engine }: EngineLives): Promise<void> {
  await until('no job is left but timers', async () => {
    const { items } = await engine.storage.findJobs(TENANT);
    return items.every(({ kind }) => kind.endsWith('timer')) ? true : undefined;
  });
  await engine.control.idle();
}

export async function outcomeOf(lives: EngineLives, processInstanceId: string): Promise<Outcome> {
  const { storage } = lives.engine;
  const { items } = await storage.findFlowNodeInstances({ ...TENANT, processInstanceId });
  const variables = await storage.findVariables(processInstanceId);
  return {
    state: (await instance(lives, processInstanceId)).state,
    path: items.map(({ flowNodeId, state }) => (state === 'finished' ? flowNodeId : `${flowNodeId} (${state})`)),
    variables: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
  };
}

/** What the services of an instance noted, in order. */
export function notesOf({ ledger }: EngineLives, processInstanceId: string): string[] {
  return ledger.entries(processInstanceId).map(({ flowNodeId }) => flowNodeId);
}

export async function finishUserTask(lives: EngineLives, task: FlowNodeInstanceRecord): Promise<void> {
  const { id, processInstanceId, flowNodeId } = task;
  const { correlationId } = await instance(lives, processInstanceId);
  const formFields = { [flowNodeId]: `by ${IDENTITY.userId}` };
  const { consumerApi } = lives.engine;
  await consumerApi.finishUserTask(IDENTITY, processInstanceId, correlationId, id, { formFields });
}

/** Locks all that waits under the topic. */
export async function lockTasks({ engine }: EngineLives, topic: string, workerId = WORKER): Promise<readonly string[]> {
  const api = engine.externalTaskApi;
  const tasks = await api.fetchAndLockExternalTasks(IDENTITY, workerId, topic, 0, 0, LOCK_DURATION);
  return tasks.map(({ id }) => id);
}

export function finishExternalTask({ engine }: EngineLives, id: string, workerId = WORKER): Promise<void> {
  return engine.externalTaskApi.finishExternalTask(IDENTITY, workerId, id, { packed: true });
}

async function instance({ engine }: EngineLives, id: string): Promise<ProcessInstanceRecord> {
  const { items } = await engine.storage.findProcessInstances({ ...TENANT, ids: [id] });
  if (items[0] === undefined) throw new Error(`there is no process instance ${id}`);
  return items[0];
}

async function waitingNodes(
  { engine }: EngineLives,
  processInstanceId: string,
): Promise<readonly FlowNodeInstanceRecord[]> {
  const { items } = await engine.storage.findFlowNodeInstances({ ...TENANT, processInstanceId, states: ['waiting'] });
  return items;
}

/** Work first, then time; messages are the test's own business. What the engine does by itself is left to it. */
async function doNext(
  lives: EngineLives,
  processInstanceId: string,
  waiting: readonly FlowNodeInstanceRecord[],
): Promise<void> {
  const { storage } = lives.engine;
  const task = waiting.find(({ flowNodeType }) => flowNodeType === 'bpmn:UserTask');
  if (task !== undefined) return finishUserTask(lives, task);
  const { items: externalTasks } = await storage.findExternalTasks({ ...TENANT, processInstanceId });
  const offered = externalTasks.find(({ topic }) => !topic.startsWith('internal:'));
  if (offered !== undefined) {
    if (offered.workerId !== WORKER) await lockTasks(lives, offered.topic);
    return finishExternalTask(lives, offered.id);
  }
  const { items: timers } = await storage.findJobs({ ...TENANT, processInstanceId, kinds: ['timer'] });
  if (timers[0] !== undefined) await lives.advanceTo(timers[0].dueAt);
  const { items: children } = await storage.findProcessInstances({
    ...TENANT,
    parentInstanceId: processInstanceId,
    states: ['running'],
  });
  for (const { id } of children) await doNext(lives, id, await waitingNodes(lives, id));
}
