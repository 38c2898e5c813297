import assert from 'node:assert/strict';

import type { ExternalTaskRecord, JobRecord } from '@process-engine/contracts/storage';

import { externalTask, finishedFlowNodeInstance, job, newId, startedInstance } from './fixtures.js';
import { idsOf, shuffled, type SuiteContext } from './suite-context.js';

const CLAIM = { tenantId: '', topic: 'mail', workerId: 'w1', now: 1000, lockUntil: 2000, maxTasks: 10 };
const JOB_CLAIM = { owner: 'node-1', now: 1000, lockUntil: 2000, limit: 10 };

export function claimCases(context: SuiteContext): void {
  context.describe('external tasks', () => {
    fetchCases(context);
    lockCases(context);
  });
  context.describe('jobs', () => jobCases(context));
  context.describe('releasing claims', () => releaseCases(context));
}

function fetchCases({ it, storage }: SuiteContext): void {
  it('are claimed oldest first, at most as many as wanted', async () => {
    const id = await startedInstance(storage());
    const tasks = [1, 2, 3, 4, 5].map((createdAt) => externalTask(id, { createdAt }));
    await storage().commit({ externalTasks: { insert: shuffled(tasks) } });
    const first = await storage().claimExternalTasks({ ...CLAIM, maxTasks: 2 });
    assert.deepStrictEqual(first, [locked(tasks[0]), locked(tasks[1])]);
    const others = await storage().claimExternalTasks({ ...CLAIM, maxTasks: 0 });
    assert.deepStrictEqual(others, [locked(tasks[2]), locked(tasks[3]), locked(tasks[4])]);
    assert.deepStrictEqual(await storage().claimExternalTasks(CLAIM), []);
    assert.deepStrictEqual((await storage().findExternalTasks({ tenantId: '' })).items[0], first[0]);
  });

  it('are claimed by priority, also when their lock has ended', async () => {
    const id = await startedInstance(storage());
    const tasks = [0, 7, -3, 7, 2_000_000].map((priority, createdAt) => externalTask(id, { priority, createdAt }));
    await storage().commit({ externalTasks: { insert: shuffled(tasks) } });
    const order = [4, 1, 3, 0, 2].map((at) => tasks[at]?.id);
    const first = await idsOf(storage().claimExternalTasks({ ...CLAIM, maxTasks: 2 }));
    assert.deepStrictEqual(first, order.slice(0, 2));
    const later = { ...CLAIM, now: 2000, lockUntil: 3000 };
    assert.deepStrictEqual(await idsOf(storage().claimExternalTasks({ ...later, maxTasks: 3 })), order.slice(0, 3));
    assert.deepStrictEqual(await idsOf(storage().claimExternalTasks(later)), order.slice(3));
  });

  it('are claimed by topic and tenant', async () => {
    const id = await startedInstance(storage());
    const wanted = externalTask(id);
    const others = [externalTask(id, { topic: 'print' }), externalTask(id, { tenantId: 't1' })];
    await storage().commit({ externalTasks: { insert: [...others, wanted] } });
    assert.deepStrictEqual(await storage().claimExternalTasks(CLAIM), [locked(wanted)]);
  });

  it('are never claimed by two workers', async () => {
    const id = await startedInstance(storage());
    await storage().commit({ externalTasks: { insert: Array.from({ length: 50 }, () => externalTask(id)) } });
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        storage().claimExternalTasks({ ...CLAIM, workerId: `w${at}`, maxTasks: 5 }),
      ),
    );
    const claimed = claims.flat().map((task) => task.id);
    assert.equal(claimed.length, 50);
    assert.equal(new Set(claimed).size, 50);
  });

  it('are claimable again when the lock ends, in their old order', async () => {
    const id = await startedInstance(storage());
    const [old, young] = [externalTask(id, { createdAt: 1 }), externalTask(id, { createdAt: 2 })];
    await storage().commit({ externalTasks: { insert: [old] } });
    await storage().claimExternalTasks(CLAIM);
    await storage().commit({ externalTasks: { insert: [young] } });
    assert.deepStrictEqual(await idsOf(storage().claimExternalTasks({ ...CLAIM, now: 1999, lockUntil: 2000 })), [
      young.id,
    ]);
    const both = await storage().claimExternalTasks({ ...CLAIM, workerId: 'w2', now: 2000, lockUntil: 3000 });
    assert.deepStrictEqual(
      both.map(({ id: taskId, workerId, lockedUntil }) => [taskId, workerId, lockedUntil]),
      [
        [old.id, 'w2', 3000],
        [young.id, 'w2', 3000],
      ],
    );
  });

  it('are told open, closed and unknown apart', async () => {
    const id = await startedInstance(storage());
    const task = externalTask(id);
    const node = finishedFlowNodeInstance(id, 1, { id: task.id, external: true });
    await storage().commit({ externalTasks: { insert: [task] } });
    assert.deepStrictEqual(await storage().findExternalTask(task.id), { state: 'open', task });
    await storage().commit({
      externalTasks: { delete: [{ partition: id, id: task.id }] },
      flowNodeInstances: { insert: [node, finishedFlowNodeInstance(id, 2)] },
    });
    assert.deepStrictEqual(await storage().findExternalTask(task.id), {
      state: 'closed',
      processInstanceId: task.processInstanceId,
    });
    assert.deepStrictEqual(await storage().findExternalTask(newId()), { state: 'unknown' });
  });
}

