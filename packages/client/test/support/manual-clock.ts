import type { Clock } from '@process-engine/client';

/** Time that only moves when the test says so. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #alarms = new Set<{ time: number; wake: () => void }>();

  now(): number {
    return this.#now;
  }

  wakeAt(time: number, wake: () => void): () => void {
    const alarm = { time, wake };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  get alarms(): number[] {
    return [...this.#alarms].map(({ time }) => time - this.#now).sort((a, b) => a - b);
  }

  /** Wakes what is due in order of time, and lets everything that follows settle. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (;;) {
      const [next] = [...this.#alarms].filter(({ time }) => time <= end).sort((a, b) => a.time - b.time);
      if (next === undefined) break;
      this.#alarms.delete(next);
      this.#now = Math.max(this.#now, next.time);
      next.wake();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** All promise reactions that do not wait for the outside have run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
