import { Cron } from 'croner';
import { DateTime, Duration } from 'luxon';

/** How a timer event names its time (BPMN 10.5.5, TimerEventDefinition). */
export type TimerKind = 'date' | 'duration' | 'cycle';

/** A timer as data. Times are milliseconds since the epoch, durations ISO 8601 texts. */
export type Timer =
  | { readonly kind: 'date'; readonly at: number }
  | { readonly kind: 'duration'; readonly duration: string }
  | RepeatingTimer
  | CronTimer;

/** ISO 8601 repeating interval. */
export interface RepeatingTimer {
  readonly kind: 'repeating';
  /** How often it fires; undefined: without end. */
  readonly repetitions: number | undefined;
  readonly duration: string;
  /** The first time; undefined: one interval after the timer was set. */
  readonly start: number | undefined;
  /** It does not fire after this. */
  readonly end: number | undefined;
}

export interface CronTimer {
  readonly kind: 'cron';
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** What `nextDue` needs to know besides the timer. */
export interface TimerProgress {
  /** Now, in milliseconds since the epoch. */
  readonly now: number;
  /** When it was due the last time; undefined before the first time. */
  readonly last?: number | undefined;
  /** How often it has fired. */
  readonly count: number;
}

/** A timer text that is no ISO 8601 date, duration or repeating interval, and no cron expression. */
export class TimerSyntaxError extends Error {
  override readonly name = 'TimerSyntaxError';
}

/**
 * Reads a timer's text.
 *
 * - `date`: ISO 8601 date or date and time; without offset it is in `timeZone`
 * - `duration`: ISO 8601 duration
 * - `cycle`: ISO 8601 repeating interval (`R3/PT1H`, `R/2030-01-01T00:00Z/P1D`, `R5/PT1H/2030-01-01`), or a cron
 *   expression of five fields, or of six with the seconds first
 *
 * @param timeZone IANA name; default UTC
 * @throws TimerSyntaxError
 */
export function parseTimer(kind: TimerKind, text: string, timeZone = 'UTC'): Timer {
  const trimmed = text.trim();
  switch (kind) {
    case 'date':
      return { kind, at: parseDate(trimmed, timeZone) };
    case 'duration':
      return { kind, duration: parseDuration(trimmed) };
    case 'cycle':
      return /^R/i.test(trimmed) && trimmed.includes('/')
        ? parseRepeating(trimmed, timeZone)
        : parseCron(trimmed, timeZone);
  }
}

/**
 * When the timer is due next, in milliseconds since the epoch; undefined: never again. Months and years are counted by
 * the calendar in UTC. Times that were missed are not made up for: after a late one the next lies after `now`.
 */
export function nextDue(timer: Timer, progress: TimerProgress): number | undefined {
  const due = dueOf(timer, progress);
  // Beyond the range of dates there is no time.
  return Number.isNaN(due) ? undefined : due;
}

function dueOf(timer: Timer, progress: TimerProgress): number | undefined {
  switch (timer.kind) {
    case 'date':
      return progress.count === 0 ? timer.at : undefined;
    case 'duration':
      return progress.count === 0 ? later(progress.now, timer.duration, 1) : undefined;
    case 'cron':
      return nextByCron(timer, progress);
    case 'repeating':
      return nextRepetition(timer, progress);
  }
}

const NOT_ISO = 'is not in ISO8601 format';

function parseDate(text: string, timeZone: string): number {
  const date = DateTime.fromISO(text, { zone: timeZone });
  // luxon also reads times without a date, as times of today.
  if (!date.isValid || !/^[+-]?\d{4}/.test(text)) {
    throw new TimerSyntaxError(`the date '${text}' ${NOT_ISO}, for example 2030-01-31T12:00:00Z`);
  }
  return date.toMillis();
}

function parseDuration(text: string): string {
  const duration = Duration.fromISO(text);
  if (!duration.isValid || !/\d/.test(text)) {
    throw new TimerSyntaxError(`the duration '${text}' ${NOT_ISO}, for example PT15M or P1DT12H`);
  }
  return text;
}

function parseRepeating(text: string, timeZone: string): RepeatingTimer {
  const [head = '', first = '', second, ...rest] = text.split('/');
  const repetitions = /^R(\d*)$/i.exec(head)?.[1];
  if (repetitions === undefined || rest.length > 0) {
    throw new TimerSyntaxError(`the cycle '${text}' ${NOT_ISO}, for example R3/PT1H, and no cron expression`);
  }
  const interval = parseInterval(first, second, timeZone);
  // Mixed signs would let the times run backwards now and then.
  if (interval.duration.includes('-') || later(0, interval.duration, 1) <= 0) {
    throw new TimerSyntaxError(`the cycle '${text}' does not advance: its interval has to be longer than zero`);
  }
  return { kind: 'repeating', repetitions: repetitions === '' ? undefined : Number(repetitions), ...interval };
}

type Interval = Pick<RepeatingTimer, 'duration' | 'start' | 'end'>;

/** `duration`, `start/duration`, `duration/end` or `start/end`. */
function parseInterval(first: string, second: string | undefined, timeZone: string): Interval {
  if (second === undefined) return { duration: parseDuration(first), start: undefined, end: undefined };
  if (isDuration(first)) return { duration: parseDuration(first), start: undefined, end: parseDate(second, timeZone) };
  const start = parseDate(first, timeZone);
  if (isDuration(second)) return { duration: parseDuration(second), start, end: undefined };
  const length = parseDate(second, timeZone) - start;
  return { duration: Duration.fromMillis(length).toISO(), start, end: undefined };
}

function isDuration(text: string): boolean {
  return /^[+-]?P/i.test(text);
}

function parseCron(expression: string, timeZone: string): CronTimer {
  const fields = expression.split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) {
    throw new TimerSyntaxError(
      `the cycle '${expression}' ${NOT_ISO}, for example R3/PT1H, and no cron expression of five or six fields`,
    );
  }
  try {
    cronOf(expression, timeZone);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw new TimerSyntaxError(`the cron expression '${expression}' is not valid: ${reason}`);
  }
  return { kind: 'cron', expression, timeZone };
}

