/** When failed work is tried again: as the options of an engine say it, and as the engine uses it. */
import { parseRetryDelays } from '../model/retry-delays.js';

/** Pauses that grow with every failure. */
export interface BackOff {
  /** Further attempts, at most 1,000. */
  readonly attempts: number;
  /** ms before the first of them. */
  readonly initialDelay: number;
  /** Each pause is so many times as long as the one before. Default 2. */
  readonly factor?: number | undefined;
  /** ms no pause exceeds. Default: an hour. */
  readonly maxDelay?: number | undefined;
  /** Part of a pause, 0 to 1, by which it is lengthened or shortened by chance, so that not all come at once. Default 0.2. */
  readonly jitter?: number | undefined;
}

/**
 * Delays in ms before each further attempt · a text: `R5/PT1M` (five, a minute apart) or one ISO 8601 duration per
 * attempt, `PT10S,PT1M,PT10M` · pauses that grow.
 */
export type RetrySchedule = readonly number[] | string | BackOff;

export interface RetryDelays {
  /** ms before each further attempt. */
  readonly delays: readonly number[];
  /** Part by which chance changes them. */
  readonly jitter: number;
}

const MOST_ATTEMPTS = 1_000;
const LONGEST_DELAY = 60 * 60 * 1_000;

/**
 * Reads a schedule.
 *
 * @param option its name, for errors
 * @throws TypeError, naming the option
 */
export function retryDelaysOf(schedule: RetrySchedule, option: string): RetryDelays {
  if (typeof schedule === 'string') return { delays: textDelays(schedule, option), jitter: 0 };
  if (isList(schedule)) {
    for (const delay of schedule) ensureNumber(delay, `${option}: each delay`, Number.MAX_SAFE_INTEGER);
    return { delays: schedule, jitter: 0 };
  }
  return backOffDelays(schedule, option);
}

function isList(schedule: readonly number[] | BackOff): schedule is readonly number[] {
  return Array.isArray(schedule);
}

function textDelays(text: string, option: string): readonly number[] {
  try {
    return parseRetryDelays(text);
  } catch (error) {
    throw new TypeError(`${option}: ${(error as Error).message}`, { cause: error });
  }
}

function backOffDelays(backOff: BackOff, option: string): RetryDelays {
  const { attempts, initialDelay, factor = 2, maxDelay = LONGEST_DELAY, jitter = 0.2 } = backOff;
  ensureNumber(attempts, `${option}.attempts`, MOST_ATTEMPTS);
  ensureNumber(initialDelay, `${option}.initialDelay`, Number.MAX_SAFE_INTEGER);
  ensureNumber(factor, `${option}.factor`, 1_000);
  ensureNumber(maxDelay, `${option}.maxDelay`, Number.MAX_SAFE_INTEGER);
  ensureNumber(jitter, `${option}.jitter`, 1);
  const delays = Array.from({ length: Math.trunc(attempts) }, (_, failures) =>
    Math.min(initialDelay * factor ** failures, maxDelay),
  );
  return { delays, jitter };
}

function ensureNumber(value: unknown, name: string, most: number): void {
  if (typeof value !== 'number' || !(value >= 0 && value <= most))
    throw new TypeError(`${name} has to be a number from 0 to ${most}; it is ${String(value)}`);
}

/** The pause before the attempt after `failures` failures, `chance` in [0, 1); undefined: there is none. */
export function retryDelay({ delays, jitter }: RetryDelays, failures: number, chance: number): number | undefined {
  const delay = delays[failures];
  return delay === undefined ? undefined : Math.round(delay * (1 + jitter * (2 * chance - 1)));
}
