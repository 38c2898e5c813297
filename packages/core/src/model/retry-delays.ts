import { Duration } from 'luxon';
import { parseTimer, TimerSyntaxError } from './timers.js';

const MOST_RETRIES = 1_000;

/**
 * Reads a text that says when failed work is tried again.
 *
 * @param text `R3/PT10M` (three further attempts), or one duration per attempt: `PT10S,PT1M,PT10M`
 * @returns the delay in ms before each further attempt
 * @throws TimerSyntaxError
 */
export function parseRetryDelays(text: string): readonly number[] {
  return text.startsWith('R') ? repeatedDelay(text) : text.split(',').map(delay);
}

function repeatedDelay(text: string): readonly number[] {
  const timer = parseTimer('cycle', text);
  if (timer.kind !== 'repeating' || timer.repetitions === undefined || timer.repetitions > MOST_RETRIES) {
    throw new TimerSyntaxError(`'${text}' has to name up to ${MOST_RETRIES} repetitions, for example R3/PT10M`);
  }
  return Array<number>(timer.repetitions).fill(delay(timer.duration));
}

function delay(text: string): number {
  const timer = parseTimer('duration', text.trim());
  return timer.kind === 'duration' ? Duration.fromISO(timer.duration).toMillis() : 0;
}
