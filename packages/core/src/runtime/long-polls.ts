/** Fetches of external tasks that wait for work, by topic. Waking is a hint: whoever wakes looks into the storage. */
import { sleepUntil, type Clock } from './clock.js';

export class LongPolls {
  readonly #waiting = new Map<string, Set<AbortController>>();

  constructor(private readonly clock: Clock) {}

  /** Resolves when there may be a task of the topic, at the given time, or when the signal aborts. */
  async wait(topic: string, until: number, signal?: AbortSignal): Promise<void> {
    const wake = new AbortController();
    const polls = this.#waiting.get(topic) ?? new Set();
    this.#waiting.set(topic, polls.add(wake));
    const abort = (): void => wake.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      if (signal?.aborted !== true) await sleepUntil(this.clock, until, wake.signal);
    } finally {
      signal?.removeEventListener('abort', abort);
      polls.delete(wake);
      if (polls.size === 0 && this.#waiting.get(topic) === polls) this.#waiting.delete(topic);
    }
  }

  /** The topics somebody waits for. */
  get topics(): Iterable<string> {
    return this.#waiting.keys();
  }

  /** A task of the topic is there. */
  wake(topic: string): void {
    for (const poll of this.#waiting.get(topic) ?? []) poll.abort();
  }

  /** Ends all waits. */
  wakeAll(): void {
    for (const topic of this.#waiting.keys()) this.wake(topic);
  }
}
