/**
 * The database server's time, known without asking: measured now and then, and carried on by the process's monotonic
 * clock. So the clock of the machine may be wrong, or be set, at any time.
 */
export class DatabaseClock {
  /** Database time minus monotonic time, ms; undefined: not measured yet. */
  #offset: number | undefined;
  /** How wrong the offset may be, ms. */
  #error = Infinity;

  now(): number {
    return this.#offset === undefined ? Date.now() : Math.floor(performance.now() + this.#offset);
  }

  /**
   * Asks the database. The answer belongs to some moment between question and answer: the shorter the round trip, the
   * more it is worth.
   *
   * @param ask answers the database's time, ms since the epoch.
   */
  async measure(ask: () => Promise<number>): Promise<void> {
    const sent = performance.now();
    const time = await ask();
    const error = (performance.now() - sent) / 2;
    const offset = time - sent - error;
    // Clocks drift apart.
    this.#error += DRIFT;
    const isElsewhere = this.#offset === undefined || Math.abs(offset - this.#offset) > error + this.#error;
    if (!isElsewhere && error >= this.#error) return;
    this.#offset = offset;
    this.#error = error;
  }
}

/** How much two clocks may drift apart between two measurements, ms. */
const DRIFT = 1;
