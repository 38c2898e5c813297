import assert from 'node:assert/strict';
import { BadRequestError, NotFoundError, type Incident } from '@process-engine/contracts';
import { eventually, rejects, unique, type ApiUser } from './api-user.js';
import { line, scriptTask, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

/** Fails, and fails when it is run again at once, as long as the variable `ready` is not set. */
const fragile = (id: string) =>
  scriptTask(id, "if (!ready) throw new Error('not ready'); return {};", {
    'camunda:failedJobRetryTimeCycle': 'PT0S',
  });

async function failed(user: ApiUser): Promise<{ id: string; processInstanceId: string; incident: Incident }> {
  const id = unique('Model');
  await user.deploy(line(id, [fragile('Script'), userTask('Work')]));
  const { processInstanceId } = await user.start(id);
  const { incidents } = await eventually(
    () => user.management.getIncidents(user.identity, { processInstanceId }),
    ({ totalCount }) => totalCount > 0,
  );
  assert.equal(incidents.length, 1);
  return { id, processInstanceId, incident: incidents[0]! };
}

const tasksOf = (user: ApiUser, processInstanceId: string) =>
  eventually(
    async () => (await user.consumer.getUserTasksForProcessInstance(user.identity, processInstanceId)).userTasks,
    (tasks) => tasks.length > 0,
  );

export function incidentRetryCases({ it }: SuiteContext): void {
  it('an engine without failures has none, and an unknown one can neither be retried nor resolved', async (user) => {
    const list = await user.management.getIncidents(user.identity, { processModelId: 'unknown' });
    assert.deepEqual(list, { incidents: [], totalCount: 0 });
    await rejects(user.management.retryIncident(user.identity, 'unknown'), NotFoundError, /unknown/);
    await rejects(user.management.resolveIncident(user.identity, 'unknown'), NotFoundError, /unknown/);
  });

  it('they say what failed, and are listed by instance and model', async (user) => {
    const { id, processInstanceId, incident } = await failed(user);
    const { id: incidentId, createdAt, flowNodeInstanceId, error, ...rest } = incident;
    for (const text of [incidentId, createdAt, flowNodeInstanceId]) assert.equal(typeof text, 'string');
    assert.deepEqual(rest, { processInstanceId, processModelId: id, flowNodeId: 'Script' });
    assert.equal(error.message, 'not ready');
    const list = await user.management.getIncidents(user.identity, { processModelId: id });
    assert.deepEqual(list, { incidents: [incident], totalCount: 1 });
  });

  it('retrying runs the node again, with other variables where some are given', async (user) => {
    const { processInstanceId, incident } = await failed(user);
    const { management, identity } = user;
    assert.equal(await management.retryIncident(identity, incident.id), undefined);
    const { incidents } = await eventually(
      () => management.getIncidents(identity, { processInstanceId }),
      ({ incidents: [again] }) => again !== undefined && again.id !== incident.id,
    );
    await rejects(management.retryIncident(identity, incident.id), NotFoundError, /./);

    const wrong = { variables: 'ready' } as never;
    await rejects(management.retryIncident(identity, incidents[0]!.id, wrong), BadRequestError, /variables/);
    assert.equal(await management.retryIncident(identity, incidents[0]!.id, { variables: { ready: true } }), undefined);
    assert.equal((await tasksOf(user, processInstanceId)).length, 1);
    assert.deepEqual(await management.getVariables(identity, processInstanceId), { ready: true });
    assert.equal((await management.getIncidents(identity, { processInstanceId })).totalCount, 0);
  });
}
