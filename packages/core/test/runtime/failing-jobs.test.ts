import type { ChangeSet } from '@process-engine/contracts/storage';
import { ConflictError } from '@process-engine/contracts/storage';
import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { FaultyStorage, type Fault } from '../support/faulty-storage.js';
import { errorOf, nextTurn, scenario, type Scenario } from '../support/scenario.js';

const broken: Fault = { when: 'before', error: new Error('the disk is made of cheese') };

/** Fails every commit that carries out one of the jobs, not those that note its failure. */
function failing(storage: FaultyStorage, fault: () => Fault | undefined = () => broken): void {
  storage.failing = (changes: ChangeSet) => {
    const ids = (changes.guards ?? []).flatMap((guard) => (guard.kind === 'job' ? [guard.id] : []));
    const noted = changes.jobs?.insert?.some(({ id }) => ids.includes(id)) === true;
    return ids.length > 0 && !noted ? fault() : undefined;
  };
}

async function faulty(models: Parameters<typeof scenario>[0], jobRetries: readonly number[] = [1_000, 10_000]) {
  const storage = new FaultyStorage();
  const engine = await scenario(models, { storage, jobRetries });
  return { storage, engine };
}

const timer = () =>
  processBuilder('P')
    .startEvent('S')
    .node('intermediateCatchEvent', 'T', {}, definitions.timer('timeDuration', 'PT1H'))
    .userTask('A')
    .endEvent('E');

const called = () => processBuilder('Called').startEvent('CS').userTask('CA').endEvent('CE');
const caller = () =>
  processBuilder('P')
    .startEvent('S')
    .node('callActivity', 'C', { calledElement: 'Called' })
    .userTask('A')
    .endEvent('E');

const jobs = async (engine: Scenario) => (await engine.engine.managementApi.getJobs(engine.identity)).jobs;
const retry = (engine: Scenario, id: string, variables?: Record<string, unknown>) =>
  engine.engine.managementApi.retryIncident(engine.identity, id, variables === undefined ? undefined : { variables });

