import { expect } from 'chai';
import { definitions, ManualClock, processBuilder, type ProcessBuilder } from '../../dist/testing/index.js';
import type { EngineOptions } from '../../dist/engine.js';
import { sharedStorage } from '../support/faulty-storage.js';
import { nextTurn, scenario, type Scenario } from '../support/scenario.js';
import { testStorage } from '../support/test-storage.js';

/** Two engines on one storage and one clock. Both keep what they know in memory. */
async function nodes(models: readonly ProcessBuilder[], options: EngineOptions = {}) {
  const storage = sharedStorage(testStorage());
  const clock = new ManualClock();
  const one = await scenario(models, { ...options, storage, clock, nodeId: 'one', cacheSize: 100 });
  const two = await scenario([], { ...options, storage, clock, nodeId: 'two', cacheSize: 100 });
  const pass = async (milliseconds: number): Promise<void> => {
    await clock.advanceTo(clock.now() + milliseconds, async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        await Promise.all([one.engine.idle(), two.engine.idle()]);
        await nextTurn();
      }
    });
  };
  return { one, two, pass };
}

const finish = async (engine: Scenario, id: string) => {
  const task = (await engine.tasks()).find((candidate) => candidate.id === id)!;
  await engine.finishTask(task);
};

describe('Two nodes on one storage', () => {
  it('both may run commands of one instance, in turns', async () => {
    const { one, two } = await nodes([
      processBuilder('P').startEvent('S').userTask('A').userTask('B').userTask('C').endEvent('E'),
    ]);
    const { processInstanceId } = await one.start('P');
    await two.finish('A', { a: 1 });
    await one.finish('B', { b: 2 });
    await two.finish('C', { c: 3 });
    expect(await one.state(processInstanceId)).to.equal('finished');
    expect(await one.variables(processInstanceId)).to.deep.equal({ a: 1, b: 2, c: 3 });
  });

  it('at the same time: both commands happen, one after the other', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .parallelGateway('J')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('J');
    const { one, two } = await nodes([model]);
    for (let round = 0; round < 5; round += 1) {
      const { processInstanceId } = await one.start('P');
      await Promise.all([finish(one, 'A'), finish(two, 'B')]);
      expect(await one.state(processInstanceId)).to.equal('finished');
    }
  });

  it('of the same work at the same time, one does it', async () => {
    const { one, two } = await nodes([processBuilder('P').startEvent('S').userTask('A').userTask('Z').endEvent('E')]);
    const { processInstanceId } = await one.start('P');
    const outcomes = await Promise.allSettled([finish(one, 'A'), finish(two, 'A')]);
    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
    expect(await one.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('a waiting start is answered although the instance ends on the other node', async () => {
    const { one, two, pass } = await nodes([processBuilder('P').startEvent('S').userTask('A').endEvent('E')]);
    const { answer } = await one.begin('P');
    await two.finish('A', { a: 1 });
    await pass(2_000);
    expect(await answer).to.deep.include({ endEventId: 'E', tokenPayload: { form_fields: { a: 1 } } });
  });

  it('a timer fires once, on one of them', async () => {
    const model = processBuilder('P').startEvent('S', definitions.timer('timeCycle', 'R3/PT1H')).endEvent('E');
    const { one, pass } = await nodes([model]);
    await pass(4 * 3_600_000);
    expect(await one.instancesOf('P')).to.have.length(3);
  });

  it('a long poll on one finds the work of the other', async () => {
    const { one, two, pass } = await nodes([
      processBuilder('P').startEvent('S').externalTask('X', 'topic').endEvent('E'),
    ]);
    const poll = one.engine.externalTaskApi.fetchAndLockExternalTasks(one.identity, 'w', 'topic', 1, 60_000, 10_000);
    await two.start('P');
    await pass(2_000);
    expect(await poll).to.have.length(1);
  });

  it('a deployment on one is known to the other', async () => {
    const { one, two } = await nodes([processBuilder('P').startEvent('S').endEvent('Old')]);
    await two.start('P');
    await one.deploy(processBuilder('P').startEvent('S').endEvent('New'));
    expect((await two.call('P')).endEventId).to.equal('New');
  });

  it('work of a node that died is taken over when its lock has ended', async () => {
    const model = processBuilder('P').startEvent('S').serviceTask('T', 'work').endEvent('E');
    let alive = false;
    const work = () => (alive ? { done: true } : new Promise(() => undefined));
    const { one, two } = await nodes([model], { services: { work: work as never }, stopTimeout: 1 });
    const { processInstanceId } = await one.engine.consumerApi.startProcessInstance(one.identity, 'P');
    await one.stop();
    alive = true;
    await two.advance(70_000);
    expect(await two.state(processInstanceId!)).to.equal('finished');
  });

  it('a service registered on one only is run by that one', async () => {
    const storage = sharedStorage(testStorage());
    const clock = new ManualClock();
    const model = processBuilder('P').startEvent('S').serviceTask('T', 'work').endEvent('E');
    const front = await scenario([model], { storage, clock, nodeId: 'front', remoteServices: ['work'] });
    const back = await scenario([], { storage, clock, nodeId: 'back', services: { work: () => ({ by: 'back' }) } });
    const { processInstanceId } = await front.start('P');
    expect(await front.waiting(processInstanceId)).to.deep.equal(['T']);
    await back.advance(6_000);
    expect(await front.variables(processInstanceId)).to.deep.equal({ by: 'back' });
  });
});
