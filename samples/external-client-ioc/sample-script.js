// @ts-check
/**
 * What the client does, however it was set up: start the sample process, wait for its user task, finish it, fetch the
 * result. Both client samples have this file.
 */
import { setTimeout as pause } from 'node:timers/promises';

const PROCESS_MODEL = 'sample_process';
const START_EVENT = 'StartEvent_1';
const MOST_ATTEMPTS = 100;

/**
 * @param {import('@process-engine/client').ConsumerApiClient} client
 * @param {{userId: string, token: string}} identity
 */
export async function runSampleScript(client, identity) {
  // 1. Start an instance. The correlation id groups what belongs together; the engine makes one if there is none.
  console.log(`Starting process model '${PROCESS_MODEL}' at start event '${START_EVENT}'.`);
  const correlationId = crypto.randomUUID();
  await client.startProcessInstance(identity, PROCESS_MODEL, { correlationId, inputValues: {} }, 1, START_EVENT);
  console.log(`The correlation is '${correlationId}'.`);

  // 2. Wait for the user task.
  const userTask = await waitForUserTask(client, identity, correlationId);
  console.log(`User task '${userTask.id}' waits.`);

  // 3. Finish it with the values of its form.
  const result = { formFields: { TaskWasSuccessful: true } };
  console.log(`Finishing it with ${JSON.stringify(result)}.`);
  const { processInstanceId, flowNodeInstanceId } = userTask;
  await client.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId, result);
  console.log('The user task is finished; the process goes on to its end.');

  // 4. Fetch what the process brought to its end.
  const results = await client.getProcessResultForCorrelation(identity, correlationId, PROCESS_MODEL);
  console.log(`The result: ${JSON.stringify(results, null, 2)}`);
}

/**
 * Asks until the task is there. A program that stays would rather subscribe: `client.onUserTaskWaiting(…)`.
 *
 * @param {import('@process-engine/client').ConsumerApiClient} client
 * @param {{userId: string, token: string}} identity
 * @param {string} correlationId
 */
async function waitForUserTask(client, identity, correlationId) {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const list = await client.getUserTasksForProcessModelInCorrelation(identity, PROCESS_MODEL, correlationId);
    const [userTask] = list.userTasks;
    if (userTask !== undefined) return userTask;
    await pause(100);
  }
  throw new Error('No user task came up.');
}
