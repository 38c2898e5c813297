import assert from 'node:assert/strict';

import type { AuditRecord, PageRequest } from '@process-engine/contracts/storage';
import {
  cronRun,
  externalTask,
  finishedFlowNodeInstance,
  idempotentStart,
  logEvent,
  message,
  processInstance,
  startedInstance,
  userTask,
} from './fixtures.js';
import type { SuiteContext } from './suite-context.js';

export function logCases(context: SuiteContext): void {
  context.describe('the event log', () => eventCases(context));
  context.describe('the audit log', () => auditCases(context));
  context.describe('runs of start timers', () => cronRunCases(context));
  context.describe('removing finished instances', () => removalCases(context));
}

function auditCases({ it, storage }: SuiteContext): void {
  const entry = (id: string, more: Partial<AuditRecord> = {}): AuditRecord => ({
    id,
    tenantId: 'acme',
    userId: 'ann',
    operation: 'managementApi.deploy',
    target: { name: 'Büro "1"' },
    outcome: 'done',
    code: null,
    reason: null,
    createdAt: 1_000,
    ...more,
  });

  it('is answered newest first, by what is asked for, and cleared by age', async () => {
    const first = entry('a1');
    const refused = entry('a2', {
      userId: 'bob',
      outcome: 'refused',
      code: 403,
      reason: 'claim-missing',
      createdAt: 2_000,
    });
    const last = entry('a3', { operation: 'consumerApi.finishUserTask', createdAt: 2_000 });
    await storage().commit({ audit: [first, refused] });
    await storage().commit({ audit: [last, entry('b1', { tenantId: 'bolt' })] });
    const ids = async (filter: object, page?: PageRequest) => {
      const { items, totalCount } = await storage().findAudit({ tenantId: 'acme', ...filter }, page);
      return [totalCount, ...items.map(({ id }) => id)];
    };
    assert.deepStrictEqual((await storage().findAudit({ tenantId: 'acme' })).items, [last, refused, first]);
    assert.deepStrictEqual(await ids({}, { offset: 1, limit: 1 }), [3, 'a2']);
    assert.deepStrictEqual(await ids({ userId: 'bob' }), [1, 'a2']);
    assert.deepStrictEqual(await ids({ operation: 'managementApi.deploy' }), [2, 'a2', 'a1']);
    assert.deepStrictEqual(await ids({ outcome: 'done', from: 1_001 }), [1, 'a3']);
    assert.deepStrictEqual(await ids({ before: 2_000 }), [1, 'a1']);
    await storage().removeAudit(2_000);
    assert.deepStrictEqual(await ids({}), [2, 'a3', 'a2']);
  });
}

function eventCases({ it, storage }: SuiteContext): void {
  it('answers the events after a cursor in their order', async () => {
    const id = await startedInstance(storage());
    await storage().commit({ events: ['a', 'b', 'c'].map((kind) => logEvent(id, kind)) });
    await storage().commit({ events: [logEvent(id, 'd'), logEvent(null, 'e')] });
    const all = await storage().readEvents(0, 100);
    assert.deepStrictEqual(
      all.map(({ kind }) => kind),
      ['a', 'b', 'c', 'd', 'e'],
    );
    assert.deepStrictEqual(
      all.map(({ seq: _seq, ...event }) => event),
      [...['a', 'b', 'c', 'd'].map((kind) => logEvent(id, kind)), logEvent(null, 'e')],
    );
    assert.ok(all.every(({ seq }, at) => seq > (all[at - 1]?.seq ?? 0)));
    const second = all[1]?.seq ?? 0;
    assert.deepStrictEqual(await storage().readEvents(second, 2), all.slice(2, 4));
    assert.deepStrictEqual(await storage().readEvents(all[4]?.seq ?? 0, 2), []);
    assert.equal(await storage().lastEvent(), all[4]?.seq);
  });

  it('keeps the order of an instance under concurrent commits', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => startedInstance(storage())));
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(
        ids.map((id) => storage().commit({ events: [logEvent(id, `${round}a`), logEvent(id, `${round}b`)] })),
      );
    }
    const events = await storage().readEvents(0, 1000);
    for (const id of ids) {
      const kinds = events.flatMap(({ processInstanceId, kind }) => (processInstanceId === id ? [kind] : []));
      assert.deepStrictEqual(kinds, ['0a', '0b', '1a', '1b', '2a', '2b', '3a', '3b']);
    }
  });
}

function cronRunCases({ it, storage }: SuiteContext): void {
  it('are listed in order of execution, by process model and schedule', async () => {
    const runs = [
      cronRun('p-1', { dueAt: 2, executedAt: 20 }),
      cronRun('p-2', { dueAt: 1, executedAt: 10, schedule: '0 * * * *' }),
      cronRun('p-3', { dueAt: 3, executedAt: 30, processModelId: 'other' }),
    ];
    for (const run of runs) await storage().commit({ cronRun: run });
    assert.deepStrictEqual((await storage().findCronRuns({})).items, [runs[1], runs[0], runs[2]]);
    assert.deepStrictEqual((await storage().findCronRuns({ processModelId: 'other' })).items, [runs[2]]);
    assert.deepStrictEqual((await storage().findCronRuns({ schedule: '0 * * * *' })).items, [runs[1]]);
    assert.deepStrictEqual(await storage().findCronRuns({}, { offset: 1, limit: 1 }), {
      items: [runs[0]],
      totalCount: 3,
    });
  });
}

