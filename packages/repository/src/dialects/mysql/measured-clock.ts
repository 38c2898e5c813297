import { DatabaseClock } from '../server/database-clock.js';
import type { Sessions } from '../server/sessions.js';

/** Measurements when the storage is opened, and the time between two later ones in ms. */
const SAMPLES = 3;
const INTERVAL = 5_000;

/** Ms since the epoch. */
const DATABASE_TIME = 'select floor(unix_timestamp(now(6)) * 1000)';

/** The database's time. Measured again before jobs are claimed, which each node does every few seconds. */
export class MeasuredClock {
  readonly clock = new DatabaseClock();
  readonly #sessions: Sessions;
  #next = 0;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async begin(): Promise<void> {
    for (let sample = 0; sample < SAMPLES; sample += 1) await this.#measure();
  }

  async keep(): Promise<void> {
    if (performance.now() >= this.#next) await this.#measure();
  }

  async #measure(): Promise<void> {
    this.#next = performance.now() + INTERVAL;
    await this.clock.measure(async () => {
      const [row] = await this.#sessions.use((session) => session.rows(DATABASE_TIME, []));
      return Number(row?.[0]);
    });
  }
}
