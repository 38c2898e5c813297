import assert from 'node:assert/strict';
import { BadRequestError, GoneError, type AuditQuery } from '@process-engine/contracts';
import { rejects, unique, type ApiUser } from './api-user.js';
import { line, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

async function log(user: ApiUser, query: AuditQuery = {}) {
  return (await user.management.getAuditLog(user.identity, query)).entries;
}

export function auditCases({ it }: SuiteContext): void {
  it('every call that changes something is there, newest first, with its outcome and without any payload', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [userTask('Work')]));
    const { processInstanceId } = await user.start(id, { secret: 'payload-marker' });
    await user.management.terminateProcessInstance(user.identity, processInstanceId);
    await rejects(user.management.terminateProcessInstance(user.identity, processInstanceId), GoneError, /ended/);
    await user.management.getProcessInstance(user.identity, processInstanceId);

    const entries = await log(user);
    assert.deepEqual(
      entries.map(({ operation, outcome, code }) => [operation, outcome, code]),
      [
        ['managementApi.terminateProcessInstance', 'refused', 410],
        ['managementApi.terminateProcessInstance', 'done', undefined],
        ['consumerApi.startProcessInstance', 'done', undefined],
        ['managementApi.deploy', 'done', undefined],
      ],
    );
    const [refused, , start, deployment] = entries;
    assert.deepEqual(refused!.target, { process_instance_id: processInstanceId });
    assert.equal(refused!.reason, 'process-instance-ended');
    assert.deepEqual(start!.target, { process_model_id: id, processInstanceId });
    assert.equal(typeof deployment!.target['deploymentId'], 'string');
    for (const { userId, at } of entries) assert.deepEqual([userId, new Date(at).toISOString()], ['dummy_token', at]);
    assert.ok(!JSON.stringify(entries).includes('payload-marker'));
  });

  it('entries are found by user, operation, outcome and time, and paged', async (user) => {
    const all = await log(user);
    const count = async (query: AuditQuery) => (await log(user, query)).length;
    assert.equal(await count({ outcome: 'refused' }), 1);
    assert.equal(await count({ operation: 'managementApi.deploy' }), 1);
    assert.equal(await count({ userId: 'nobody' }), 0);
    const [newest] = all;
    assert.ok((await count({ from: newest!.at })) >= 1);
    assert.equal(await count({ before: all.at(-1)!.at }), 0);
    const page = await user.management.getAuditLog(user.identity, {}, 1, 2);
    assert.deepEqual([page.entries, page.totalCount], [all.slice(1, 3), all.length]);
    await rejects(user.management.getAuditLog(user.identity, { from: 'yesterday' }), BadRequestError, /from/);
    await rejects(user.management.getAuditLog(user.identity, { outcome: 'odd' as never }), BadRequestError, /outcome/);
  });
}
