import assert from 'node:assert/strict';

import {
  FAILED_JOB_LOCK,
  FAILED_JOB_OWNER,
  type SubscriptionFilter,
  type SubscriptionRecord,
  type TaskFilter,
  type UserTaskRecord,
} from '@process-engine/contracts/storage';

import { externalTask, incident, job, message, newId, startedInstance, subscription, userTask } from './fixtures.js';
import { idsOf, shuffled, type SuiteContext } from './suite-context.js';

export function openRowQueryCases(context: SuiteContext): void {
  context.describe('finding user tasks', () => userTaskCases(context));
  context.describe('finding subscriptions', () => subscriptionCases(context));
  context.describe('finding other open rows', () => otherCases(context));
  context.describe('finding messages', () => messageCases(context));
}

function userTaskCases({ it, storage }: SuiteContext): void {
  const id = newId();
  const cases: readonly (readonly [string, Partial<UserTaskRecord>, Omit<TaskFilter, 'tenantId'>])[] = [
    ['id', { id }, { id }],
    ['kind', { kind: 'manual', config: null }, { kinds: ['manual', 'empty'] }],
    ['instance', { processInstanceId: id }, { processInstanceId: id }],
    ['correlation', { correlationId: 'c-2' }, { correlationId: 'c-2' }],
    ['process model', { processModelId: 'other' }, { processModelId: 'other' }],
    ['owner', { ownerId: 'bob' }, { ownerId: 'bob' }],
    ['lanes', { lanes: '["A"]' }, { lanes: ['["A"]', '["B"]'] }],
    ['flow node', { flowNodeId: 'Other' }, { flowNodeId: 'Other' }],
    ['name', { name: 'Check' }, { name: 'Check' }],
    ['assignee', { assignee: 'bob' }, { assignee: 'bob' }],
    ['candidate user', { candidateUsers: ['carol', 'bob'] }, { candidateUser: 'bob' }],
    ['candidate group', { candidateGroups: ['the "A" team'] }, { candidateGroup: 'the "A" team' }],
    ['priority', { priority: 7 }, { minPriority: 7, maxPriority: 7 }],
    ['due date', { dueAt: 20 }, { dueAt: { after: 19, before: 21 } }],
    ['follow-up date', { followUpAt: 20 }, { followUpAt: { before: 21 } }],
    ['several fields', { ownerId: 'bob', lanes: '["A"]' }, { ownerId: 'bob', lanes: ['["A"]'], kinds: ['user'] }],
  ];
  for (const [title, fields, filter] of cases) {
    it(`filters by ${title}`, async () => {
      const instanceId = await startedInstance(storage());
      const wanted = userTask(instanceId, fields);
      const others = [userTask(instanceId), userTask(instanceId, { ...fields, id: newId(), tenantId: 't1' })];
      await storage().commit({ userTasks: { insert: [...others, wanted] } });
      assert.deepStrictEqual(await storage().findUserTasks({ tenantId: '', ...filter }), {
        items: [wanted],
        totalCount: 1,
      });
    });
  }

  it('filters by what a user is to them', async () => {
    const instanceId = await startedInstance(storage());
    const task = (name: string, fields: Partial<UserTaskRecord>) => userTask(instanceId, { name, ...fields });
    const tasks = [
      task('mine', { assignee: 'bob', candidateGroups: ['office'] }),
      task('for me', { candidateUsers: ['bobby', 'bob'] }),
      task('for us', { candidateGroups: ['staff', 'office'] }),
      task('taken', { assignee: 'eve', candidateUsers: ['bob'] }),
      task('of others', { candidateUsers: ['bobby'], candidateGroups: ['offices'] }),
      task('of anybody', {}),
    ];
    await storage().commit({ userTasks: { insert: shuffled(tasks) } });
    const found = async (as: 'assignee' | 'candidate' | 'any') => {
      const involves = { userId: 'bob', groups: ['office', 'lab'], as };
      const { items } = await storage().findUserTasks({ tenantId: '', involves });
      return items.map(({ name }) => name).sort();
    };
    assert.deepStrictEqual(await found('assignee'), ['mine']);
    assert.deepStrictEqual(await found('candidate'), ['for me', 'for us']);
    assert.deepStrictEqual(await found('any'), ['for me', 'for us', 'mine']);
    const unassigned = await storage().findUserTasks({ tenantId: '', assignee: null });
    assert.equal(unassigned.totalCount, 4);
    assert.deepStrictEqual([...(await storage().findTaskGroups({ tenantId: '', assignee: null }))].sort(), [
      'office',
      'offices',
      'staff',
    ]);
  });

  it('sorts them, those without the value last', async () => {
    const instanceId = await startedInstance(storage());
    const dates = [20, null, 10, 30, 10];
    const tasks = dates.map((dueAt, index) => userTask(instanceId, { dueAt, name: `t${index}`, createdAt: index }));
    await storage().commit({ userTasks: { insert: shuffled(tasks) } });
    const sorted = async (descending: boolean, by: 'dueAt' | 'createdAt') =>
      (await storage().findUserTasks({ tenantId: '', order: { by, descending } })).items.map(({ name }) => name);
    assert.deepStrictEqual(await sorted(false, 'dueAt'), ['t2', 't4', 't0', 't3', 't1']);
    assert.deepStrictEqual(await sorted(true, 'dueAt'), ['t3', 't0', 't2', 't4', 't1']);
    assert.deepStrictEqual(await sorted(true, 'createdAt'), ['t4', 't3', 't2', 't1', 't0']);
  });

  it('pages them oldest first', async () => {
    const instanceId = await startedInstance(storage());
    const tasks = [1, 2, 3].map((createdAt) => userTask(instanceId, { createdAt }));
    await storage().commit({ userTasks: { insert: shuffled(tasks) } });
    const found = await storage().findUserTasks({ tenantId: '' }, { offset: 1, limit: 1 });
    assert.deepStrictEqual(found, { items: [tasks[1]], totalCount: 3 });
  });

  it('answers each of many questions asked at once', async () => {
    const instanceIds = await Promise.all([1, 2, 3, 4].map(() => startedInstance(storage())));
    const tasks = instanceIds.slice(1).map((instanceId) => [1, 2].map(() => userTask(instanceId)));
    await storage().commit({ userTasks: { insert: shuffled(tasks.flat()) } });
    const ofInstances = instanceIds.map((processInstanceId) =>
      storage().findUserTasks({ tenantId: '', processInstanceId, kinds: ['user'] }),
    );
    const single = tasks.map(([first]) =>
      storage().findUserTasks({ tenantId: '', processInstanceId: first!.processInstanceId, id: first!.id }),
    );
    const ofOther = storage().findUserTasks({ tenantId: 't1', processInstanceId: instanceIds[1]!, kinds: ['user'] });
    const found = (await Promise.all(ofInstances)).map(({ items }) => items);
    assert.deepStrictEqual(found, [[], ...tasks]);
    assert.deepStrictEqual(
      (await Promise.all(single)).map(({ items }) => items),
      tasks.map(([first]) => [first]),
    );
    assert.deepStrictEqual(await ofOther, { items: [], totalCount: 0 });
  });

  it('answers the distinct lanes of the matching ones', async () => {
    const instanceId = await startedInstance(storage());
    const lanes = ['["B"]', '["A","x"]', '["B"]', '[]'].map((value) => userTask(instanceId, { lanes: value }));
    const others = [
      userTask(instanceId, { lanes: '["C"]', tenantId: 't1' }),
      userTask(instanceId, { lanes: '["D"]', kind: 'manual' }),
    ];
    await storage().commit({ userTasks: { insert: [...lanes, ...others] } });
    const found = await storage().findTaskLanes({ tenantId: '', kinds: ['user'] });
    assert.deepStrictEqual([...found].sort(), ['["A","x"]', '["B"]', '[]']);
  });
}