describe('A job that fails', () => {
  it('is tried again after each of its pauses, and says why it failed', async () => {
    const { storage, engine } = await faulty([timer()]);
    const { processInstanceId } = await engine.start('P');
    failing(storage);
    await engine.advance(3_600_000);
    const [job] = await jobs(engine);
    expect(job).to.deep.include({ kind: 'timer', attempts: 1, failed: false });
    expect(job!.error!.message).to.equal('the disk is made of cheese');
    expect(job).not.to.have.property('owner');

    await engine.advance(999);
    expect((await jobs(engine))[0]!.attempts).to.equal(1);
    await engine.advance(1);
    expect((await jobs(engine))[0]!.attempts).to.equal(2);
    storage.failing = undefined;
    await engine.advance(10_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    expect(await jobs(engine)).to.deep.equal([]);
    expect(engine.engine.statistics).to.include({ failedJobs: 2, jobIncidents: 0, jobs: 1 });
  });

  it('in the end is an incident, which is not tried again until somebody retries it', async () => {
    const { storage, engine } = await faulty([timer()]);
    const { processInstanceId } = await engine.start('P');
    failing(storage);
    await engine.advance(3_600_000 + 11_000);
    const [incident, ...others] = await engine.incidents();
    expect(others).to.deep.equal([]);
    expect(incident).to.deep.include({ jobKind: 'timer', processInstanceId, processModelId: 'P', flowNodeId: 'T' });
    expect(incident!.error.message).to.equal('the disk is made of cheese');
    storage.failing = undefined;
    await engine.advance(10 * 24 * 3_600_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['T']);
    expect(engine.takeErrors()).to.have.length(1);

    await retry(engine, incident!.id, { approved: true });
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ approved: true });
    expect(await engine.incidents()).to.deep.equal([]);
    expect(await errorOf(retry(engine, incident!.id))).to.include({ code: 404, reason: 'incident-not-found' });
  });

  it('begins its attempts anew when it is retried', async () => {
    const { storage, engine } = await faulty([timer()], [1_000]);
    await engine.start('P');
    failing(storage);
    await engine.advance(3_600_000 + 1_000);
    await retry(engine, (await engine.incidents())[0]!.id);
    await engine.engine.idle();
    expect((await jobs(engine))[0]).to.include({ attempts: 1, failed: false });
    await engine.advance(1_000);
    expect(await engine.incidents()).to.have.length(1);
    engine.takeErrors();
  });

  it('goes with what it belongs to', async () => {
    const { storage, engine } = await faulty([timer()], []);
    const { processInstanceId } = await engine.start('P');
    failing(storage);
    await engine.advance(3_600_000);
    expect(await engine.incidents()).to.have.length(1);
    await engine.engine.managementApi.terminateProcessInstance(engine.identity, processInstanceId);
    expect(await engine.incidents()).to.deep.equal([]);
    expect(await jobs(engine)).to.deep.equal([]);
    engine.takeErrors();
  });

  it('is not counted as failed where another commit was in its way', async () => {
    const { storage, engine } = await faulty([timer()], []);
    const { processInstanceId } = await engine.start('P');
    let conflicts = 25;
    const conflict: Fault = { when: 'before', error: new ConflictError('elsewhere') };
    failing(storage, () => ((conflicts -= 1) >= 0 ? conflict : undefined));
    await engine.advance(3_600_000 + 2_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    expect(engine.engine.statistics).to.include({ failedJobs: 0, jobIncidents: 0 });
    expect(engine.engine.statistics.conflicts).to.be.greaterThan(20);
  });

  it('answers whoever waits for the end of its instance, or of one that called it', async () => {
    const child = processBuilder('Called')
      .startEvent('CS')
      .node('intermediateCatchEvent', 'T', {}, definitions.timer('timeDuration', 'PT1H'))
      .endEvent('CE');
    const { storage, engine } = await faulty([caller(), child], []);
    const { answer } = await engine.begin('P');
    failing(storage);
    await engine.advance(3_600_000);
    expect(await errorOf(answer)).to.include({ code: 500, reason: 'incident' });
    engine.takeErrors();
  });
});

describe('Resolving a job that failed', () => {
  async function failedCall() {
    const { storage, engine } = await faulty([caller(), called()], []);
    failing(storage);
    const { processInstanceId } = await engine.start('P');
    const [incident] = await engine.incidents();
    expect(incident!.jobKind).to.equal('call');
    engine.takeErrors();
    return { storage, engine, processInstanceId, incident: incident! };
  }
  const resolve = (engine: Scenario, id: string) => engine.engine.managementApi.resolveIncident(engine.identity, id);

  it('lets a call return without a result', async () => {
    const { storage, engine, processInstanceId, incident } = await failedCall();
    storage.failing = undefined;
    await resolve(engine, incident.id);
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    expect(await engine.instancesOf('Called')).to.deep.equal([]);
    expect(await engine.incidents()).to.deep.equal([]);
  });

  it('starts a called process once, however often it is retried at the same time', async () => {
    const { storage, engine, incident } = await failedCall();
    storage.failing = undefined;
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => retry(engine, incident.id)));
    await engine.engine.idle();
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await engine.instancesOf('Called')).to.have.length(1);
  });

  it('is refused where the instance cannot go on without it', async () => {
    const { storage, engine } = await faulty([timer()], []);
    await engine.start('P');
    failing(storage);
    await engine.advance(3_600_000);
    const [incident] = await engine.incidents();
    expect(await errorOf(resolve(engine, incident!.id))).to.include({ code: 409, reason: 'incident-not-resolvable' });
    engine.takeErrors();
  });

  it('drops a message that could not be sent', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .node('intermediateThrowEvent', 'T', {}, definitions.message('M'))
      .userTask('A')
      .endEvent('E');
    const { storage, engine } = await faulty([model], []);
    failing(storage);
    await engine.start('P');
    const [incident] = await engine.incidents();
    expect(incident!.jobKind).to.equal('publish');
    storage.failing = undefined;
    await resolve(engine, incident!.id);
    expect(await jobs(engine)).to.deep.equal([]);
    engine.takeErrors();
  });

  it('leaves a start out whose schedule has gone on meanwhile', async () => {
    const model = processBuilder('P').startEvent('S', definitions.timer('timeCycle', '0 * * * *')).endEvent('E');
    const { storage, engine } = await faulty([model], []);
    failing(storage);
    await engine.advance(3_600_000);
    const [incident] = await engine.incidents();
    expect(incident).to.deep.include({ jobKind: 'start-timer', processModelId: 'P', flowNodeId: 'S' });
    expect(incident).not.to.have.property('processInstanceId');
    storage.failing = undefined;
    await engine.advance(2 * 3_600_000);
    expect(await engine.instancesOf('P')).to.have.length(2);

    await retry(engine, incident!.id);
    await nextTurn();
    await engine.engine.idle();
    expect(await engine.instancesOf('P')).to.have.length(3);
    await engine.advance(3_600_000);
    expect(await engine.instancesOf('P')).to.have.length(4);
    expect((await jobs(engine)).map(({ kind }) => kind)).to.deep.equal(['start-timer']);
    engine.takeErrors();
  });
});

