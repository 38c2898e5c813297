import { expect } from 'chai';
import { CLAIMS, type IIdentity, type UserTask } from '@process-engine/contracts';
import { processBuilder } from '../../dist/testing/index.js';
import { StaticClaims } from '../support/claims.js';
import { errorOf, identity, scenario } from '../support/scenario.js';

const MODEL = processBuilder('P')
  .startEvent('S')
  .node('userTask', 'A', {
    'camunda:assignee': '${assignee}',
    'camunda:candidateUsers': '${users}',
    'camunda:candidateGroups': '${groups}',
  })
  .endEvent('E');

const iamService = () =>
  new StaticClaims({
    tester: [CLAIMS.superAdmin],
    clerk: ['office'],
    lead: [CLAIMS.assignUserTasks],
  });

const member: IIdentity = { userId: 'member', token: '', groups: ['office', 'lab'] };

async function waiting(input: object) {
  const engine = await scenario([MODEL], { iamService: iamService() });
  await engine.start('P', input as never);
  const [task] = await engine.tasks();
  const { consumerApi } = engine.engine;
  const { flowNodeInstanceId: id, processInstanceId, correlationId } = task!;
  return {
    engine,
    consumerApi,
    id,
    assignee: async () => ((await engine.tasks())[0] as UserTask | undefined)?.assignee,
    claim: (user: IIdentity) => consumerApi.claimUserTask(user, id),
    finish: (user: IIdentity) => consumerApi.finishUserTask(user, processInstanceId, correlationId, id),
    found: async (user: IIdentity, role: 'assignee' | 'candidate' | 'any') =>
      (await consumerApi.getUserTasks(user, { role })).totalCount,
  };
}

describe('A user task with candidates', () => {
  it('is claimed by a candidate, by name, by a group of the identity, or by a claim of the group’s name', async () => {
    for (const user of [identity('ann'), member, identity('clerk'), identity('tester')]) {
      const { claim, assignee, found } = await waiting({ users: 'ann', groups: 'office' });
      if (user.userId !== 'tester') expect(await found(user, 'candidate'), user.userId).to.equal(1);
      await claim(user);
      expect(await assignee()).to.equal(user.userId);
      expect([await found(user, 'candidate'), await found(user, 'assignee'), await found(user, 'any')]).to.deep.equal([
        0, 1, 1,
      ]);
    }
  });

  it('knows since when it is whose', async () => {
    const { engine, consumerApi, id, claim } = await waiting({ users: 'ann' });
    const assignedAt = async () => ((await engine.tasks())[0] as UserTask).assignedAt;
    expect(await assignedAt()).to.equal(undefined);
    await claim(identity('ann'));
    const claimed = new Date(engine.clock.now()).toISOString();
    expect(await assignedAt()).to.equal(claimed);
    await engine.advance(1_000);
    await consumerApi.updateUserTask(engine.identity, id, { priority: 3 });
    expect(await assignedAt()).to.equal(claimed);
    await consumerApi.updateUserTask(engine.identity, id, { assignee: 'bea' });
    expect(await assignedAt()).to.equal(new Date(engine.clock.now()).toISOString());
    await consumerApi.updateUserTask(engine.identity, id, { assignee: null });
    expect(await assignedAt()).to.equal(undefined);
  });

  it('is neither claimed nor finished by anybody else', async () => {
    const { claim, finish, found, assignee } = await waiting({ users: 'ann', groups: 'office' });
    for (const user of [identity('eve'), { ...identity('clerk'), groups: ['lab'] }]) {
      expect(await found(user, 'any')).to.equal(0);
      for (const call of [claim(user), finish(user)]) {
        const error = await errorOf(call);
        expect(error).to.deep.include({ code: 403, reason: 'not-a-candidate' });
        expect(error.message).to.match(/access denied/i);
      }
    }
    expect(await assignee()).to.equal(undefined);
  });

  it('is finished by a candidate who did not claim it', async () => {
    const { engine, finish } = await waiting({ users: 'ann' });
    await finish(identity('ann'));
    expect(await engine.tasks()).to.deep.equal([]);
  });
});

describe('A user task with an assignee', () => {
  it('is finished by the assignee and by super admins only', async () => {
    const first = await waiting({ assignee: 'ann', users: 'bob' });
    const error = await errorOf(first.finish(identity('bob')));
    expect(error).to.deep.include({ code: 403, reason: 'not-the-assignee' });
    await first.finish(identity('ann'));
    const second = await waiting({ assignee: 'ann' });
    await second.finish(identity('tester'));
  });

  it('is claimed by nobody else, and given back by the assignee only', async () => {
    const { consumerApi, claim, id, assignee } = await waiting({ assignee: 'ann', users: 'bob' });
    expect(await errorOf(claim(identity('bob')))).to.deep.include({ code: 409, reason: 'user-task-assigned' });
    const giveBack = consumerApi.unclaimUserTask(identity('bob'), id);
    expect(await errorOf(giveBack)).to.deep.include({ code: 403, reason: 'not-the-assignee' });
    await consumerApi.unclaimUserTask(identity('ann'), id);
    await claim(identity('bob'));
    expect(await assignee()).to.equal('bob');
  });

  it('is handed over by the assignee; all else is changed by who may assign tasks', async () => {
    const { consumerApi, id, assignee } = await waiting({ assignee: 'ann' });
    const byAnn = (change: object) => consumerApi.updateUserTask(identity('ann'), id, change);
    expect((await errorOf(byAnn({ priority: 5 }))).code).to.equal(403);
    await byAnn({ assignee: 'bob', followUpDate: '2030-02-01T00:00:00Z' });
    expect(await assignee()).to.equal('bob');
    expect((await errorOf(byAnn({ assignee: 'ann' }))).code).to.equal(403);
    await consumerApi.updateUserTask(identity('lead'), id, {
      assignee: null,
      candidateGroups: ['office'],
      priority: 5,
    });
    expect(await assignee()).to.equal(undefined);
  });
});

describe('A user task two people want', () => {
  it('is claimed by the one who was first', async () => {
    const { claim, assignee } = await waiting({});
    const outcomes = await Promise.allSettled(['ann', 'bob', 'eve'].map((user) => claim(identity(user))));
    const won = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(won).to.have.length(1);
    expect(await assignee()).to.equal(['ann', 'bob', 'eve'][outcomes.indexOf(won[0]!)]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).to.deep.include({ reason: 'user-task-assigned' });
  });

  it('tells those who look at it about every change', async () => {
    const { engine, claim } = await waiting({});
    const told: unknown[] = [];
    const { notificationApi } = engine.engine;
    await notificationApi.subscribe(
      engine.identity,
      'user_task_changed',
      ({ flowNodeId }) => void told.push(flowNodeId),
    );
    await claim(identity('ann'));
    await claim(identity('ann'));
    await engine.engine.idle();
    expect(told).to.deep.equal(['A']);
  });
});