function subscriptionCases({ it, storage }: SuiteContext): void {
  const processInstanceId = newId();
  const cases: readonly (readonly [string, Partial<SubscriptionRecord>, Omit<SubscriptionFilter, 'tenantId'>])[] = [
    ['kind', { kind: 'signal' }, { kinds: ['signal', 'conditional'] }],
    ['name', { name: 'sent' }, { name: 'sent' }],
    ['name and key hash', { name: 'sent', keyHash: 'h' }, { name: 'sent', keyHashes: ['h', 'i'] }],
    ['business key', { businessKey: 'b-2' }, { businessKey: 'b-2' }],
    ['instance', { processInstanceId }, { processInstanceId }],
    ['correlation', { correlationId: 'c-2' }, { correlationId: 'c-2' }],
    ['process model', { processModelId: 'other' }, { processModelId: 'other' }],
    ['type of flow node', { flowNodeType: 'bpmn:ReceiveTask' }, { flowNodeTypes: ['bpmn:ReceiveTask'] }],
    ['lanes', { lanes: '["A"]' }, { lanes: ['["A"]'] }],
    ['start events', { processInstanceId: null, correlationId: null }, { start: true }],
    ['start events of a name', { processInstanceId: null, name: 'sent' }, { start: true, name: 'sent' }],
  ];
  for (const [title, fields, filter] of cases) {
    it(`filters by ${title}`, async () => {
      const instanceId = await startedInstance(storage());
      const wanted = subscription(instanceId, fields);
      const others = [subscription(instanceId), subscription(instanceId, { ...fields, tenantId: 't1' })];
      await storage().commit({ subscriptions: { insert: [...others, wanted] } });
      const found = await storage().findSubscriptions({ tenantId: '', ...filter });
      assert.deepStrictEqual(found, { items: [wanted], totalCount: 1 });
    });
  }

  it('leaves start events out where only waiting instances are wanted', async () => {
    const waiting = subscription(await startedInstance(storage()));
    await storage().commit({ subscriptions: { insert: [subscription(null), waiting] } });
    assert.deepStrictEqual(await idsOf(storage().findSubscriptions({ tenantId: '', start: false })), [waiting.id]);
    assert.equal((await storage().findSubscriptions({ tenantId: '' })).totalCount, 2);
    assert.equal((await storage().findSubscriptions({ tenantId: '', name: 'paid', keyHashes: [] })).totalCount, 0);
  });

  it('answers them oldest first, in pages', async () => {
    const instanceId = await startedInstance(storage());
    const rows = [1, 2, 3].map((createdAt) => subscription(instanceId, { createdAt }));
    await storage().commit({ subscriptions: { insert: shuffled(rows) } });
    const filter = { tenantId: '', name: 'paid' };
    assert.deepStrictEqual(
      await idsOf(storage().findSubscriptions(filter)),
      rows.map(({ id }) => id),
    );
    assert.deepStrictEqual(await storage().findSubscriptions(filter, { offset: 2, limit: 5 }), {
      items: [rows[2]],
      totalCount: 3,
    });
  });
}

