import assert from 'node:assert/strict';

import { ConflictError, type ChangeSet, type ProcessInstanceRecord } from '@process-engine/contracts/storage';

import {
  cronRun,
  externalTask,
  finishedFlowNodeInstance,
  flowNodeInstance,
  idempotentStart,
  incident,
  job,
  logEvent,
  message,
  newId,
  processInstance,
  startedInstance,
  subscription,
  userTask,
} from './fixtures.js';
import type { SuiteContext } from './suite-context.js';

export function commitCases({ describe, it, storage }: SuiteContext): void {
  describe('commit', () => {
    it('stores rows of every table and answers them as they were handed in', async () => {
      const { changes, instance } = fullChangeSet();
      await storage().commit(changes);
      const stored = await storage().loadInstance(instance.id);
      assert.deepStrictEqual(stored?.instance, instance);
      assert.deepStrictEqual(stored.flowNodeInstances, changes.flowNodeInstances?.insert);
      assert.deepStrictEqual(stored.variables, changes.variables?.upsert);
      assert.deepStrictEqual(stored.externalTasks, changes.externalTasks?.insert);
      assert.deepStrictEqual(stored.userTasks, changes.userTasks?.insert);
      assert.deepStrictEqual(stored.subscriptions, changes.subscriptions?.insert);
      assert.deepStrictEqual(stored.jobs, changes.jobs?.insert);
      assert.deepStrictEqual(stored.incidents, changes.incidents?.insert);
      assert.deepStrictEqual(await storage().findMessages({ tenantId: 't1', now: 0 }), changes.messages?.insert);
      assert.deepStrictEqual((await storage().findCronRuns({})).items, [changes.cronRun]);
      const events = await storage().readEvents(0, 10);
      assert.deepStrictEqual(events, [{ seq: events[0]?.seq, ...changes.events?.[0] }]);
    });

    it('commits nothing at all when a part of it cannot be committed', async () => {
      const { changes, instance } = fullChangeSet();
      const other = await startedInstance(storage());
      const doomed: ChangeSet = {
        ...changes,
        processInstances: {
          ...changes.processInstances,
          update: [{ id: other, expectedVersion: 7, set: { version: 8 } }],
        },
      };
      await assert.rejects(storage().commit(doomed), ConflictError);
      assert.equal(await storage().loadInstance(instance.id), undefined);
      assert.deepStrictEqual((await storage().findUserTasks({ tenantId: 't1' })).items, []);
      assert.deepStrictEqual(await storage().findVariables(instance.id), []);
      assert.equal(await storage().nextDue(), null);
      assert.deepStrictEqual(await storage().findMessages({ tenantId: 't1', now: 0 }), []);
      assert.deepStrictEqual(await storage().readEvents(0, 10), []);
      await storage().commit(changes);
      assert.deepStrictEqual((await storage().loadInstance(instance.id))?.instance, instance);
    });

    it('changes only the columns an update names', async () => {
      const instance = processInstance({ payload: { amount: 1 }, businessKey: 'b-1' });
      const node = flowNodeInstance(instance.id, { payload: [1], local: { count: 1 } });
      await storage().commit({ processInstances: { insert: [instance] }, flowNodeInstances: { insert: [node] } });
      await storage().commit({
        processInstances: { update: [{ id: instance.id, expectedVersion: 1, set: { version: 2, completedCount: 5 } }] },
        flowNodeInstances: {
          update: [{ processInstanceId: instance.id, id: node.id, set: { state: 'joining', local: { count: 2 } } }],
        },
      });
      const stored = await storage().loadInstance(instance.id);
      assert.deepStrictEqual(stored?.instance, { ...instance, version: 2, completedCount: 5 });
      assert.deepStrictEqual(stored.flowNodeInstances, [{ ...node, state: 'joining', local: { count: 2 } }]);
    });

    it('moves a flow node instance to the history when it is left', async () => {
      const id = await startedInstance(storage());
      const node = flowNodeInstance(id);
      await storage().commit({ flowNodeInstances: { insert: [node] } });
      const set = { state: 'finished', leftAt: 2000, completedSeq: 1, result: { ok: true } } as const;
      await storage().commit({ flowNodeInstances: { update: [{ processInstanceId: id, id: node.id, set }] } });
      assert.deepStrictEqual((await storage().loadInstance(id))?.flowNodeInstances, []);
      const history = await storage().findFlowNodeInstances({ tenantId: '', processInstanceId: id });
      assert.deepStrictEqual(history.items, [{ ...node, ...set }]);
    });

    it('stores several instances with one change set', async () => {
      const parent = processInstance();
      const child = processInstance({ parentInstanceId: parent.id, parentFlowNodeInstanceId: newId(), callDepth: 1 });
      await storage().commit({ processInstances: { insert: [parent, child] } });
      assert.deepStrictEqual((await storage().loadInstance(parent.id))?.instance, parent);
      assert.deepStrictEqual((await storage().loadInstance(child.id))?.instance, child);
    });

    it('writes and deletes variables by scope and name', async () => {
      const id = await startedInstance(storage());
      const variable = { processInstanceId: id, scopeId: id, name: 'amount', value: 1 };
      const inner = { ...variable, scopeId: newId(), value: 2 };
      await storage().commit({ variables: { upsert: [variable, inner] } });
      await storage().commit({
        variables: { upsert: [{ ...variable, value: { changed: true } }], delete: [inner, { ...inner, name: 'none' }] },
      });
      assert.deepStrictEqual(await storage().findVariables(id), [{ ...variable, value: { changed: true } }]);
    });

    it('takes the deletion of a row that is gone as no error', async () => {
      const id = await startedInstance(storage());
      const row = userTask(id);
      await storage().commit({ userTasks: { insert: [row] } });
      const deletion: ChangeSet = {
        userTasks: { delete: [{ partition: id, id: row.id }] },
        jobs: { delete: [{ partition: id, id: newId() }] },
      };
      await storage().commit(deletion);
      await storage().commit(deletion);
      assert.deepStrictEqual((await storage().findUserTasks({ tenantId: '' })).items, []);
    });

    it('replaces a row that the same change set deletes', async () => {
      const id = await startedInstance(storage());
      const first = job(id, { dueAt: 10 });
      await storage().commit({ jobs: { insert: [first] } });
      const second = { ...first, dueAt: 20, attempts: 1 };
      await storage().commit({ jobs: { delete: [{ partition: id, id: first.id }], insert: [second] } });
      assert.deepStrictEqual((await storage().loadInstance(id))?.jobs, [second]);
    });

    it('takes 2,000 rows in one change set', async () => {
      const instance = processInstance();
      const nodes = Array.from({ length: 1000 }, (_, at) => finishedFlowNodeInstance(instance.id, at + 1));
      const tasks = Array.from({ length: 1000 }, () => userTask(instance.id));
      await storage().commit({
        processInstances: { insert: [instance] },
        flowNodeInstances: { insert: nodes },
        userTasks: { insert: tasks },
      });
      assert.deepStrictEqual((await storage().loadInstance(instance.id))?.userTasks, tasks);
      const history = await storage().findFlowNodeInstances({ tenantId: '', processInstanceId: instance.id });
      assert.deepStrictEqual(history.items, nodes);
      await storage().commit({
        userTasks: { delete: tasks.map(({ id }) => ({ partition: instance.id, id })) },
        flowNodeInstances: {
          update: nodes.map(({ id }) => ({ processInstanceId: instance.id, id, set: { result: 'done' } })),
        },
      });
      assert.deepStrictEqual((await storage().loadInstance(instance.id))?.userTasks, []);
      const changed = await storage().findFlowNodeInstances({ tenantId: '', processInstanceId: instance.id });
      assert.ok(changed.items.every(({ result }) => result === 'done'));
    });
  });
}

