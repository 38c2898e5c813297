/** The sample script with a client generated from the OpenAPI document; prints the result. Arguments: address, token. */
import { ok } from '@oazapfts/runtime';
import * as client from './.generated/client.js';

const [url, token] = process.argv.slice(2) as [string, string];
client.defaults.baseUrl = url;
client.defaults.headers = { Authorization: `Bearer ${token}` };

const correlationId = crypto.randomUUID();
await ok(client.consumerApiStartProcessInstance('sample_process', { correlationId }, { startCallbackType: 1 }));
const waiting = client.consumerApiGetUserTasksForProcessModelInCorrelation('sample_process', correlationId);
const { userTasks } = (await ok(waiting)) as client.UserTaskList;
const [task] = userTasks;
if (task === undefined) throw new Error('no user task waits');
const { processInstanceId, flowNodeInstanceId } = task;
const result: client.UserTaskResult = { formFields: { TaskWasSuccessful: true } };
await ok(client.consumerApiFinishUserTask(processInstanceId, correlationId, flowNodeInstanceId, result));
const results = client.consumerApiGetProcessResultForCorrelation(correlationId, 'sample_process');
const { correlationResults } = (await ok(results)) as client.CorrelationResultList;
console.log(JSON.stringify(correlationResults));