function otherCases({ it, storage }: SuiteContext): void {
  it('filters external tasks by tenant, instance and topic', async () => {
    const [first, second] = [await startedInstance(storage()), await startedInstance(storage())];
    const tasks = [
      externalTask(first),
      externalTask(second, { topic: 'print' }),
      externalTask(first, { tenantId: 't1' }),
    ];
    await storage().commit({ externalTasks: { insert: tasks } });
    assert.deepStrictEqual(await idsOf(storage().findExternalTasks({ tenantId: '' })), [tasks[0]?.id, tasks[1]?.id]);
    const ofInstance = storage().findExternalTasks({ tenantId: '', processInstanceId: first });
    assert.deepStrictEqual(await idsOf(ofInstance), [tasks[0]?.id]);
    assert.deepStrictEqual(await storage().findExternalTasks({ tenantId: '', topic: 'print' }, { limit: 1 }), {
      items: [tasks[1]],
      totalCount: 1,
    });
  });

  it('filters jobs by tenant, instance, definition and kind', async () => {
    const instanceId = await startedInstance(storage());
    const [definitionId, jobs] = [newId(), [] as ReturnType<typeof job>[]];
    jobs.push(job(instanceId), job(null, { definitionId, kind: 'start-timer' }), job(instanceId, { tenantId: 't1' }));
    await storage().commit({ jobs: { insert: jobs } });
    assert.deepStrictEqual(await storage().findJobs({ tenantId: '', processInstanceId: instanceId }), {
      items: [jobs[0]],
      totalCount: 1,
    });
    assert.deepStrictEqual(await idsOf(storage().findJobs({ tenantId: '', definitionId })), [jobs[1]?.id]);
    assert.deepStrictEqual(await idsOf(storage().findJobs({ tenantId: '', kinds: ['start-timer'] })), [jobs[1]?.id]);
    assert.equal((await storage().findJobs({ tenantId: '' })).totalCount, 2);
  });

  it('filters jobs by id, and by whether they failed for good', async () => {
    const instanceId = await startedInstance(storage());
    const failed = job(instanceId, {
      owner: FAILED_JOB_OWNER,
      lockedUntil: FAILED_JOB_LOCK,
      attempts: 3,
      error: { name: 'Error', code: '', message: 'no' },
      failedAt: 2,
    });
    const [waiting, claimed] = [job(instanceId), job(instanceId, { owner: 'node-1', lockedUntil: 2_000 })];
    await storage().commit({ jobs: { insert: [failed, waiting, claimed] } });
    assert.deepStrictEqual((await storage().findJobs({ tenantId: '', failed: true })).items, [failed]);
    assert.deepStrictEqual((await storage().findJobs({ tenantId: '', failed: false })).items, [waiting, claimed]);
    assert.deepStrictEqual((await storage().findJobs({ tenantId: '', id: claimed.id })).items, [claimed]);
    const claim = { owner: 'node-2', now: 10_000, lockUntil: 20_000, limit: 10 };
    assert.deepStrictEqual(
      (await storage().claimJobs(claim)).map(({ id }) => id),
      [waiting.id, claimed.id],
    );
  });

  it('filters incidents by tenant, id, instance, process model and correlation', async () => {
    const [first, second] = [await startedInstance(storage()), await startedInstance(storage())];
    const wanted = incident(first, { processModelId: 'wanted', correlationId: 'c-2' });
    await storage().commit({ incidents: { insert: [wanted, incident(second), incident(first, { tenantId: 't1' })] } });
    for (const filter of [
      { id: wanted.id },
      { processInstanceId: first },
      { processModelId: 'wanted' },
      { correlationId: 'c-2' },
      { id: wanted.id, processInstanceId: first },
    ]) {
      assert.deepStrictEqual(await storage().findIncidents({ tenantId: '', ...filter }), {
        items: [wanted],
        totalCount: 1,
      });
    }
    assert.equal((await storage().findIncidents({ tenantId: '' })).totalCount, 2);
    assert.equal((await storage().findIncidents({ tenantId: 't2' })).totalCount, 0);
    assert.equal(
      (await storage().findIncidents({ tenantId: '', id: wanted.id, processInstanceId: second })).totalCount,
      0,
    );
  });
}