function removalCases({ it, storage }: SuiteContext): void {
  it('deletes those that ended before a time, oldest end first, with all their rows', async () => {
    const running = processInstance({ startedAt: 0 });
    const [old, older, recent] = [2, 1, 3].map((endedAt) => processInstance({ state: 'finished', endedAt }));
    assert.ok(old !== undefined && older !== undefined && recent !== undefined);
    await storage().commit({
      processInstances: { insert: [old, older, recent, running] },
      flowNodeInstances: { insert: [old, older].map(({ id }) => finishedFlowNodeInstance(id, 1, { external: true })) },
      variables: {
        upsert: [old, older].map(({ id }) => ({ processInstanceId: id, scopeId: id, name: 'a', value: 1 })),
      },
      externalTasks: { insert: [externalTask(older.id)] },
      userTasks: { insert: [userTask(older.id)] },
      events: [logEvent(old.id, 'old'), logEvent(older.id, 'older'), logEvent(running.id, 'running')],
    });
    assert.equal(await storage().removeFinished({ endedBefore: 3, limit: 1 }), 1);
    assert.equal(await storage().loadInstance(older.id), undefined);
    assert.deepStrictEqual((await storage().loadInstance(old.id))?.instance, old);
    assert.equal((await storage().findFlowNodeInstances({ tenantId: '' })).totalCount, 1);
    assert.deepStrictEqual(await storage().findVariables(older.id), []);
    assert.equal((await storage().findUserTasks({ tenantId: '' })).totalCount, 0);
    assert.equal((await storage().findExternalTasks({ tenantId: '' })).totalCount, 0);

    assert.equal(await storage().removeFinished({ endedBefore: 3, limit: 10 }), 1);
    assert.equal(await storage().removeFinished({ endedBefore: 3, limit: 10 }), 0);
    const left = await storage().findProcessInstances({ tenantId: '' });
    assert.deepStrictEqual(left.items, [running, recent]);
    assert.deepStrictEqual(
      (await storage().readEvents(0, 10)).map(({ kind }) => kind),
      ['running'],
    );
  });

  it('forgets the external tasks and start timer runs of removed instances', async () => {
    const instance = processInstance({ state: 'finished', endedAt: 1 });
    const node = finishedFlowNodeInstance(instance.id, 1, { external: true });
    await storage().commit({
      processInstances: { insert: [instance] },
      flowNodeInstances: { insert: [node] },
      cronRun: cronRun(instance.id),
    });
    assert.deepStrictEqual(await storage().findExternalTask(node.id), {
      state: 'closed',
      processInstanceId: node.processInstanceId,
    });
    await storage().removeFinished({ endedBefore: 2, limit: 10 });
    assert.deepStrictEqual(await storage().findExternalTask(node.id), { state: 'unknown' });
    assert.equal((await storage().findCronRuns({})).totalCount, 0);
  });

  it('deletes what has expired, some at a time', async () => {
    const [expired, second, valid] = [1, 2, 3].map((expiresAt) => message({ expiresAt }));
    assert.ok(expired !== undefined && second !== undefined && valid !== undefined);
    await storage().commit({
      messages: { insert: [expired, second, valid] },
      idempotency: idempotentStart('p-1', { key: 'old', createdAt: 1 }),
      events: [logEvent(null, 'old'), logEvent('p-1', 'of an instance')],
    });
    await storage().commit({ idempotency: idempotentStart('p-2', { key: 'new', createdAt: 2 }) });
    assert.equal(await storage().removeExpired({ now: 2, keysBefore: 2, limit: 1 }), 2);
    assert.equal(await storage().removeExpired({ now: 2, keysBefore: 2, limit: 1 }), 1);
    assert.equal(await storage().removeExpired({ now: 2, keysBefore: 2, limit: 1 }), 0);
    assert.deepStrictEqual(await storage().findMessages({ now: 0 }), [valid]);
    const key = { tenantId: '', processModelId: 'order' };
    assert.equal(await storage().findIdempotentStart({ ...key, key: 'old' }), undefined);
    assert.equal(await storage().findIdempotentStart({ ...key, key: 'new' }), 'p-2');

    const [event] = await storage().readEvents(0, 1);
    const eventsBefore = event!.createdAt + 1;
    assert.equal(await storage().removeExpired({ now: 2, keysBefore: 2, eventsBefore, limit: 10 }), 1);
    assert.deepStrictEqual(
      (await storage().readEvents(0, 10)).map(({ kind }) => kind),
      ['of an instance'],
    );
  });
}