/** One row of every table, with a value in every field. */
function fullChangeSet(): { changes: ChangeSet; instance: ProcessInstanceRecord } {
  const instance = processInstance({
    tenantId: 't1',
    businessKey: 'b-1',
    parentInstanceId: newId(),
    parentFlowNodeInstanceId: newId(),
    callDepth: 2,
    completedCount: 3,
    payload: { amount: 1.5 },
    local: { completed: ['a'] },
  });
  const { id } = instance;
  const error = { name: 'E', code: 'c', message: 'm', status: 404, additionalInformation: [null], stack: 'at x' };
  const changes: ChangeSet = {
    processInstances: { insert: [instance] },
    flowNodeInstances: {
      insert: [
        flowNodeInstance(id, {
          previousId: 'a;b',
          payload: { p: 1 },
          result: { r: 1 },
          trail: { Start: 'a' },
          local: { arrivals: { flow: 1 } },
          external: true,
          error,
        }),
      ],
    },
    variables: { upsert: [{ processInstanceId: id, scopeId: id, name: 'amount', value: 1.5 }] },
    externalTasks: {
      insert: [
        externalTask(id, { tenantId: 't1', payload: [1], workerId: 'w', lockedUntil: 99, retries: 3, priority: -1 }),
      ],
    },
    userTasks: {
      insert: [
        userTask(id, {
          tenantId: 't1',
          name: 'Approve',
          lanes: '["Office","Boss"]',
          payload: 'text',
          assignee: 'bob',
          candidateUsers: ['carol'],
          candidateGroups: ['office'],
          dueAt: 5,
          followUpAt: 4,
          priority: 50,
        }),
      ],
    },
    subscriptions: {
      insert: [subscription(id, { tenantId: 't1', keyHash: 'h', flowNodeInstanceId: newId(), businessKey: 'b-1' })],
    },
    jobs: {
      insert: [
        job(id, { tenantId: 't1', flowNodeInstanceId: newId(), owner: 'node-1', lockedUntil: 9, payload: { run: 1 } }),
      ],
    },
    incidents: { insert: [incident(id, { tenantId: 't1', error })] },
    messages: {
      insert: [
        message({
          tenantId: 't1',
          keyHash: 'h',
          correlationKeys: { order: 1 },
          businessKey: 'b-1',
          processInstanceId: id,
          messageId: 'm-1',
          payload: false,
        }),
      ],
    },
    idempotency: idempotentStart(id, { tenantId: 't1' }),
    cronRun: cronRun(id),
    events: [logEvent(id, 'processStarted')],
  };
  return { changes, instance };
}
