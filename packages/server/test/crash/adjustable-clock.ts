import { systemClock, type Clock } from '@process-engine/core';

interface Alarm {
  readonly time: number;
  readonly ring: () => void;
  cancel: () => void;
}

/** The machine's clock, which a test can put forward: what becomes due on the way rings. */
export class AdjustableClock implements Clock {
  #ahead: number;
  readonly #alarms = new Set<Alarm>();

  /** @param ahead milliseconds by which this clock is ahead of the machine's. */
  constructor(ahead: number) {
    this.#ahead = ahead;
  }

  get ahead(): number {
    return this.#ahead;
  }

  now(): number {
    return systemClock.now() + this.#ahead;
  }

  wakeAt(time: number, callback: () => void): () => void {
    const alarm: Alarm = {
      time,
      ring: () => {
        this.#alarms.delete(alarm);
        callback();
      },
      cancel: () => undefined,
    };
    this.#alarms.add(alarm);
    this.#arm(alarm);
    return () => {
      this.#alarms.delete(alarm);
      alarm.cancel();
    };
  }

  /** Sets the clock on or back. */
  jump(milliseconds: number): void {
    this.#ahead += milliseconds;
    for (const alarm of this.#alarms) {
      alarm.cancel();
      this.#arm(alarm);
    }
  }

  #arm(alarm: Alarm): void {
    alarm.cancel = systemClock.wakeAt(alarm.time - this.#ahead, alarm.ring);
  }
}
