import type { Storage } from '@process-engine/contracts/storage';

/** Time as the engine sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once at the given time (at once if it has passed). Answers how to cancel. */
  wakeAt(time: number, callback: () => void): () => void;
}

/** Longer sleeps overflow `setTimeout`; callers of `wakeAt` never notice the stops in between. */
const MAX_SLEEP = 24 * 60 * 60 * 1000;

/** A clock that sleeps in this process's time. @param now the time, ms since the epoch */
export function clockOf(now: () => number): Clock {
  return {
    now,
    wakeAt(time, callback) {
      let timer: NodeJS.Timeout;
      const sleep = (): void => {
        const left = time - now();
        timer = left > MAX_SLEEP ? setTimeout(sleep, MAX_SLEEP) : setTimeout(callback, Math.max(0, left));
        timer.unref();
      };
      sleep();
      return () => clearTimeout(timer);
    },
  };
}

export const systemClock: Clock = clockOf(() => Date.now());

/** The clock that all nodes on a storage have in common; alone on its storage a node has its own. */
export function clockOfStorage(storage: Storage): Clock {
  return storage.now === undefined ? systemClock : clockOf(() => storage.now!());
}

/** Resolves at the given time, or as soon as the signal aborts. */
export function sleepUntil(clock: Clock, time: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const cancel = clock.wakeAt(time, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    const abort = (): void => {
      cancel();
      resolve();
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Lets go on what came in meanwhile: requests, answers of the storage, timers. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
