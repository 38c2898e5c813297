import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

type Kind = Parameters<typeof definitions.timer>[0];

function catching(kind: Kind, text: string) {
  return processBuilder('P')
    .startEvent('S')
    .node('intermediateCatchEvent', 'C', {}, definitions.timer(kind, text))
    .endEvent('E');
}

const DAY = 86_400_000;

describe('A timer catch event', () => {
  for (const [text, milliseconds] of [
    ['PT2S', 2_000],
    ['P0Y0M0DT0H0M5S', 5_000],
    ['P30D', 30 * DAY],
    ['P60D', 60 * DAY],
    ['P1M', 31 * DAY],
    ['P10Y', (365 * 10 + 2) * DAY],
  ] as const) {
    it(`waits ${text}, to the millisecond`, async () => {
      const engine = await scenario([catching('timeDuration', text)]);
      const { processInstanceId } = await engine.start('P', { v: 1 });
      await engine.advance(milliseconds - 1);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
      await engine.advance(1);
      expect(await engine.state(processInstanceId)).to.equal('finished');
      expect(await engine.result(processInstanceId, 'E')).to.deep.equal({ v: 1 });
    });
  }

  it('waits for a date', async () => {
    const engine = await scenario([catching('timeDate', '2030-01-31T12:00:00+02:00')]);
    const { processInstanceId } = await engine.start('P');
    await engine.advanceTo('2030-01-31T09:59:59.999Z');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
    await engine.advanceTo('2030-01-31T10:00:00Z');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('whose date has passed goes on at once', async () => {
    const engine = await scenario([catching('timeDate', '2001-01-01')]);
    expect((await engine.call('P')).endEventId).to.equal('E');
  });

  for (const zero of ['PT0S', '-PT5S']) {
    it(`whose duration is ${zero} goes on at once`, async () => {
      const engine = await scenario([catching('timeDuration', zero)]);
      expect((await engine.call('P')).endEventId).to.equal('E');
    });
  }

  for (const [what, kind, text] of [
    ['a marked expression', 'timeDuration', '${wait}'],
    ['an expression about the token', 'timeDuration', 'token.current.wait'],
    ['a date that is an expression', 'timeDate', '${at}'],
  ] as const) {
    it(`may be ${what}`, async () => {
      const engine = await scenario([catching(kind, text)]);
      const { processInstanceId } = await engine.start('P', { wait: 'PT1H', at: '2030-01-01T01:00:00Z' });
      await engine.advance(3_599_999);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
      await engine.advance(1);
      expect(await engine.state(processInstanceId)).to.equal('finished');
    });
  }

  it('whose expression gives no time fails the instance with 422', async () => {
    const engine = await scenario([catching('timeDuration', '${wait}')]);
    const error = await errorOf(engine.call('P', { wait: 'soon' }));
    expect(error).to.include({ code: 422 });
    expect(error.message).to.match(/not in ISO8601 format/i);
    expect(await errorOf(engine.call('P'))).to.include({ code: 422 });
    expect((await errorOf(engine.call('P', { wait: { a: 1 } }))).message).to.match(/not in ISO8601 format/i);
  });

  it('with a text that is no time, or a cycle, is refused at deployment', async () => {
    const engine = await scenario([]);
    expect((await errorOf(engine.deploy(catching('timeDuration', 'soon')))).message).to.match(/not in ISO8601 format/i);
    expect((await errorOf(engine.deploy(catching('timeCycle', 'R3/PT1H')))).message).to.match(
      /only allowed for TimerStartEvents/i,
    );
  });

  it('shows up among the subscriptions with its due time', async () => {
    const engine = await scenario([catching('timeDuration', 'PT1H')]);
    const { processInstanceId } = await engine.start('P');
    const [timer] = await engine.subscriptions();
    expect(timer).to.include({
      kind: 'timer',
      flowNodeId: 'C',
      processModelId: 'P',
      processInstanceId,
      dueAt: '2030-01-01T01:00:00.000Z',
    });
  });

  it('two that are due at the same time both fire', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateCatchEvent', 'C1', {}, definitions.timer('timeDuration', 'PT1H'))
      .parallelGateway('J')
      .endEvent('E')
      .from('F')
      .node('intermediateCatchEvent', 'C2', {}, definitions.timer('timeDuration', 'PT1H'))
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(3_600_000);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});

describe('A timer boundary event', () => {
  const hosting = (kind: Kind, text: string, attributes: Readonly<Record<string, boolean>> = {}) =>
    processBuilder('P')
      .startEvent('S')
      .userTask('A')
      .endEvent('E')
      .boundaryEvent('B', 'A', definitions.timer(kind, text), attributes)
      .userTask('H')
      .endEvent('E2');

  it('that interrupts ends its host and passes the payload of the host on', async () => {
    const engine = await scenario([hosting('timeDuration', 'PT1H')]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.advance(3_600_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect((await engine.entry(processInstanceId, 'A')).state).to.equal('cancelled');
    expect(await engine.payloadAt('H')).to.deep.equal({ v: 1 });
  });

  it('that does not interrupt fires once and leaves its host alone', async () => {
    const engine = await scenario([hosting('timeDuration', 'PT1H', { cancelActivity: false })]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(10 * 3_600_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
  });

  it('is gone with its host', async () => {
    const engine = await scenario([hosting('timeDuration', 'PT1H')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.subscriptions()).to.deep.equal([]);
    await engine.advance(3_600_000);
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'E']);
  });

  it('whose date has passed fires as soon as its host waits', async () => {
    const engine = await scenario([hosting('timeDate', '2001-01-01T00:00:00Z')]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('that does not interrupt may repeat, as often as its cycle says', async () => {
    const engine = await scenario([hosting('timeCycle', 'R3/PT1H', { cancelActivity: false })]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(3_600_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    await engine.advance(10 * 3_600_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H', 'H']);
    expect(await engine.subscriptions()).to.deep.equal([]);
  });

  it('that repeats without end ends with its host', async () => {
    const engine = await scenario([hosting('timeCycle', 'R/PT1H', { cancelActivity: false })]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(5 * 3_600_000);
    expect((await engine.waiting(processInstanceId)).filter((id) => id === 'H')).to.have.length(5);
    await engine.finish('A');
    await engine.advance(5 * 3_600_000);
    expect((await engine.waiting(processInstanceId)).filter((id) => id === 'H')).to.have.length(5);
  });

  it('may repeat by a cron expression', async () => {
    const engine = await scenario([hosting('timeCycle', '0 */6 * * *', { cancelActivity: false })]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(DAY);
    expect((await engine.waiting(processInstanceId)).filter((id) => id === 'H')).to.have.length(4);
  });

  it('that interrupts cannot repeat', async () => {
    const engine = await scenario([]);
    expect(await errorOf(engine.deploy(hosting('timeCycle', 'R3/PT1H')))).to.include({ code: 422 });
  });

  it('on a sub-process counts from its beginning, whatever happens inside', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) => inner.startEvent('IS').userTask('A').userTask('A2').endEvent('IE'))
      .endEvent('E')
      .boundaryEvent('B', 'SP', definitions.timer('timeDuration', 'PT1H'))
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(3_000_000);
    await engine.finish('A');
    await engine.advance(600_000);
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'IS', 'A', 'B', 'E2']);
  });

  it('whose expression gives no time fails its host', async () => {
    const engine = await scenario([hosting('timeDuration', '${wait}')]);
    expect(await errorOf(engine.call('P', { wait: 'soon' }))).to.include({ code: 422 });
  });
});
