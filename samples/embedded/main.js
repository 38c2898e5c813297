// @ts-check
/** An application with a process engine inside: no server, no database, no network. */
import { readFile } from 'node:fs/promises';
import { ConsumerApiClient, InternalAccessor, ManagementApiClient } from '@process-engine/client';
import { createEngine } from '@process-engine/core';

const model = new URL('../processes/sample_process.bpmn', import.meta.url);

// 1. Who acts. In the same process every identity with a user id may do everything; a token is not needed.
const identity = { userId: 'sampleUser', token: '' };

// 2. The engine. It keeps everything in memory; give it `storage: createStorage({ dialect: 'sqlite', storage: 'file' })`
//    of @process-engine/repository and it survives a restart. What scripts print arrives at the logger.
const print = (/** @type {object} */ _fields, /** @type {string} */ message) => console.log(message);
const engine = createEngine({ logger: { debug: () => {}, info: print, warn: print, error: print } });
await engine.start();

try {
  // 3. The accessor: the clients do not know that the engine lives next door. With an ExternalAccessor in its place the
  //    same program works with an engine on a server.
  const accessor = new InternalAccessor(engine);
  const client = new ConsumerApiClient(accessor);

  // 4. Deploy the model.
  const files = [{ name: 'sample_process.bpmn', xml: await readFile(model, 'utf8') }];
  await new ManagementApiClient(accessor).deploy(identity, { files });

  // 5. Start an instance. The call answers when the instance has come as far as it can: to the user task.
  const { correlationId, processInstanceId } = await client.startProcessInstance(identity, 'sample_process');

  // 6. Find the waiting user task and finish it with the values of its form.
  const { userTasks } = await client.getUserTasksForProcessInstance(identity, processInstanceId);
  const formFields = { TaskWasSuccessful: true };
  for (const { flowNodeInstanceId } of userTasks) {
    await client.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId, { formFields });
  }

  // 7. The instance has reached its end; this is what it brought there.
  const result = await client.getProcessResultForCorrelation(identity, correlationId, 'sample_process');
  console.log(JSON.stringify(result, null, 2));
} finally {
  // 8. Lets work under way end.
  await engine.stop();
}
