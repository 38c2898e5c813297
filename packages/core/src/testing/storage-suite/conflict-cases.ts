import assert from 'node:assert/strict';

import { ConflictError, IdempotencyConflictError, LockLostError, type Guard } from '@process-engine/contracts/storage';

import {
  cronRun,
  externalTask,
  idempotentStart,
  job,
  message,
  newId,
  processInstance,
  startedInstance,
} from './fixtures.js';
import type { SuiteContext } from './suite-context.js';

export function conflictCases(context: SuiteContext): void {
  context.describe('conflicts', () => {
    versionCases(context);
    uniqueKeyCases(context);
  });
  context.describe('guards', () => {
    externalTaskGuardCases(context);
    otherGuardCases(context);
  });
}

function versionCases({ it, storage }: SuiteContext): void {
  it('refuses an update from another version', async () => {
    const id = await startedInstance(storage());
    const update = { id, expectedVersion: 1, set: { version: 2 } };
    await storage().commit({ processInstances: { update: [update] } });
    await assert.rejects(storage().commit({ processInstances: { update: [update] } }), ConflictError);
  });

  it('refuses an update of an instance that is not stored', async () => {
    const update = { id: newId(), expectedVersion: 1, set: { version: 2 } };
    await assert.rejects(storage().commit({ processInstances: { update: [update] } }), ConflictError);
  });

  it('refuses an update of a flow node instance that is not stored', async () => {
    const id = await startedInstance(storage());
    const update = { processInstanceId: id, id: newId(), set: { result: 1 } };
    await assert.rejects(storage().commit({ flowNodeInstances: { update: [update] } }), ConflictError);
  });

  it('refuses ids that are taken', async () => {
    const instance = processInstance();
    const row = job(instance.id);
    await storage().commit({ processInstances: { insert: [instance] }, jobs: { insert: [row] } });
    await assert.rejects(storage().commit({ processInstances: { insert: [instance] } }), ConflictError);
    await assert.rejects(storage().commit({ jobs: { insert: [row] } }), ConflictError);
  });

  it('lets one of several commits from the same version win', async () => {
    const id = await startedInstance(storage());
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((name) =>
        storage().commit({
          processInstances: { update: [{ id, expectedVersion: 1, set: { version: 2 } }] },
          variables: { upsert: [{ processInstanceId: id, scopeId: id, name, value: 1 }] },
        }),
      ),
    );
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    assert.equal(errors.length, 3);
    assert.ok(errors.every((error) => error instanceof ConflictError));
    assert.equal((await storage().findVariables(id)).length, 1);
  });

  it('lets commits under way at the same time fail for themselves only', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, at) =>
        storage().commit({
          processInstances: {
            insert: [processInstance({ correlationId: 'crowd' })],
            ...(at % 20 === 7 ? { update: [{ id: newId(), expectedVersion: 1, set: { version: 2 } }] } : {}),
          },
        }),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 3);
    const stored = await storage().findProcessInstances({ tenantId: '', correlationId: 'crowd' });
    assert.equal(stored.totalCount, 57);
  });
}

