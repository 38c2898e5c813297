/**
 * Readers of the event log, each with a cursor of its own.
 *
 * 1. What is read is below every commit under way (the storage sees to it), so a cursor never passes an event by.
 * 2. A commit of this node wakes the readers; those of other nodes are found by looking again every second.
 * 3. Readers at the same place share one query: at the end of the log all of them are.
 * 4. A reader holds one batch and asks for the next when that is worked off: a slow one costs no memory.
 * 5. While the storage is away readers wait; they go on where they were.
 */
import type { FollowEventsOptions, LoggedEvent } from '@process-engine/contracts';
import { StorageUnavailableError, type EventLogRecord, type Storage } from '@process-engine/contracts/storage';
import { sleepUntil, type Clock } from './clock.js';
import { loggedEvent } from './event-log.js';

export interface EventReaderOptions {
  readonly storage: Storage;
  readonly clock: Clock;
}

const REREAD_INTERVAL = 1_000;
const BATCH = 200;

type Rows = readonly EventLogRecord[];

export class EventReader {
  /** Counts what may have brought new events: who has read since then need not look again. */
  #news = 0;
  readonly #waiting = new Set<() => void>();
  readonly #reading = new Map<number, { readonly news: number; readonly rows: Promise<Rows> }>();
  #cancelLook: (() => void) | undefined;
  readonly #stopping = new AbortController();

  constructor(private readonly options: EventReaderOptions) {}

  /** Events were committed here. */
  wake(): void {
    this.#news += 1;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume();
  }

  /** Ends all readers. */
  stop(): void {
    this.#stopping.abort();
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    this.wake();
  }

  /** The cursor behind which the events lie that are committed from now on. */
  position(): Promise<number> {
    return this.options.storage.lastEvent();
  }

  /** The events behind the cursor, until the signal aborts or the engine stops. */
  async *follow(
    after: number,
    { kinds, signal }: Pick<FollowEventsOptions, 'kinds' | 'signal'> = {},
  ): AsyncGenerator<LoggedEvent, void, undefined> {
    const wanted = kinds === undefined ? undefined : new Set<string>(kinds);
    const ended = (): boolean => signal?.aborted === true || this.#stopping.signal.aborted;
    for (let cursor = after; !ended();) {
      const news = this.#news;
      const rows = await this.#rowsAfter(cursor, news, signal);
      for (const row of rows) {
        if (ended()) return;
        cursor = row.seq;
        if (wanted?.has(row.kind) !== false) yield loggedEvent(row);
      }
      if (rows.length === 0) await this.#newsSince(news, signal);
    }
  }

  /** Never rejects because the storage is away: then there are none, for now. */
  async #rowsAfter(cursor: number, news: number, signal: AbortSignal | undefined): Promise<Rows> {
    const { storage, clock } = this.options;
    try {
      return await this.#shared(cursor, news, () => storage.readEvents(cursor, BATCH));
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) throw error;
      const given = AbortSignal.any([this.#stopping.signal, ...(signal === undefined ? [] : [signal])]);
      await sleepUntil(clock, clock.now() + error.retryAfter * 1_000, given);
      // What was committed meanwhile woke nobody.
      this.#news += 1;
      return [];
    }
  }

  async #shared(cursor: number, news: number, read: () => Promise<Rows>): Promise<Rows> {
    const known = this.#reading.get(cursor);
    if (known?.news === news) return known.rows;
    const reading = { news, rows: read() };
    this.#reading.set(cursor, reading);
    try {
      return await reading.rows;
    } finally {
      if (this.#reading.get(cursor) === reading) this.#reading.delete(cursor);
    }
  }

  #newsSince(news: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#news !== news || signal?.aborted === true || this.#stopping.signal.aborted) return Promise.resolve();
    this.#lookAgain();
    return new Promise((resolve) => {
      const resume = (): void => {
        signal?.removeEventListener('abort', resume);
        this.#waiting.delete(resume);
        resolve();
      };
      this.#waiting.add(resume);
      signal?.addEventListener('abort', resume, { once: true });
    });
  }

  /** One alarm for all readers; alone on its storage the engine knows of every event. */
  #lookAgain(): void {
    const { storage, clock } = this.options;
    if (!storage.shared || this.#cancelLook !== undefined) return;
    this.#cancelLook = clock.wakeAt(clock.now() + REREAD_INTERVAL, () => {
      this.#cancelLook = undefined;
      if (this.#waiting.size > 0) this.wake();
    });
  }
}
