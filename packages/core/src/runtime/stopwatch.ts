import { performance } from 'node:perf_hooks';
import type { Stopwatch } from '../model/scripts/quickjs-realm.js';

/** Milliseconds between two questions from which on a run counts as slow. */
const SLOW_MS = 1;

/**
 * Measures a run by the processor's time, which does not pass while other programs have the processor. Since other
 * threads of this process use it as well, no less time has to have passed on the wall.
 */
export function createStopwatch(limitMs: number): Stopwatch {
  let startedAt: number | undefined;
  let used = 0;
  let askedAt = 0;
  return {
    start() {
      if (startedAt !== undefined) return;
      startedAt = askedAt = performance.now();
      used = processorTime();
    },
    isOverdue: (share = 1) =>
      startedAt !== undefined &&
      performance.now() - startedAt > limitMs * share &&
      processorTime() - used > limitMs * share,
    isSlow() {
      const before = askedAt;
      askedAt = performance.now();
      return askedAt - before > SLOW_MS;
    },
  };
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