function lockCases({ it, storage }: SuiteContext): void {
  it('are locked longer, or shorter, by who may touch them', async () => {
    const id = await startedInstance(storage());
    const task = externalTask(id, { workerId: 'w1', lockedUntil: 2000 });
    await storage().commit({ externalTasks: { insert: [task] } });
    const extension = { id: task.id, workerId: 'w1', now: 1000, lockUntil: 5000 };
    assert.equal(await storage().extendLock({ ...extension, workerId: 'w2' }), false);
    assert.equal(await storage().extendLock(extension), true);
    assert.equal(await storage().extendLock({ ...extension, lockUntil: 1500 }), true);
    assert.equal(await storage().extendLock({ ...extension, workerId: 'w2', now: 1500 }), true);
    const found = await storage().findExternalTask(task.id);
    assert.deepStrictEqual(found, { state: 'open', task: { ...task, workerId: 'w2', lockedUntil: 5000 } });
    assert.deepStrictEqual(await storage().claimExternalTasks({ ...CLAIM, now: 4999 }), []);
  });

  it('take a lock without a claim, and are then not claimable', async () => {
    const id = await startedInstance(storage());
    const task = externalTask(id);
    await storage().commit({ externalTasks: { insert: [task] } });
    assert.equal(await storage().extendLock({ id: task.id, workerId: 'w1', now: 1, lockUntil: 2000 }), true);
    assert.deepStrictEqual(await storage().claimExternalTasks(CLAIM), []);
  });

  it('that are unknown cannot be locked', async () => {
    assert.equal(await storage().extendLock({ id: newId(), workerId: 'w1', now: 1, lockUntil: 2 }), false);
  });
}

