import { expect } from 'chai';
import type { ServiceContext } from '../../dist/runtime/services.js';
import { definitions, ManualClock, processBuilder } from '../../dist/testing/index.js';
import { FaultyStorage } from '../support/faulty-storage.js';
import { errorOf, nextTurn, scenario, shutDown } from '../support/scenario.js';
import { testStorage } from '../support/test-storage.js';

/** One storage and one clock for an engine before and after a restart. */
function world() {
  return { storage: testStorage(), clock: new ManualClock() };
}

describe('After a restart', () => {
  it('everything that waited waits on, and goes on', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .parallelGateway('J')
      .endEvent('E')
      .from('F')
      .externalTask('X', 'topic')
      .to('J')
      .from('F')
      .node('intermediateCatchEvent', 'C', {}, definitions.message('M'))
      .to('J')
      .from('F')
      .node('intermediateCatchEvent', 'T', {}, definitions.timer('timeDuration', 'PT1H'))
      .to('J')
      .from('F')
      .callActivity('Call', 'Q')
      .to('J');
    const shared = world();
    const before = await scenario([model, processBuilder('Q').startEvent('QS').userTask('QA').endEvent('QE')], shared);
    const { processInstanceId } = await before.start('P');
    await shutDown(before);
    const after = await scenario([], shared);
    await after.finish('A', { a: 1 });
    await after.work('topic', { x: 1 });
    await after.message('M', { m: 1 });
    await after.finish('QA', { q: 1 });
    await after.advance(3_600_000);
    expect(await after.state(processInstanceId)).to.equal('finished');
    expect(await after.result(processInstanceId, 'J')).to.deep.equal({
      A: { form_fields: { a: 1 } },
      X: { x: 1 },
      C: { m: 1 },
      T: {},
      Call: { result: { form_fields: { q: 1 } }, endEventId: 'QE' },
    });
  });

  it('timers that were due meanwhile fire at once', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('intermediateCatchEvent', 'C', {}, definitions.timer('timeDuration', 'PT1H'))
      .endEvent('E');
    const shared = world();
    const before = await scenario([model], shared);
    const { processInstanceId } = await before.start('P');
    await shutDown(before);
    shared.clock.set(shared.clock.now() + 86_400_000);
    const after = await scenario([], shared);
    await after.advance(0);
    expect(await after.state(processInstanceId)).to.equal('finished');
  });

  it('a service that was under way runs again, at once', async () => {
    const model = processBuilder('P').startEvent('S').serviceTask('T', 'work').endEvent('E');
    const shared = world();
    const told: string[] = [];
    const hanging = ({ signal }: ServiceContext) => {
      signal.addEventListener('abort', () => told.push((signal.reason as Error).message));
      return new Promise(() => undefined);
    };
    const before = await scenario([model], { ...shared, services: { work: hanging as never }, stopTimeout: 1 });
    const { processInstanceId } = await before.engine.consumerApi.startProcessInstance(before.identity, 'P');
    await nextTurn();
    await shutDown(before);
    expect(told).to.deep.equal(['the engine stops']);
    const after = await scenario([], { ...shared, services: { work: () => ({ second: true }) } });
    await after.advance(0);
    expect(await after.state(processInstanceId!)).to.equal('finished');
    expect(await after.variables(processInstanceId!)).to.deep.equal({ second: true });
  });

  it('jobs that were not carried out are carried out', async () => {
    const sender = processBuilder('P')
      .root('signal', 'G')
      .startEvent('S')
      .node('intermediateThrowEvent', 'T', {}, definitions.signal('G'))
      .endEvent('E');
    const receiver = processBuilder('Q').root('signal', 'G').startEvent('QS', definitions.signal('G')).endEvent('QE');
    const shared = world();
    const before = await scenario([sender, receiver], shared);
    const started = before.engine.consumerApi.startProcessInstance(before.identity, 'P');
    await started;
    await shutDown(before);
    const after = await scenario([], shared);
    await after.advance(60_000);
    expect(await after.instancesOf('Q')).to.have.length(1);
    expect((await after.storage.findJobs({ tenantId: '' })).items).to.deep.equal([]);
  });

  it('a signal on its way reaches those who waited when it was thrown, and nobody who began to wait since', async () => {
    const sender = processBuilder('P')
      .root('signal', 'G')
      .startEvent('S')
      .node('intermediateThrowEvent', 'T', {}, definitions.signal('G'))
      .endEvent('E');
    const receiver = processBuilder('Q')
      .root('signal', 'G')
      .startEvent('QS')
      .node('intermediateCatchEvent', 'First', {}, definitions.signal('G'))
      .userTask('A')
      .node('intermediateCatchEvent', 'Second', {}, definitions.signal('G'))
      .endEvent('QE');
    const storage = new FaultyStorage();
    const shared = { storage, clock: new ManualClock() };
    const before = await scenario([sender, receiver], shared);
    const [one, two] = [await before.start('Q'), await before.start('Q')];
    // The delivery to the second instance fails, and the signal's job is left.
    storage.failing = ({ processInstances }) =>
      processInstances?.update?.some(({ id }) => id === two.processInstanceId)
        ? { when: 'before', error: new Error('no connection') }
        : undefined;
    await before.start('P');
    storage.failing = undefined;
    before.takeErrors();
    await before.advance(1_000);
    await before.finish('A');
    expect(await before.waiting(one.processInstanceId)).to.deep.equal(['Second']);
    await shutDown(before);
    const after = await scenario([], shared);
    await after.advance(300_000);
    expect(await after.waiting(one.processInstanceId)).to.deep.equal(['Second']);
    expect(await after.waiting(two.processInstanceId)).to.deep.equal(['A']);
    expect((await storage.findJobs({ tenantId: '' })).items).to.deep.equal([]);
  });

  it('schedules go on where they were', async () => {
    const model = processBuilder('P').startEvent('S', definitions.timer('timeCycle', 'R3/PT1H')).endEvent('E');
    const shared = world();
    const before = await scenario([model], shared);
    await before.advance(90 * 60_000);
    await shutDown(before);
    const after = await scenario([], shared);
    await after.advance(10 * 3_600_000);
    expect(await after.instancesOf('P')).to.have.length(3);
  });

  it('kept messages are still kept', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .node('intermediateCatchEvent', 'C', {}, definitions.message('M'))
      .endEvent('E');
    const shared = world();
    const before = await scenario([model], shared);
    await before.engine.managementApi.publishMessage(before.identity, { name: 'M', timeToLive: 60_000 });
    await shutDown(before);
    const after = await scenario([], shared);
    const { processInstanceId } = await after.start('P');
    expect(await after.state(processInstanceId)).to.equal('finished');
  });
});

