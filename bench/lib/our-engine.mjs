/** The engine of this repository, as it was built last. */
import { createEngine } from '../../packages/core/dist/index.js';

export const identity = { userId: 'bench', token: '' };

/** `startProcessInstance` answers when the instance has ended. */
const AT_THE_END = 2;

/**
 * An engine that runs, with the models deployed.
 *
 * @param {string | string[]} models
 * @param {import('../../packages/core/dist/index.js').EngineOptions} [options]
 */
export async function startEngine(models, options = {}) {
  const engine = createEngine(options);
  await engine.start();
  const files = [models].flat().map((xml, at) => ({ name: `bench-${at}.bpmn`, xml }));
  await engine.managementApi.deploy(identity, { files });
  return engine;
}

/** Starts an instance and waits for its end. */
export function runToTheEnd({ consumerApi }, processModelId, inputValues = {}) {
  return consumerApi.startProcessInstance(identity, processModelId, { inputValues }, AT_THE_END);
}

/** Through the public API: start, look for the user task, finish it. */
export async function runWithUserTask({ consumerApi }, processModelId, formFields) {
  const { processInstanceId, correlationId } = await consumerApi.startProcessInstance(identity, processModelId);
  const { userTasks } = await consumerApi.getUserTasksForProcessInstance(identity, processInstanceId);
  const [{ flowNodeInstanceId }] = userTasks;
  await consumerApi.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId, { formFields });
}
