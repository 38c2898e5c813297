import assert from 'node:assert/strict';
import { InternalServerError, NotFoundError, type Incident } from '@process-engine/contracts';
import { rejects, unique, type ApiUser } from './api-user.js';
import { line, type Node } from './models.js';
import type { SuiteContext } from './suite-context.js';

/** An external task that is tried once more after a second. */
const retried = (topic: string): Node => ({
  id: 'Work',
  xml: `<bpmn:serviceTask id="Work" camunda:type="external" camunda:topic="${topic}">
  <bpmn:extensionElements><camunda:failedJobRetryTimeCycle>R1/PT1S</camunda:failedJobRetryTimeCycle></bpmn:extensionElements>
</bpmn:serviceTask>`,
});

export function incidentCases({ itInTime }: SuiteContext): void {
  itInTime('what fails to the last is an incident, is tried anew by an operator, and goes on', async (user) => {
    const { topic, processModelId, processInstanceId, incident } = await failed(user);
    const { id, flowNodeInstanceId, createdAt, ...shown } = incident;
    assert.deepEqual(
      [id, flowNodeInstanceId, createdAt].map((value) => typeof value),
      ['string', 'string', 'string'],
    );
    assert.deepEqual(shown.flowNodeId, 'Work');
    assert.deepEqual([shown.processModelId, shown.processInstanceId], [processModelId, processInstanceId]);

    assert.equal(await user.management.retryIncident(user.identity, incident.id), undefined);
    const task = await user.fetchOne(topic, { longPollingTimeout: 600_000 });
    await user.worker.finishExternalTask(user.identity, 'worker', task.id, {});
    assert.equal(await user.state(processInstanceId), 'finished');
    await rejects(user.management.retryIncident(user.identity, incident.id), NotFoundError, /incident/i);
  });

  itInTime('an operator may take the failed node as done: the instance goes on without a result', async (user) => {
    const { processInstanceId, incident } = await failed(user);
    assert.equal(await user.management.resolveIncident(user.identity, incident.id), undefined);
    const { incidents } = await user.management.getIncidents(user.identity, { processInstanceId });
    assert.deepEqual(incidents, []);
    assert.equal(await user.state(processInstanceId), 'finished');
    await rejects(user.management.resolveIncident(user.identity, incident.id), NotFoundError, /incident/i);
  });

  itInTime('a start that waits is answered with the incident', async (user) => {
    const [processModelId, topic] = [unique('Model'), unique('topic')];
    await user.deploy(line(processModelId, [retried(topic)]));
    const answer = user.run(processModelId);
    answer.catch(() => {});
    await failTwice(user, topic);
    const { additionalInformation } = await rejects(answer, InternalServerError, /out of paper|incident/i);
    const { incidentId, processInstanceId } = additionalInformation as Record<string, string>;
    const { incidents } = await user.management.getIncidents(user.identity, { processInstanceId });
    assert.deepEqual(
      incidents.map(({ id }) => id),
      [incidentId],
    );
  });
}

async function failed(user: ApiUser) {
  const [processModelId, topic] = [unique('Model'), unique('topic')];
  await user.deploy(line(processModelId, [retried(topic)]));
  const { processInstanceId } = await user.start(processModelId);
  await failTwice(user, topic);
  const { incidents } = await user.management.getIncidents(user.identity, { processInstanceId });
  assert.equal(incidents.length, 1);
  return { processModelId, topic, processInstanceId, incident: incidents[0] as Incident };
}

async function failTwice(user: ApiUser, topic: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const task = await user.fetchOne(topic, { longPollingTimeout: 600_000 });
    await user.worker.handleServiceError(user.identity, 'worker', task.id, 'out of paper');
    await user.advance(1_000);
  }
}