function uniqueKeyCases({ it, storage }: SuiteContext): void {
  it('names the first instance when an idempotency key is used again', async () => {
    const first = processInstance();
    await storage().commit({ processInstances: { insert: [first] }, idempotency: idempotentStart(first.id) });
    const second = processInstance();
    await assert.rejects(
      storage().commit({ processInstances: { insert: [second] }, idempotency: idempotentStart(second.id) }),
      (error) => error instanceof IdempotencyConflictError && error.processInstanceId === first.id,
    );
    assert.equal(await storage().loadInstance(second.id), undefined);
    const key = { tenantId: '', processModelId: 'order', key: 'key-1' };
    assert.equal(await storage().findIdempotentStart(key), first.id);
    assert.equal(await storage().findIdempotentStart({ ...key, processModelId: 'other' }), undefined);
    assert.equal(await storage().findIdempotentStart({ ...key, tenantId: 't1' }), undefined);
  });

  it('keeps idempotency keys apart by tenant and process', async () => {
    for (const fields of [{}, { tenantId: 't1' }, { processModelId: 'other' }, { key: 'key-2' }]) {
      const instance = processInstance();
      const idempotency = idempotentStart(instance.id, fields);
      await storage().commit({ processInstances: { insert: [instance] }, idempotency });
    }
  });

  it('starts one instance when a key is used twice at the same time', async () => {
    const instances = [processInstance(), processInstance()];
    const outcomes = await Promise.allSettled(
      instances.map((instance) =>
        storage().commit({ processInstances: { insert: [instance] }, idempotency: idempotentStart(instance.id) }),
      ),
    );
    assert.deepStrictEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('records a run of a start timer once', async () => {
    const first = processInstance();
    await storage().commit({ processInstances: { insert: [first] }, cronRun: cronRun(first.id) });
    const second = processInstance();
    await assert.rejects(
      storage().commit({ processInstances: { insert: [second] }, cronRun: cronRun(second.id) }),
      ConflictError,
    );
    await storage().commit({ cronRun: cronRun(second.id, { dueAt: 120_000 }) });
    await storage().commit({ cronRun: cronRun(second.id, { startEventId: 'Other' }) });
    assert.equal((await storage().findCronRuns({})).totalCount, 3);
  });
}

function externalTaskGuardCases({ it, storage }: SuiteContext): void {
  const cases: readonly (readonly [
    string,
    { workerId: string | null; lockedUntil: number },
    string | null,
    boolean,
  ])[] = [
    ['passes for the worker that holds the lock', { workerId: 'w1', lockedUntil: 2000 }, 'w1', true],
    ['passes for the last worker after its lock ended', { workerId: 'w1', lockedUntil: 500 }, 'w1', true],
    ['passes for another worker after the lock ended', { workerId: 'w1', lockedUntil: 1000 }, 'w2', true],
    ['passes for a task that was never locked', { workerId: null, lockedUntil: 0 }, 'w1', true],
    ['passes for nobody in particular', { workerId: 'w1', lockedUntil: 2000 }, null, true],
    ['fails while another worker holds the lock', { workerId: 'w1', lockedUntil: 1001 }, 'w2', false],
  ];
  for (const [title, lock, workerId, passes] of cases) {
    it(`of an external task ${title}`, async () => {
      const processInstanceId = await startedInstance(storage());
      const task = externalTask(processInstanceId, lock);
      await storage().commit({ externalTasks: { insert: [task] } });
      const guard: Guard = { kind: 'external-task', processInstanceId, id: task.id, workerId, now: 1000 };
      const committed = storage().commit({
        guards: [guard],
        variables: { upsert: [{ processInstanceId, scopeId: processInstanceId, name: 'done', value: true }] },
      });
      if (passes) await committed;
      else await assert.rejects(committed, LockLostError);
      assert.equal((await storage().findExternalTasks({ tenantId: '' })).totalCount, passes ? 0 : 1);
      assert.equal((await storage().findVariables(processInstanceId)).length, passes ? 1 : 0);
    });
  }

  it('of an external task passes once', async () => {
    const processInstanceId = await startedInstance(storage());
    const task = externalTask(processInstanceId);
    await storage().commit({ externalTasks: { insert: [task] } });
    const guard: Guard = { kind: 'external-task', processInstanceId, id: task.id, workerId: 'w', now: 1 };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => storage().commit({ guards: [guard] })));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    await assert.rejects(storage().commit({ guards: [guard] }), LockLostError);
  });
}

function otherGuardCases({ it, storage }: SuiteContext): void {
  it('of a job passes only for its owner while the lock lasts', async () => {
    const id = await startedInstance(storage());
    const row = job(id, { owner: 'node-1', lockedUntil: 2000 });
    await storage().commit({ jobs: { insert: [row] } });
    const guard: Guard = { kind: 'job', partition: id, id: row.id, owner: 'node-1', now: 1999 };
    await assert.rejects(storage().commit({ guards: [{ ...guard, owner: 'node-2' }] }), LockLostError);
    await assert.rejects(storage().commit({ guards: [{ ...guard, now: 2000 }] }), LockLostError);
    await assert.rejects(storage().commit({ guards: [{ ...guard, partition: newId() }] }), LockLostError);
    await storage().commit({ guards: [guard] });
    await assert.rejects(storage().commit({ guards: [guard] }), LockLostError);
    assert.equal(await storage().nextDue(), null);
  });

  it('of a job frees its row for a new one in the same change set', async () => {
    const definitionId = newId();
    const row = job(null, { kind: 'start-timer', definitionId, owner: 'node-1', lockedUntil: 2000 });
    await storage().commit({ jobs: { insert: [row] } });
    const guard: Guard = { kind: 'job', partition: definitionId, id: row.id, owner: 'node-1', now: 1000 };
    const next = { ...row, dueAt: 61_000, owner: null, lockedUntil: 0 };
    await storage().commit({ guards: [guard], jobs: { insert: [next] } });
    assert.deepStrictEqual((await storage().findJobs({ tenantId: '' })).items, [next]);
  });

  it('of a message passes once', async () => {
    const row = message();
    await storage().commit({ messages: { insert: [row] } });
    const guard: Guard = { kind: 'message', tenantId: '', id: row.id };
    await assert.rejects(storage().commit({ guards: [{ ...guard, tenantId: 't1' }] }), ConflictError);
    await storage().commit({ guards: [guard] });
    await assert.rejects(storage().commit({ guards: [guard] }), ConflictError);
    assert.deepStrictEqual(await storage().findMessages({ tenantId: '', now: 0 }), []);
  });

  it('that fails undoes the guards that passed', async () => {
    const id = await startedInstance(storage());
    const task = externalTask(id);
    await storage().commit({ externalTasks: { insert: [task] } });
    const passing: Guard = { kind: 'external-task', processInstanceId: id, id: task.id, workerId: 'w', now: 1 };
    const failing: Guard = { kind: 'message', tenantId: '', id: newId() };
    await assert.rejects(storage().commit({ guards: [passing, failing] }), ConflictError);
    assert.deepStrictEqual((await storage().findExternalTasks({ tenantId: '' })).items, [task]);
  });
}
