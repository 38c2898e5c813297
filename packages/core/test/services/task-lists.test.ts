import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, identity, scenario } from '../support/scenario.js';

const MIXED = processBuilder('P')
  .startEvent('S')
  .parallelGateway('F')
  .userTask('U')
  .endEvent('E1')
  .from('F')
  .node('manualTask', 'M')
  .endEvent('E2')
  .from('F')
  .node('task', 'T')
  .endEvent('E3');

async function ten() {
  const engine = await scenario([processBuilder('P').startEvent('S').userTask('U').endEvent('E')]);
  for (let n = 0; n < 10; n += 1) await engine.start('P', { n });
  return engine;
}

describe('Task lists', () => {
  it('by model, instance, correlation, both and owner show the same tasks, by kind', async () => {
    const engine = await scenario([MIXED]);
    const { consumerApi: api } = engine.engine;
    const me = engine.identity;
    const { processInstanceId: pi } = await api.startProcessInstance(me, 'P', { correlationId: 'c' });
    await api.startProcessInstance(identity('other'), 'P', { correlationId: 'd' });
    const one = [
      await api.getUserTasksForProcessInstance(me, pi!),
      await api.getUserTasksForCorrelation(me, 'c'),
      await api.getUserTasksForProcessModelInCorrelation(me, 'P', 'c'),
      await api.getWaitingUserTasksByIdentity(me),
      await api.getManualTasksForProcessInstance(me, pi!),
      await api.getManualTasksForCorrelation(me, 'c'),
      await api.getManualTasksForProcessModelInCorrelation(me, 'P', 'c'),
      await api.getWaitingManualTasksByIdentity(me),
      await api.getEmptyActivitiesForProcessInstance(me, pi!),
      await api.getEmptyActivitiesForCorrelation(me, 'c'),
      await api.getEmptyActivitiesForProcessModelInCorrelation(me, 'P', 'c'),
      await api.getWaitingEmptyActivitiesByIdentity(me),
    ];
    for (const list of one) expect(list.totalCount).to.equal(1);
    expect((await api.getUserTasksForProcessModel(me, 'P')).totalCount).to.equal(2);
    expect((await api.getManualTasksForProcessModel(me, 'P')).totalCount).to.equal(2);
    expect((await api.getEmptyActivitiesForProcessModel(me, 'P')).totalCount).to.equal(2);
  });

  it('that are mixed show empty activities, then manual tasks, then user tasks', async () => {
    const engine = await scenario([MIXED]);
    const { consumerApi: api } = engine.engine;
    const me = engine.identity;
    const { processInstanceId, correlationId } = await engine.start('P');
    for (const list of [
      await api.getAllSuspendedTasks(me),
      await api.getSuspendedTasksForProcessModel(me, 'P'),
      await api.getSuspendedTasksForProcessInstance(me, processInstanceId),
      await api.getSuspendedTasksForCorrelation(me, correlationId),
      await api.getSuspendedTasksForProcessModelInCorrelation(me, 'P', correlationId),
    ]) {
      expect(list.tasks.map(({ id }) => id)).to.deep.equal(['T', 'M', 'U']);
      expect(list.totalCount).to.equal(3);
    }
    expect((await api.getAllSuspendedTasks(me, 1, 1)).tasks.map(({ id }) => id)).to.deep.equal(['M']);
  });

  it('of nobody are refused', async () => {
    const { consumerApi } = (await scenario([])).engine;
    for (const list of [
      consumerApi.getWaitingUserTasksByIdentity(undefined as never),
      consumerApi.getWaitingManualTasksByIdentity(undefined as never),
      consumerApi.getWaitingEmptyActivitiesByIdentity(undefined as never),
      consumerApi.getAllSuspendedTasks(undefined as never),
      consumerApi.getProcessInstancesByIdentity(undefined as never),
    ]) {
      expect(await errorOf(list)).to.include({ code: 400, reason: 'identity-missing' });
    }
  });

  it('of something unknown are empty', async () => {
    const { engine, identity: me } = await scenario([]);
    expect(await engine.consumerApi.getUserTasksForProcessModel(me, 'x')).to.deep.equal({
      userTasks: [],
      totalCount: 0,
    });
    expect(await engine.consumerApi.getSuspendedTasksForCorrelation(me, 'x')).to.deep.equal({
      tasks: [],
      totalCount: 0,
    });
  });

  it('are paged: the count is that before paging', async () => {
    const engine = await ten();
    for (const [offset, limit, from, to] of [
      [undefined, undefined, 0, 10],
      [0, 0, 0, 10],
      [5, 0, 5, 10],
      [0, 2, 0, 2],
      [5, 2, 5, 7],
      [7, 5, 7, 10],
      [0, 1_000, 0, 10],
      [1_000, 0, 0, 0],
      [-3, -1, 0, 10],
    ] as const) {
      const { userTasks, totalCount } = await engine.engine.consumerApi.getUserTasksForProcessModel(
        engine.identity,
        'P',
        offset,
        limit,
      );
      expect(totalCount).to.equal(10);
      const shown = userTasks.map(({ tokenPayload }) => (tokenPayload as { n: number }).n);
      expect(shown, `${offset}/${limit}`).to.deep.equal(Array.from({ length: to - from }, (_, index) => from + index));
    }
  });
});

describe('Own instances', () => {
  it('are the running ones of the caller, oldest first', async () => {
    const engine = await ten();
    await engine.engine.consumerApi.startProcessInstance(identity('other'), 'P');
    await engine.finish('U');
    const { processInstances, totalCount } = await engine.engine.consumerApi.getProcessInstancesByIdentity(
      engine.identity,
      0,
      2,
    );
    expect(totalCount).to.equal(9);
    const [, second, third] = await engine.instancesOf('P');
    expect(processInstances.map(({ id }) => id)).to.deep.equal([second, third]);
    expect(processInstances[0]!.owner).to.deep.equal({ userId: 'tester', token: '' });
  });
});
