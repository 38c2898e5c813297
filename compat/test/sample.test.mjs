import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { it } from 'mocha';
import { god, onEachDatabase } from './support/engine.mjs';

const SAMPLE = readFileSync(new URL('../../samples/processes/sample_process.bpmn', import.meta.url), 'utf8');

onEachDatabase('The sample script with the published consumer client', (engine) => {
  it('starts the process, finishes its user task and reads the result', async () => {
    await engine.deploy(SAMPLE);
    const client = engine.consumer();
    const correlationId = randomUUID();

    const started = await client.startProcessInstance(
      god,
      'sample_process',
      { correlationId, inputValues: {} },
      1,
      'StartEvent_1',
    );
    expect(started.correlationId).to.equal(correlationId);

    const { userTasks } = await client.getUserTasksForProcessModelInCorrelation(god, 'sample_process', correlationId);
    expect(userTasks.map(({ id }) => id)).to.deep.equal(['UserTask_1']);
    const [task] = userTasks;
    expect(task.data.formFields).to.deep.equal([
      { id: 'TaskWasSuccessful', label: 'Was the task successful?', type: 'boolean' },
    ]);
    expect(task).to.not.have.any.keys('identity', 'processInstanceOwner');

    const result = { formFields: { TaskWasSuccessful: true } };
    await client.finishUserTask(god, task.processInstanceId, correlationId, task.flowNodeInstanceId, result);

    const results = await client.getProcessResultForCorrelation(god, correlationId, 'sample_process');
    expect(results).to.deep.equal({
      correlationResults: [
        { correlationId, endEventId: 'EndEvent_Success', tokenPayload: { form_fields: { TaskWasSuccessful: true } } },
      ],
      totalCount: 1,
    });
  });
});