function jobCases({ it, storage }: SuiteContext): void {
  it('are claimed when due, earliest due first', async () => {
    const id = await startedInstance(storage());
    const jobs = [900, 1001, 1000, 100].map((dueAt) => job(id, { dueAt }));
    await storage().commit({ jobs: { insert: jobs } });
    const claimed = await storage().claimJobs({ ...JOB_CLAIM, limit: 2 });
    assert.deepStrictEqual(claimed, [owned(jobs[3]), owned(jobs[0])]);
    assert.deepStrictEqual(await storage().claimJobs(JOB_CLAIM), [owned(jobs[2])]);
    assert.deepStrictEqual(await storage().claimJobs(JOB_CLAIM), []);
    assert.deepStrictEqual(await idsOf(storage().claimJobs({ ...JOB_CLAIM, now: 1001 })), [jobs[1]?.id]);
  });

  it('of instances and of definitions are claimed alike', async () => {
    const timer = job(await startedInstance(storage()), { dueAt: 2 });
    const startTimer = job(null, { kind: 'start-timer', definitionId: newId(), dueAt: 1 });
    await storage().commit({ jobs: { insert: [timer, startTimer] } });
    assert.deepStrictEqual(await idsOf(storage().claimJobs(JOB_CLAIM)), [startTimer.id, timer.id]);
  });

  it('are never claimed by two nodes', async () => {
    const id = await startedInstance(storage());
    await storage().commit({ jobs: { insert: Array.from({ length: 50 }, () => job(id)) } });
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, at) => storage().claimJobs({ ...JOB_CLAIM, owner: `node-${at}`, limit: 5 })),
    );
    const claimed = claims.flat().map((row) => row.id);
    assert.equal(claimed.length, 50);
    assert.equal(new Set(claimed).size, 50);
  });

  it('return when their lock ends', async () => {
    const id = await startedInstance(storage());
    const row = job(id);
    await storage().commit({ jobs: { insert: [row] } });
    await storage().claimJobs(JOB_CLAIM);
    assert.deepStrictEqual(await storage().claimJobs({ ...JOB_CLAIM, owner: 'node-2', now: 1999 }), []);
    const claimed = await storage().claimJobs({ ...JOB_CLAIM, owner: 'node-2', now: 2000, lockUntil: 3000 });
    assert.deepStrictEqual(claimed, [{ ...row, owner: 'node-2', lockedUntil: 3000 }]);
  });

  it('tell when the next one is due or free', async () => {
    assert.equal(await storage().nextDue(), null);
    const id = await startedInstance(storage());
    await storage().commit({ jobs: { insert: [job(id, { dueAt: 7000 }), job(id, { dueAt: 500 })] } });
    assert.equal(await storage().nextDue(), 500);
    await storage().claimJobs({ ...JOB_CLAIM, lockUntil: 2000 });
    assert.equal(await storage().nextDue(), 2000);
    await storage().claimJobs({ ...JOB_CLAIM, now: 2000, lockUntil: 9000 });
    assert.equal(await storage().nextDue(), 7000);
  });
}

function releaseCases({ it, storage }: SuiteContext): void {
  it('frees the jobs and internal tasks of one owner', async () => {
    const id = await startedInstance(storage());
    const lock = { owner: 'node-1', lockedUntil: 9000 };
    const [mine, theirs] = [job(id, lock), job(id, { ...lock, owner: 'node-2' })];
    const taskLock = { workerId: 'node-1', lockedUntil: 9000 };
    const tasks = [
      externalTask(id, { ...taskLock, topic: 'internal:mail' }),
      externalTask(id, { ...taskLock, topic: 'internal:mail', workerId: 'node-2' }),
      externalTask(id, { ...taskLock, topic: 'mail' }),
    ];
    await storage().commit({ jobs: { insert: [mine, theirs] }, externalTasks: { insert: tasks } });
    await storage().releaseClaims('node-1');
    const stored = await storage().loadInstance(id);
    assert.deepStrictEqual(stored?.jobs, [{ ...mine, owner: null, lockedUntil: 0 }, theirs]);
    assert.deepStrictEqual(stored.externalTasks, [{ ...tasks[0], workerId: null, lockedUntil: 0 }, tasks[1], tasks[2]]);
    assert.deepStrictEqual(await idsOf(storage().claimJobs(JOB_CLAIM)), [mine.id]);
    const claimed = storage().claimExternalTasks({ ...CLAIM, topic: 'internal:mail' });
    assert.deepStrictEqual(await idsOf(claimed), [tasks[0]?.id]);
  });
}

function locked(task: ExternalTaskRecord | undefined): object {
  return { ...task, workerId: CLAIM.workerId, lockedUntil: CLAIM.lockUntil };
}

function owned(row: JobRecord | undefined): object {
  return { ...row, owner: JOB_CLAIM.owner, lockedUntil: JOB_CLAIM.lockUntil };
}