function cronOf(expression: string, timeZone: string): Cron {
  return new Cron(expression, { timezone: timeZone, mode: '5-or-6-parts', paused: true });
}

function nextByCron({ expression, timeZone }: CronTimer, { now, last }: TimerProgress): number | undefined {
  // A clock set back must not make the same time due again.
  const after = new Date(last === undefined ? now : Math.max(now, last));
  return cronOf(expression, timeZone).nextRun(after)?.getTime();
}

function nextRepetition(timer: RepeatingTimer, progress: TimerProgress): number | undefined {
  if (timer.repetitions !== undefined && progress.count >= timer.repetitions) return undefined;
  const due = timer.start === undefined ? nextFromLast(timer, progress) : nextFromStart(timer, timer.start, progress);
  return due === undefined || (timer.end !== undefined && due > timer.end) ? undefined : due;
}

function nextFromLast({ duration }: RepeatingTimer, { now, last }: TimerProgress): number {
  if (last === undefined) return later(now, duration, 1);
  const next = later(last, duration, 1);
  return next > now ? next : later(last, duration, intervalsUntil(last, now, duration));
}

/** The times are fixed: `start` and the intervals after it, `repetitions` in all. */
function nextFromStart(timer: RepeatingTimer, start: number, { now, last }: TimerProgress): number | undefined {
  const after = last === undefined ? now - 1 : Math.max(now, last);
  const intervals = after < start ? 0 : intervalsUntil(start, after, timer.duration);
  if (timer.repetitions !== undefined && intervals >= timer.repetitions) return undefined;
  return later(start, timer.duration, intervals);
}

/** How many intervals from `from` it takes to get past `after`. */
function intervalsUntil(from: number, after: number, text: string): number {
  const duration = Duration.fromISO(text);
  // Months and years differ in length: start from an estimate that is surely not too high, go on by single intervals.
  const slack = duration.months === 0 && duration.years === 0 ? 1 : 1.05;
  let intervals = Math.max(1, Math.floor((after - from) / (duration.toMillis() * slack)));
  while (later(from, text, intervals) <= after) intervals += 1;
  return intervals;
}

/** `from` and `times` durations after it, by the calendar in UTC. */
function later(from: number, text: string, times: number): number {
  const duration = Duration.fromISO(text).mapUnits((amount) => amount * times);
  return DateTime.fromMillis(from, { zone: 'utc' }).plus(duration).toMillis();
}
