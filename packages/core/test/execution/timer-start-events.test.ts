import { expect } from 'chai';
import { INTERNAL_USER_ID } from '@process-engine/contracts';
import { definitions, processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

type Kind = Parameters<typeof definitions.timer>[0];

const HOUR = 3_600_000;

function started(kind: Kind, text: string, properties = '') {
  return processBuilder('P')
    .startEvent('S', properties + definitions.timer(kind, text))
    .userTask('A')
    .endEvent('E');
}

describe('A timer start event', () => {
  for (const [what, kind, text, times] of [
    ['by a date starts once, at that time', 'timeDate', '2030-01-01T02:00:00Z', [2]],
    ['by a duration starts once, counted from the deployment', 'timeDuration', 'PT3H', [3]],
    ['by a cycle starts as often as it says', 'timeCycle', 'R3/PT2H', [2, 4, 6]],
    ['by a cycle with a beginning starts from there', 'timeCycle', 'R2/2030-01-01T05:00:00Z/PT1H', [5, 6]],
    ['by a cron expression starts whenever it is due', 'timeCycle', '30 */4 * * *', [0.5, 4.5, 8.5]],
    ['by a cron expression with seconds starts to the second', 'timeCycle', '0 0 */5 * * *', [5, 10]],
  ] as const) {
    it(what, async () => {
      const engine = await scenario([started(kind, text)]);
      await engine.advance(12 * HOUR - 1);
      const { processInstances } = await engine.engine.managementApi.getProcessInstances(engine.identity);
      const hours = processInstances.map(({ startedAt }) => (Date.parse(startedAt) - Date.UTC(2030, 0, 1)) / HOUR);
      expect(hours).to.deep.equal(times);
    });
  }

  it('starts its instances for the engine itself, with an empty payload, and keeps a record of each run', async () => {
    const engine = await scenario([started('timeCycle', 'R2/PT1H')]);
    await engine.advance(3 * HOUR);
    const [first] = await engine.instancesOf('P');
    const instance = await engine.instance(first!);
    expect(instance.ownerId).to.equal(INTERNAL_USER_ID);
    expect(instance.correlationId).to.match(/^cronjob_/);
    expect(await engine.payloadAt('A')).to.deep.equal({});
    const { items } = await engine.storage.findCronRuns({ processModelId: 'P' });
    expect(
      items.map(({ startEventId, schedule, dueAt, executedAt }) => ({ startEventId, schedule, dueAt, executedAt })),
    ).to.deep.equal(
      [1, 2].map((hour) => ({
        startEventId: 'S',
        schedule: 'R2/PT1H',
        dueAt: Date.UTC(2030, 0, 1, hour),
        executedAt: Date.UTC(2030, 0, 1, hour),
      })),
    );
  });

  it('whose date has passed starts at the deployment', async () => {
    const engine = await scenario([started('timeDate', '2001-01-01T00:00:00Z')]);
    await engine.advance(0);
    expect(await engine.instancesOf('P')).to.have.length(1);
  });

  it('may also be started by hand, at once', async () => {
    const engine = await scenario([started('timeDuration', 'PT3H')]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect(await engine.payloadAt('A')).to.deep.equal({ v: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });

  it('of an older version does not start any more', async () => {
    const engine = await scenario([started('timeCycle', 'R/PT2H')]);
    await engine.advance(3 * HOUR);
    await engine.deploy(started('timeCycle', 'R/PT5H'));
    await engine.advance(6 * HOUR);
    expect(await engine.instancesOf('P')).to.have.length(2);
    expect((await engine.subscriptions()).filter(({ kind }) => kind === 'timer')).to.have.length(1);
  });

  it('goes on with its schedule when the same text is deployed again', async () => {
    const engine = await scenario([started('timeCycle', 'R/PT2H')]);
    await engine.advance(HOUR);
    await engine.deploy(started('timeCycle', 'R/PT2H'));
    await engine.advance(HOUR);
    expect(await engine.instancesOf('P')).to.have.length(1);
  });

  it('of a deleted model does not start any more', async () => {
    const engine = await scenario([started('timeCycle', 'R/PT2H')]);
    await engine.engine.managementApi.deleteProcessModel(engine.identity, 'P');
    await engine.advance(12 * HOUR);
    expect(await engine.instancesOf('P')).to.deep.equal([]);
  });

  it('that is switched off, or in a model that is not executable, does not start', async () => {
    const off = started('timeCycle', 'R/PT2H', propertiesXml({ enabled: 'false' }));
    const drawing = processBuilder('Q', { isExecutable: false })
      .startEvent('QS', definitions.timer('timeCycle', 'R/PT2H'))
      .endEvent('QE');
    const engine = await scenario([off, drawing]);
    await engine.advance(12 * HOUR);
    expect((await engine.engine.managementApi.getProcessInstances(engine.identity)).totalCount).to.equal(0);
  });

  it('two of one model have schedules of their own', async () => {
    const model = processBuilder('P')
      .startEvent('S1', definitions.timer('timeCycle', 'R/PT2H'))
      .endEvent('E1')
      .startEvent('S2', definitions.timer('timeCycle', 'R/PT3H'))
      .endEvent('E2');
    const engine = await scenario([model]);
    await engine.advance(6 * HOUR);
    expect(await engine.instancesOf('P')).to.have.length(5);
  });

  it('does not make up for times the engine slept through', async () => {
    const engine = await scenario([started('timeCycle', 'R/PT1H')]);
    engine.clock.set(engine.clock.now() + 10.5 * HOUR);
    await engine.advance(0);
    expect(await engine.instancesOf('P')).to.have.length(1);
    await engine.advance(HOUR);
    expect(await engine.instancesOf('P')).to.have.length(2);
  });
});
