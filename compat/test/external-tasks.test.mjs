import { expect } from 'chai';
import { it } from 'mocha';
import { eventually, god, nobody, onEachDatabase, PACKAGES, rejection } from './support/engine.mjs';
import { error, external, flow, line, model, node, onError } from './support/models.mjs';

/** The error path tells the error object; the usual path the worker's result. */
function withErrorPath(id, topic) {
  return model(
    id,
    [
      ...[node('startEvent', 'Start'), external('Work', topic), node('endEvent', 'Done'), node('endEvent', 'Caught')],
      node('boundaryEvent', 'Boundary', { attachedToRef: 'Work' }, onError('Known')),
      ...[flow('Start', 'Work'), flow('Work', 'Done'), flow('Boundary', 'Caught')],
    ],
    { references: error('Known', 'KNOWN') },
  );
}

for (const [name, { client: clientOf, ...published }] of Object.entries(PACKAGES)) {
  onEachDatabase(`External tasks by ${name}`, (engine) => {
    let topics = 0;
    /** A topic of its own with one waiting task. */
    async function offered(inputValues = {}) {
      topics += 1;
      const topic = `topic_${name}_${topics}`;
      await engine.deploy(withErrorPath(`Model_${topics}`, topic));
      const consumer = engine.consumer();
      const { correlationId } = await consumer.startProcessInstance(god, `Model_${topics}`, { inputValues });
      const processModelId = `Model_${topics}`;
      const results = async () => {
        const list = await consumer.getProcessResultForCorrelation(god, correlationId, processModelId);
        return list.correlationResults.map(({ endEventId, tokenPayload }) => [endEventId, tokenPayload]);
      };
      const ended = () => eventually(results, (found) => found.length > 0, 'the instance ended');
      const fetch = (worker, { wait = 0, lock = 60_000 } = {}) =>
        clientOf(engine).fetchAndLockExternalTasks(god, worker, topic, 10, wait, lock);
      return { topic, correlationId, processModelId, fetch, ended };
    }

    it('are fetched with their payload, finished with a result, and then gone', async () => {
      const client = clientOf(engine);
      const { topic, correlationId, processModelId, fetch, ended } = await offered({ amount: 3 });
      const [task, ...others] = await fetch('mine');
      expect(others).to.deep.equal([]);
      expect(task).to.deep.include({ topic, correlationId, processModelId, workerId: 'mine', state: 'pending' });
      expect(task.payload).to.deep.equal({ amount: 3 });
      expect(task.identity).to.deep.equal({ token: '', userId: god.userId });
      expect(Date.parse(task.lockExpirationTime)).to.be.greaterThan(Date.now());
      expect(task.finishedAt ?? null).to.equal(null);

      expect(await client.finishExternalTask(god, 'mine', task.id, { done: true })).to.equal(undefined);
      expect(await ended()).to.deep.equal([['Done', { done: true }]]);
      for (const report of reportsOf(client, 'mine', task.id)) {
        await rejection(report(), 'GoneError', /no longer accessible/i);
      }
    });

    it('that are not there are waited for up to the time-out, and a new one ends the wait', async () => {
      const client = clientOf(engine);
      const fetch = (wait) => client.fetchAndLockExternalTasks(god, 'w', `late_${name}`, 1, wait, 60_000);
      expect(await fetch(0)).to.deep.equal([]);
      expect(await fetch(200)).to.deep.equal([]);

      await engine.deploy(withErrorPath('Late', `late_${name}`));
      const began = Date.now();
      const waiting = fetch(8_000);
      await engine.consumer().startProcessInstance(god, 'Late', {});
      expect(await waiting).to.have.length(1);
      expect(Date.now() - began).to.be.lessThan(6_000);
    });

    it('of another worker are locked until the lock ends; then anybody may go on', async () => {
      const client = clientOf(engine);
      const { fetch, ended } = await offered();
      const [task] = await fetch('first', { lock: 60_000 });
      expect(await fetch('second')).to.deep.equal([]);
      for (const report of reportsOf(client, 'second', task.id)) {
        await rejection(report(), 'LockedError', /locked by another worker.*\d{4}-\d\d-\d\dT/i);
      }
      await client.extendLock(god, 'first', task.id, 10);
      const [again] = await eventually(
        () => fetch('second'),
        ({ length }) => length > 0,
        'the lock ended',
      );
      expect(again).to.deep.include({ id: task.id, workerId: 'second' });
      await client.finishExternalTask(god, 'second', task.id, 2);
      expect(await ended()).to.deep.equal([['Done', 2]]);
    });

    it('are refused: unknown, without the right, without an identity', async () => {
      const client = clientOf(engine);
      for (const report of reportsOf(client, 'w', 'unknown')) await rejection(report(), 'NotFoundError', /not found/i);
      for (const report of reportsOf(client, 'w', 'unknown', nobody)) await rejection(report(), 'ForbiddenError');
      const fetch = (identity) => client.fetchAndLockExternalTasks(identity, 'w', 't', 1, 0, 1);
      await rejection(fetch(nobody), 'ForbiddenError');
      await rejection(fetch({}), 'UnauthorizedError', /no auth token provided/i);
    });

    it('hand a BPMN error with its message to the process', async () => {
      const client = clientOf(engine);
      const { fetch, ended } = await offered();
      const [task] = await fetch('w');
      await client.handleBpmnError(god, 'w', task.id, 'KNOWN', 'As expected');
      const [[endEventId, token]] = await ended();
      expect(endEventId).to.equal('Caught');
      expect(token).to.deep.include({ name: 'BpmnError', code: 'KNOWN', message: 'As expected' });
    });

    it('fail the instance with a service error nobody catches', async () => {
      const client = clientOf(engine);
      const topic = `fails_${name}`;
      await engine.deploy(line('Fails', [external('Work', topic)]));
      const waiting = engine.consumer().startProcessInstance(god, 'Fails', {}, 2);
      const failure = rejection(waiting, 'InternalServerError', /out of paper/i);
      const [task] = await client.fetchAndLockExternalTasks(god, 'w', topic, 1, 5_000, 60_000);
      await client.handleServiceError(god, 'w', task.id, 'Out of paper', { printer: 7 }, 'PRINTER');
      await failure;
    });

    it('are worked on by its worker: result, BPMN error, service error, failing handler', async function () {
      this.timeout(20_000);
      const { ExternalTaskWorker, ExternalTaskSuccessResult, ExternalTaskBpmnError, ExternalTaskServiceError } =
        published;
      const outcomes = {
        success: (task) => new ExternalTaskSuccessResult(task.id, { echo: task.payload.way }),
        bpmnError: (task) => new ExternalTaskBpmnError(task.id, 'KNOWN'),
        serviceError: (task) => new ExternalTaskServiceError(task.id, 'Out of order', { since: 'monday' }),
        exception: () => {
          throw new Error('Handler broke');
        },
      };
      const topic = `worker_${name}`;
      await engine.deploy(withErrorPath('Worked_on', topic));
      const handler = async (task) => outcomes[task.payload.way](task);
      const worker = new ExternalTaskWorker(engine.url, god, topic, 10, 1_000, handler);
      worker.start();
      try {
        const run = (way) => engine.consumer().startProcessInstance(god, 'Worked_on', { inputValues: { way } }, 2);
        const [success, bpmnError] = await Promise.all([run('success'), run('bpmnError')]);
        expect(success).to.deep.include({ endEventId: 'Done', tokenPayload: { echo: 'success' } });
        expect(bpmnError.endEventId).to.equal('Caught');
        expect(bpmnError.tokenPayload).to.deep.include({ name: 'BpmnError', code: 'KNOWN' });
        await rejection(run('serviceError'), 'InternalServerError', /out of order/i);
        await rejection(run('exception'), 'InternalServerError', /handler broke/i);
        expect(worker.pollingIsActive).to.equal(true);
      } finally {
        worker.stop();
      }
    });
  });
}

function reportsOf(client, workerId, id, identity = god) {
  return [
    () => client.extendLock(identity, workerId, id, 1_000),
    () => client.handleBpmnError(identity, workerId, id, 'CODE'),
    () => client.handleServiceError(identity, workerId, id, 'message', 'details'),
    () => client.finishExternalTask(identity, workerId, id, {}),
  ];
}
