/** Time as the worker needs it; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `wake` once at or after the time; the answer calls it off. */
  wakeAt(time: number, wake: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt: (time, wake) => {
    const timer = setTimeout(wake, Math.max(0, time - Date.now()));
    return () => clearTimeout(timer);
  },
};

/** Resolves after the given milliseconds, or at once when aborted. Never rejects. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    let callOff = () => {};
    const end = () => {
      callOff();
      signal.removeEventListener('abort', end);
      resolve();
    };
    callOff = clock.wakeAt(clock.now() + milliseconds, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