describe('An engine', () => {
  it('that is started twice, or again after its stop, refuses', async () => {
    const engine = await scenario([]);
    expect((await errorOf(engine.engine.start())).message).to.match(/cannot be started/);
    await engine.stop();
    expect((await errorOf(engine.engine.start())).message).to.match(/cannot be started/);
    await engine.stop();
  });

  it('is ready while it is started and its storage answers', async () => {
    const storage = testStorage();
    const engine = await scenario([], { storage });
    expect(await engine.engine.isReady()).to.equal(true);
    const nextDue = storage.nextDue.bind(storage);
    storage.nextDue = () => Promise.reject(new Error('away'));
    expect(await engine.engine.isReady()).to.equal(false);
    storage.nextDue = nextDue;
    await engine.stop();
    expect(await engine.engine.isReady()).to.equal(false);
  });

  it('finishes what is under way before it stops', async () => {
    const model = processBuilder('P').startEvent('S').serviceTask('T', 'work').endEvent('E');
    let release = (): void => undefined;
    const work = () => new Promise<void>((resolve) => (release = resolve));
    const engine = await scenario([model], { services: { work } });
    const { processInstanceId } = await engine.engine.consumerApi.startProcessInstance(engine.identity, 'P');
    await nextTurn();
    const stopped = engine.stop();
    release();
    await stopped;
    expect(
      (await engine.storage.findProcessInstances({ tenantId: '', ids: [processInstanceId!] })).items[0]!.state,
    ).to.equal('finished');
  });

  it('tells who it is', async () => {
    const engine = await scenario([], { applicationInfo: { name: 'shop', version: '1.2.3' } });
    expect(await engine.engine.consumerApi.getApplicationInfo()).to.deep.equal({ name: 'shop', version: '1.2.3' });
    const plain = await scenario([]);
    expect((await plain.engine.consumerApi.getApplicationInfo()).name).to.equal('@process-engine/core');
  });
});