describe('Retries of failed work', () => {
  const model = () =>
    processBuilder('P')
      .startEvent('S')
      .node('serviceTask', 'W', { 'camunda:type': 'external', 'camunda:topic': 'w' })
      .endEvent('E');

  async function attempts(retries: Parameters<typeof scenario>[1]) {
    const engine = await scenario([model()], retries);
    await engine.start('P');
    const pauses: number[] = [];
    for (;;) {
      await engine.failWork('w', 'no');
      const [job] = await jobs(engine);
      if (job === undefined) return { engine, pauses };
      pauses.push(Date.parse(job.dueAt) - engine.clock.now());
      await engine.advanceTo(job.dueAt);
    }
  }

  it('follow a text like R3/PT1M, or a list of durations', async () => {
    expect((await attempts({ retries: 'R3/PT1M' })).pauses).to.deep.equal([60_000, 60_000, 60_000]);
    expect((await attempts({ retries: 'PT10S,PT1M' })).pauses).to.deep.equal([10_000, 60_000]);
  });

  it('follow pauses that grow up to a limit, a little changed by chance', async () => {
    const exact = await attempts({ retries: { attempts: 4, initialDelay: 1_000, maxDelay: 5_000, jitter: 0 } });
    expect(exact.pauses).to.deep.equal([1_000, 2_000, 4_000, 5_000]);
    const { pauses, engine } = await attempts({
      retries: { attempts: 40, initialDelay: 100_000, factor: 1, jitter: 0.5 },
    });
    expect(pauses.every((pause) => pause >= 50_000 && pause <= 150_000)).to.equal(true);
    expect(Math.min(...pauses)).to.be.lessThan(100_000);
    expect(Math.max(...pauses)).to.be.greaterThan(100_000);
    const [incident] = await engine.incidents();
    await retry(engine, incident!.id, { again: true });
    expect(await engine.fetch('w')).to.have.length(1);
  });

  it('are refused where they cannot be read, with the option named', async () => {
    for (const [retries, message] of [
      ['R/PT1M', /^retries: .*R\/PT1M/],
      ['often', /^retries: .*often/],
      [[-1], /^retries: each delay/],
      [{ attempts: 3, initialDelay: 10, jitter: 2 }, /^retries\.jitter/],
    ] as const) {
      const error = await errorOf(scenario([], { retries }));
      expect(error).to.be.instanceOf(TypeError);
      expect(error.message).to.match(message);
    }
  });
});
