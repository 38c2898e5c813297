import { expect } from 'chai';
import { ExternalTaskApiClient, ExternalTaskApiClientService } from '@process-engine/client';
import { BASE_PATHS, ROUTES } from '@process-engine/contracts/http';
import { rejection } from '../support/rejection.js';
import { external, mapped } from '../support/seed-models.js';
import { SeedFixture, WAYS } from '../support/seed-fixture.js';

for (const way of WAYS) {
  describe(`The external task API ${way}`, () => {
    const fixture = new SeedFixture(way);
    const { identity } = fixture;
    let client: ExternalTaskApiClient;

    before(async () => {
      await fixture.start();
      client = new ExternalTaskApiClient(fixture.accessor);
    });
    after(() => fixture.stop());

    it('offers what service tasks of a process leave to the outside', async () => {
      const topic = await fixture.deploy(external);
      const { processInstanceId, correlationId } = await fixture.started(topic, { amount: 1 });
      const tasks = await client.fetchAndLockExternalTasks(identity, 'worker', topic, 10, 0, 60_000);
      expect(tasks).to.have.length(1);
      expect(tasks[0]).to.deep.include({ topic, processInstanceId, correlationId, payload: { amount: 1 } });
    });

    it('has no way to create tasks: only processes do', () => {
      const operations = ROUTES.filter(({ api }) => api === 'externalTaskApi').map(({ operation }) => operation);
      expect([...new Set(operations)]).to.have.members([
        'fetchAndLockExternalTasks',
        'extendLock',
        'finishExternalTask',
        'handleBpmnError',
        'handleServiceError',
      ]);
    });

    it('fetches tasks and locks them for one worker', async () => {
      const topic = await fixture.deploy(external);
      await fixture.started(topic);
      const before = Date.now();
      const [task] = await client.fetchAndLockExternalTasks(identity, 'mine', topic, 10, 0, 60_000);
      expect(task?.workerId).to.equal('mine');
      expect(Date.parse(task!.lockExpirationTime)).to.be.at.least(before + 60_000);
      expect(await client.fetchAndLockExternalTasks(identity, 'other', topic, 10, 0, 60_000)).to.deep.equal([]);
      const refused = await rejection(client.finishExternalTask(identity, 'other', task!.id, {}));
      expect(refused).to.include({ name: 'LockedError', code: 423 });
    });

    it('waits for a task that is not there yet', async () => {
      const topic = await fixture.deploy(external);
      const fetching = client.fetchAndLockExternalTasks(identity, 'worker', topic, 1, 10_000, 60_000);
      await fixture.started(topic);
      expect(await fetching).to.have.length(1);
    });

    it('extends a lock', async () => {
      const topic = await fixture.deploy(external);
      await fixture.started(topic);
      const task = await fixture.fetched(topic, 'mine', 1);
      await client.extendLock(identity, 'mine', task.id, 60_000);
      expect(await client.fetchAndLockExternalTasks(identity, 'other', topic, 10, 50, 60_000)).to.deep.equal([]);
    });

    it('finishes a task with a result the process goes on with', async () => {
      const topic = await fixture.deploy(external);
      const { correlationId } = await fixture.started(topic);
      const task = await fixture.fetched(topic);
      await client.finishExternalTask(identity, 'worker', task.id, { done: true });
      const { correlationResults } = await fixture.client.getProcessResultForCorrelation(
        identity,
        correlationId,
        topic,
      );
      expect(correlationResults).to.deep.equal([{ correlationId, endEventId: 'End', tokenPayload: { done: true } }]);
    });

    it('hands a BPMN error to the process', async () => {
      const topic = await fixture.deploy(external);
      const { correlationId } = await fixture.started(topic);
      const task = await fixture.fetched(topic);
      await client.handleBpmnError(identity, 'worker', task.id, 'refused', 'we do not want to');
      const { correlationResults } = await fixture.client.getProcessResultForCorrelation(
        identity,
        correlationId,
        topic,
      );
      expect(correlationResults.map(({ endEventId }) => endEventId)).to.deep.equal(['EndRefused']);
      expect(correlationResults[0]?.tokenPayload).to.include({ code: 'refused', message: 'we do not want to' });
    });

    it('takes a system error as the failure of the task', async () => {
      const topic = await fixture.deploy(external);
      const ending = rejection(fixture.client.startProcessInstance(identity, topic, {}, 2));
      const task = await fixture.fetched(topic);
      await client.handleServiceError(identity, 'worker', task.id, 'the disk is full', 'no space left');
      expect((await ending).message).to.include('the disk is full');
    });

    it('knows the system error under its older name', async () => {
      const topic = await fixture.deploy(external);
      const ending = rejection(fixture.client.startProcessInstance(identity, topic, {}, 2));
      const task = await fixture.fetched(topic);
      const older = new ExternalTaskApiClientService(fixture.accessor);
      await older.handleSystemError(identity, 'worker', task.id, 'the disk is full', 'no space left');
      expect((await ending).message).to.include('the disk is full');
    });

    it('maps data of the process to the data of an operation and back', async () => {
      const topic = await fixture.deploy(mapped);
      await fixture.started(topic, { customer: { mail: 'alice@example.org' }, secret: 1 });
      const task = await fixture.fetched(topic);
      expect(task.payload).to.deep.equal({ receiver: 'alice@example.org', subject: 'Your order' });
      await client.finishExternalTask(identity, 'worker', task.id, { status: 'sent', internal: 1 });
      const { processInstanceId } = task;
      const variables = await fixture.accessor.managementApi.getVariables(identity, processInstanceId);
      expect(variables).to.include({ mailStatus: 'sent' }).and.not.have.any.keys('status', 'internal', 'receiver');
    });
  });
}

describe('The external task API for any technology', () => {
  const fixture = new SeedFixture('over HTTP');

  before(() => fixture.start());
  after(() => fixture.stop());

  it('is plain HTTP and JSON: a worker needs none of our packages', async () => {
    const topic = await fixture.deploy(external);
    const { correlationId } = await fixture.started(topic, { amount: 1 });
    const [task] = (await post('/fetch_and_lock', {
      workerId: 'any',
      topicName: topic,
      maxTasks: 1,
      longPollingTimeout: 0,
      lockDuration: 60_000,
    })) as { id: string; payload: unknown }[];
    expect(task?.payload).to.deep.equal({ amount: 1 });
    await post(`/task/${task?.id}/finish`, { workerId: 'any', result: { done: true } });

    const results = await fixture.client.getProcessResultForCorrelation(fixture.identity, correlationId, topic);
    expect(results.totalCount).to.equal(1);
  });

  async function post(path: string, body: object): Promise<unknown> {
    const answer = await fetch(`${fixture.url}${BASE_PATHS.externalTaskApi}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${fixture.identity.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.ok, await answer.clone().text()).to.equal(true);
    return answer.status === 204 ? undefined : answer.json();
  }
});
