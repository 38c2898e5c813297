import { expect } from 'chai';
import { it } from 'mocha';
import { eventually, god, onEachDatabase } from './support/engine.mjs';
import { afterDuration, external, line, node } from './support/models.mjs';

onEachDatabase('A restart of the server seen by the published clients', (engine) => {
  it('loses neither a user task that waits, nor an external task, nor a timer that became due', async function () {
    this.timeout(30_000);
    await engine.deploy(
      line('Form', [node('userTask', 'Task')]),
      line('Outside', [external('Work', 'topic')]),
      line('Timer', [node('intermediateCatchEvent', 'Wait', {}, afterDuration('PT1S'))]),
    );
    const correlationId = 'across-a-restart';
    const before = engine.consumer();
    for (const id of ['Form', 'Outside', 'Timer']) {
      await before.startProcessInstance(god, id, { correlationId, inputValues: { from: id } });
    }
    const [locked] = await engine.externalTasks().fetchAndLockExternalTasks(god, 'worker', 'topic', 1, 0, 60_000);
    const due = Date.now() + 1_100;
    await engine.stop();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())));
    await engine.start();

    const client = engine.consumer();
    const { userTasks } = await client.getUserTasksForCorrelation(god, correlationId);
    expect(userTasks).to.have.length(1);
    const { processInstanceId, flowNodeInstanceId } = userTasks[0];
    await client.finishUserTask(god, processInstanceId, correlationId, flowNodeInstanceId, { formFields: { a: 1 } });
    expect(await ended(client, 'Form', correlationId)).to.deep.equal({ form_fields: { a: 1 } });

    await engine.externalTasks().finishExternalTask(god, 'worker', locked.id, 'done');
    expect(await ended(client, 'Outside', correlationId)).to.equal('done');
    expect(await ended(client, 'Timer', correlationId)).to.deep.equal({ from: 'Timer' });
  });
});

async function ended(client, processModelId, correlationId) {
  const read = () => client.getProcessResultForCorrelation(god, correlationId, processModelId);
  const { correlationResults } = await eventually(read, ({ totalCount }) => totalCount > 0, `${processModelId} ended`);
  return correlationResults[0].tokenPayload;
}