function messageCases({ it, storage }: SuiteContext): void {
  it('answers those that have not expired, oldest first', async () => {
    const rows = [message({ createdAt: 1 }), message({ createdAt: 2 }), message({ expiresAt: 3000 })];
    await storage().commit({ messages: { insert: shuffled(rows) } });
    const found = storage().findMessages({ tenantId: '', name: 'paid', now: 3000 });
    assert.deepStrictEqual(await idsOf(found), [rows[0]?.id, rows[1]?.id]);
    assert.equal((await storage().findMessages({ tenantId: '', now: 2999 })).length, 3);
  });

  it('filters by tenant, name and message id', async () => {
    const rows = [
      message({ messageId: 'm-1' }),
      message({ name: 'sent' }),
      message({ tenantId: 't1', messageId: 'm-1' }),
    ];
    await storage().commit({ messages: { insert: rows } });
    assert.deepStrictEqual(await storage().findMessages({ tenantId: '', name: 'sent', now: 0 }), [rows[1]]);
    assert.deepStrictEqual(await storage().findMessages({ tenantId: '', messageId: 'm-1', now: 0 }), [rows[0]]);
    assert.deepStrictEqual(await storage().findMessages({ tenantId: '', name: 'sent', messageId: 'm-1', now: 0 }), []);
  });
}
