import type { Clock } from '../runtime/clock.js';

interface Alarm {
  readonly time: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. Time passes in whole steps, from one alarm to the next. */
export class ManualClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();

  /** @param start milliseconds since the epoch; default 2030-01-01T00:00:00Z */
  constructor(start: number = Date.UTC(2030, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  wakeAt(time: number, callback: () => void): () => void {
    const alarm: Alarm = { time, callback };
    this.#alarms.add(alarm);
    if (time <= this.#now) queueMicrotask(() => this.#ring(alarm));
    return () => this.#alarms.delete(alarm);
  }

  #ring(alarm: Alarm): void {
    if (this.#alarms.delete(alarm)) alarm.callback();
  }

  /** The time of the next alarm; undefined: none. */
  get nextAlarm(): number | undefined {
    return this.#next()?.time;
  }

  #next(): Alarm | undefined {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) if (next === undefined || alarm.time < next.time) next = alarm;
    return next;
  }

  /** Jumps to a time without ringing what lies between (a clock that was set); alarms that are due ring. */
  set(time: number): void {
    this.#now = time;
    for (const alarm of [...this.#alarms]) if (alarm.time <= time) this.#ring(alarm);
  }

  /**
   * Lets time pass up to `time`, stopping at each alarm on the way.
   *
   * @param settle waits until what an alarm started is done
   */
  async advanceTo(time: number, settle: () => Promise<void>): Promise<void> {
    await settle();
    for (let next = this.#next(); next !== undefined && next.time <= time; next = this.#next()) {
      this.#now = Math.max(this.#now, next.time);
      this.#ring(next);
      await settle();
    }
    this.#now = Math.max(this.#now, time);
  }
}
