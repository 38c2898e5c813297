import { expect } from 'chai';
import { nextDue, parseTimer, TimerSyntaxError, type TimerKind } from '../../dist/model/timers.js';

const at = (iso: string): number => Date.parse(iso);

/** The times at which a timer fires if each is met on time. */
function firings(
  kind: TimerKind,
  text: string,
  { from, most = 5, timeZone = 'UTC' }: { from: string; most?: number; timeZone?: string },
) {
  const timer = parseTimer(kind, text, timeZone);
  const times: string[] = [];
  let now = at(from);
  let last: number | undefined;
  while (times.length < most) {
    const due = nextDue(timer, { now, last, count: times.length });
    if (due === undefined) break;
    times.push(new Date(due).toISOString());
    last = due;
    now = Math.max(now, due);
  }
  return times;
}

describe('timers', () => {
  it('fire once at a date, also one that has passed', () => {
    expect(firings('date', '2030-01-31T12:00:00Z', { from: '2026-01-01T00:00:00Z' })).to.deep.equal([
      '2030-01-31T12:00:00.000Z',
    ]);
    expect(firings('date', '2020-01-31', { from: '2026-01-01T00:00:00Z' })).to.deep.equal(['2020-01-31T00:00:00.000Z']);
  });

  it('read a date without offset in the given time zone', () => {
    const date = (timeZone?: string) => parseTimer('date', '2026-07-01T12:00', timeZone);
    expect(date()).to.deep.equal({ kind: 'date', at: at('2026-07-01T12:00:00Z') });
    expect(date('Europe/Berlin')).to.deep.equal({ kind: 'date', at: at('2026-07-01T10:00:00Z') });
  });

  const durations: [string, string][] = [
    ['PT2S', '2026-01-31T00:00:02.000Z'],
    ['P0Y0M0DT0H0M5S', '2026-01-31T00:00:05.000Z'],
    ['P1M', '2026-02-28T00:00:00.000Z'],
    ['P1Y2M3DT4H5M6.7S', '2027-04-03T04:05:06.700Z'],
    ['P2W', '2026-02-14T00:00:00.000Z'],
    [' PT1M ', '2026-01-31T00:01:00.000Z'],
  ];
  for (const [text, due] of durations) {
    it(`count the duration '${text}' by the calendar`, () => {
      expect(firings('duration', text, { from: '2026-01-31T00:00:00Z' })).to.deep.equal([due]);
    });
  }

  it('repeat an interval as often as the cycle says', () => {
    expect(firings('cycle', 'R3/PT1H', { from: '2026-01-01T00:00:00Z' })).to.deep.equal([
      '2026-01-01T01:00:00.000Z',
      '2026-01-01T02:00:00.000Z',
      '2026-01-01T03:00:00.000Z',
    ]);
    expect(firings('cycle', 'R/PT1H', { from: '2026-01-01T00:00:00Z', most: 9 })).to.have.length(9);
    expect(firings('cycle', 'R0/PT1H', { from: '2026-01-01T00:00:00Z' })).to.deep.equal([]);
  });

  it('start a cycle with a start at that time', () => {
    expect(firings('cycle', 'R2/2030-05-01T08:00Z/P1D', { from: '2026-01-01T00:00:00Z' })).to.deep.equal([
      '2030-05-01T08:00:00.000Z',
      '2030-05-02T08:00:00.000Z',
    ]);
    expect(firings('cycle', 'R3/2026-01-31T00:00Z/P1M', { from: '2026-01-01T00:00:00Z' })).to.deep.equal([
      '2026-01-31T00:00:00.000Z',
      '2026-02-28T00:00:00.000Z',
      '2026-03-31T00:00:00.000Z',
    ]);
  });

  it('leave out the times of a cycle that lie before the timer was set', () => {
    expect(firings('cycle', 'R3/2026-01-01T00:00Z/P1D', { from: '2026-01-02T12:00:00Z' })).to.deep.equal([
      '2026-01-03T00:00:00.000Z',
    ]);
    expect(firings('cycle', 'R3/2020-01-01T00:00Z/P1D', { from: '2026-01-02T12:00:00Z' })).to.deep.equal([]);
    expect(firings('cycle', 'R/1990-01-01T00:00Z/PT1S', { from: '2026-01-01T00:00:00.500Z', most: 1 })).to.deep.equal([
      '2026-01-01T00:00:01.000Z',
    ]);
  });

  it('end a cycle at its end', () => {
    expect(firings('cycle', 'R/PT1H/2026-01-01T02:30Z', { from: '2026-01-01T00:00:00Z' })).to.deep.equal([
      '2026-01-01T01:00:00.000Z',
      '2026-01-01T02:00:00.000Z',
    ]);
  });

  it('take the interval of a cycle from its start and end', () => {
    expect(firings('cycle', 'R2/2030-01-01T00:00Z/2030-01-01T06:00Z', { from: '2026-01-01T00:00:00Z' })).to.deep.equal([
      '2030-01-01T00:00:00.000Z',
      '2030-01-01T06:00:00.000Z',
    ]);
  });

  it('do not make up for the times of a cycle that were missed', () => {
    const timer = parseTimer('cycle', 'R5/PT1H');
    const due = nextDue(timer, { now: at('2026-01-01T10:30:00Z'), last: at('2026-01-01T01:00:00Z'), count: 1 });
    expect(due).to.equal(at('2026-01-01T11:00:00Z'));
    const monthly = parseTimer('cycle', 'R/P1M');
    expect(nextDue(monthly, { now: at('2026-01-15T00:00:00Z'), last: at('2000-01-01T00:00:00Z'), count: 1 })).to.equal(
      at('2026-02-01T00:00:00Z'),
    );
  });

  it('follow cron expressions of five and six fields, in UTC or the time zone given', () => {
    expect(firings('cycle', '30 12 * * 1', { from: '2026-01-01T00:00:00Z', most: 2 })).to.deep.equal([
      '2026-01-05T12:30:00.000Z',
      '2026-01-12T12:30:00.000Z',
    ]);
    expect(firings('cycle', '*/30 * * * * *', { from: '2026-01-01T00:00:00Z', most: 2 })).to.deep.equal([
      '2026-01-01T00:00:30.000Z',
      '2026-01-01T00:01:00.000Z',
    ]);
    expect(
      firings('cycle', '0 8 * * *', { from: '2026-07-01T00:00:00Z', most: 1, timeZone: 'Europe/Berlin' }),
    ).to.deep.equal(['2026-07-01T06:00:00.000Z']);
    expect(firings('cycle', '0 0 31 2 *', { from: '2026-01-01T00:00:00Z' })).to.deep.equal([]);
  });

  it('are not due twice by cron when the clock is set back', () => {
    const timer = parseTimer('cycle', '0 * * * *');
    const last = at('2026-01-01T01:00:00Z');
    expect(nextDue(timer, { now: last - 5_000, last, count: 1 })).to.equal(at('2026-01-01T02:00:00Z'));
  });

  it('survive as JSON', () => {
    const timer = parseTimer('cycle', 'R/2030-01-01T00:00Z/P1D');
    const copy = JSON.parse(JSON.stringify(timer)) as typeof timer;
    expect(nextDue(copy, { now: 0, count: 0 })).to.equal(at('2030-01-01T00:00:00Z'));
  });

  it('are never due beyond the range of dates', () => {
    expect(nextDue(parseTimer('duration', 'P999999Y'), { now: 0, count: 0 })).to.equal(undefined);
  });

  const wrong: [TimerKind, string, RegExp][] = [
    ['date', '', /not in ISO8601 format/i],
    ['date', '12:00', /not in ISO8601 format/i],
    ['date', 'tomorrow', /not in ISO8601 format/i],
    ['date', '2026-13-01', /not in ISO8601 format/i],
    ['date', 'PT5S', /not in ISO8601 format/i],
    ['duration', '5 seconds', /not in ISO8601 format/i],
    ['duration', 'P', /not in ISO8601 format/i],
    ['duration', 'PT', /not in ISO8601 format/i],
    ['duration', '2026-01-01', /not in ISO8601 format/i],
    ['cycle', 'PT5S', /not in ISO8601 format/i],
    ['cycle', 'R3', /not in ISO8601 format/i],
    ['cycle', 'R3/', /not in ISO8601 format/i],
    ['cycle', 'R-1/PT1S', /not in ISO8601 format/i],
    ['cycle', 'R3/PT1S/PT1S/PT1S', /not in ISO8601 format/i],
    ['cycle', 'R3/PT0S', /longer than zero/i],
    ['cycle', 'R3/P1M-30D', /not in ISO8601 format|longer than zero/i],
    ['cycle', 'R3/2030-01-02T00:00Z/2030-01-01T00:00Z', /longer than zero/i],
    ['cycle', '* * * *', /not in ISO8601 format/i],
    ['cycle', '60 * * * *', /not valid/i],
    ['cycle', '* * * * * * *', /not in ISO8601 format/i],
    ['cycle', '@daily', /not in ISO8601 format/i],
  ];
  for (const [kind, text, message] of wrong) {
    it(`refuse the ${kind} '${text}'`, () => {
      expect(() => parseTimer(kind, text)).to.throw(TimerSyntaxError, message);
    });
  }
});
