import { expect } from 'chai';
import { ConflictError, StorageUnavailableError } from '@process-engine/contracts/storage';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { FaultyStorage } from '../support/faulty-storage.js';
import { errorOf, scenario } from '../support/scenario.js';

const MODEL = processBuilder('P').startEvent('S').userTask('A').serviceTask('T', 'work').userTask('B').endEvent('E');

async function faulty() {
  const storage = new FaultyStorage();
  const calls: number[] = [];
  const engine = await scenario([MODEL], { storage, services: { work: () => void calls.push(1) } });
  return { engine, storage, calls };
}

describe('A commit that fails', () => {
  it('leaves everything as it was: the caller is told, and the same call works later', async () => {
    const { engine, storage } = await faulty();
    const { processInstanceId } = await engine.start('P');
    const [task] = await engine.tasks();
    storage.failAt(1, { when: 'before', error: new Error('disk full') });
    expect((await errorOf(engine.finishTask(task!, { n: 1 }))).message).to.include('disk full');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.finish('A', { n: 2 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ n: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('at the start of an instance leaves none', async () => {
    const { engine, storage } = await faulty();
    storage.failAt(1, { when: 'before', error: new Error('disk full') });
    expect((await errorOf(engine.call('P'))).message).to.include('disk full');
    expect(await engine.instancesOf('P')).to.deep.equal([]);
    const { answer } = await engine.begin('P');
    await engine.finish('A');
    await engine.finish('B');
    expect((await answer).endEventId).to.equal('E');
  });

  it('although it has happened is found out by the next command', async () => {
    const { engine, storage } = await faulty();
    const { processInstanceId } = await engine.start('P');
    const [task] = await engine.tasks();
    storage.failAt(1, { when: 'after', error: new Error('connection lost') });
    await errorOf(engine.finishTask(task!, { n: 1 }));
    expect(await errorOf(engine.finishTask(task!, { n: 2 }))).to.include({ code: 404 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ n: 1 });
  });

  it('by a conflict is tried again with what is stored', async () => {
    const { engine, storage } = await faulty();
    const { processInstanceId } = await engine.start('P');
    const [task] = await engine.tasks();
    for (const nth of [1, 2, 3])
      storage.failAt(nth, { when: 'before', error: new ConflictError('another node was quicker') });
    await engine.finishTask(task!, { n: 1 });
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('by conflicts without end is given up with an error', async () => {
    const { engine, storage } = await faulty();
    await engine.start('P');
    const [task] = await engine.tasks();
    storage.failing = () => ({ when: 'before', error: new ConflictError('always') });
    const error = await errorOf(engine.finishTask(task!));
    storage.failing = undefined;
    expect(error.message).to.be.a('string');
    await engine.finish('A');
  });

  it('while the storage is away answers 503, and goes on when it is back', async () => {
    const { engine, storage } = await faulty();
    const { processInstanceId } = await engine.start('P');
    const [task] = await engine.tasks();
    storage.failing = () => ({ when: 'before', error: new StorageUnavailableError('database away') });
    await errorOf(engine.finishTask(task!));
    storage.failing = undefined;
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it("of a service's result runs the service again when its lock has ended", async () => {
    const storage = new FaultyStorage();
    const calls: number[] = [];
    const work = () => void calls.push(1);
    const engine = await scenario([MODEL], { storage, services: { work }, pollInterval: 5_000 });
    const { processInstanceId } = await engine.start('P');
    storage.failAt(2, { when: 'before', error: new StorageUnavailableError('database away') });
    await engine.finish('A');
    expect(calls).to.have.length(1);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['T']);
    await engine.advance(70_000);
    expect(calls).to.have.length(2);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('of a timer is tried again when its lock has ended', async () => {
    const storage = new FaultyStorage();
    const model = processBuilder('P')
      .startEvent('S')
      .node('intermediateCatchEvent', 'C', {}, definitions.timer('timeDuration', 'PT1H'))
      .endEvent('E');
    const engine = await scenario([model], { storage });
    const { processInstanceId } = await engine.start('P');
    storage.failAt(1, { when: 'before', error: new StorageUnavailableError('database away') });
    await engine.advance(3_600_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
    await engine.advance(60_000);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  for (const when of ['before', 'after'] as const) {
    it(`${when} it happened, anywhere on the way of a call activity, ends in one called process and one result`, async () => {
      const caller = processBuilder('P').startEvent('S').callActivity('C', 'Q').endEvent('E');
      const called = processBuilder('Q').startEvent('QS').endEvent('QE');
      for (let nth = 1; nth <= 5; nth += 1) {
        const storage = new FaultyStorage();
        const engine = await scenario([caller, called], { storage, pollInterval: 5_000 });
        storage.failAt(nth, { when, error: new StorageUnavailableError('database away') });
        const started = await engine.start('P').catch(() => undefined);
        await engine.advance(300_000);
        const ids = await engine.instancesOf('P');
        expect(ids, `commit ${nth}`).to.have.length(when === 'before' && nth === 1 ? 0 : 1);
        for (const id of ids) expect(await engine.state(id), `commit ${nth}`).to.equal('finished');
        expect(await engine.instancesOf('Q'), `commit ${nth}`).to.have.length(ids.length);
        expect(started === undefined).to.equal(nth === 1);
      }
    });

    it(`${when} it happened, while a message is thrown, delivers it once`, async () => {
      const sender = processBuilder('P')
        .root('message', 'M')
        .startEvent('S')
        .node('intermediateThrowEvent', 'T', {}, definitions.message('M'))
        .endEvent('E');
      const receiver = processBuilder('Q')
        .root('message', 'M')
        .startEvent('QS')
        .node('intermediateCatchEvent', 'QC', {}, definitions.message('M'))
        .endEvent('QE');
      for (let nth = 2; nth <= 4; nth += 1) {
        const storage = new FaultyStorage();
        const engine = await scenario([sender, receiver], { storage, pollInterval: 5_000 });
        const waiting = [await engine.start('Q'), await engine.start('Q')];
        storage.failAt(nth, { when, error: new StorageUnavailableError('database away') });
        await engine.start('P');
        await engine.advance(300_000);
        const states = await Promise.all(waiting.map(({ processInstanceId }) => engine.state(processInstanceId)));
        expect(states, `commit ${nth}`).to.deep.equal(['finished', 'running']);
      }
    });
  }
});
