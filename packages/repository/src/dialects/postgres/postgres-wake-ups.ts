/**
 * Wake-ups between the processes on a PostgreSQL database: one connection of its own, which listens and notifies.
 *
 * 1. It notifies after the commit, never inside its transaction: there a lock of the whole server would let commits wait
 *    for each other.
 * 2. While a notification is on its way what comes gathers for the next one.
 * 3. Nothing is sent while nobody else is there: processes greet when they come, and again and again.
 * 4. A lost connection is made again. What was said meanwhile is lost, so the listener is told that there may be anything.
 */
import { randomUUID } from 'node:crypto';

import type { WakeUp } from '@process-engine/contracts/storage';

import type { DatabaseClock } from '../server/database-clock.js';
import { GatheredWakeUps, type WakeUps } from '../server/wake-ups.js';
import { DATABASE_TIME } from './commit-log.js';
import type { ListeningConnection } from './postgres-connection.js';

/** Time between two greetings, which measure the clock, too; and how long a process counts as there after one, in ms. */
const GREETING_INTERVAL = 5_000;
const PRESENT_FOR = 3 * GREETING_INTERVAL;

/** Wait before the first and the following attempts to connect again, ms. */
const RECONNECT_AFTER = [100, 500, 1_000, 2_000, 5_000];

/** A payload may have 8,000 bytes. */
const NAMES_OF_PART = 100;
const LONGEST_PAYLOAD = 7_900;

interface Message {
  /** Who sends it. */
  readonly from: string;
  /** Absent: a greeting. */
  readonly wakeUp?: WakeUp;
  /** A greeting that wants to be answered. */
  readonly isNew?: true;
}

export class PostgresWakeUps implements WakeUps {
  readonly #connect: () => Promise<ListeningConnection>;
  readonly #clock: DatabaseClock;
  readonly #self = randomUUID();
  readonly #listeners = new Set<(wakeUp: WakeUp) => void>();
  readonly #gathered = new GatheredWakeUps();
  #connection: ListeningConnection | undefined;
  #channel = '';
  /** Until when, in monotonic time, another process counts as there. */
  #othersUntil = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #isSending = false;
  #isClosed = false;

  /** @param connect makes a connection that is nobody else's. */
  constructor(connect: () => Promise<ListeningConnection>, clock: DatabaseClock) {
    this.#connect = connect;
    this.#clock = clock;
    this.#work = this.#begin(0);
  }

  announce(wakeUp: WakeUp): void {
    if (this.#connection === undefined || performance.now() > this.#othersUntil) return;
    this.#gathered.add(wakeUp);
    if (this.#isSending) return;
    this.#isSending = true;
    this.#work = this.#sendGathered();
  }

  listen(listener: (wakeUp: WakeUp) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    clearTimeout(this.#timer);
    await this.#work;
    await this.#connection?.end().catch(() => undefined);
    this.#connection = undefined;
  }

  async #begin(attempt: number): Promise<void> {
    try {
      const connection = await this.#connect();
      connection.on('notification', ({ payload }) => this.#hear(payload ?? ''));
      connection.on('error', () => this.#lost(connection));
      connection.on('end', () => this.#lost(connection));
      this.#connection = connection;
      this.#channel = await channelOf(connection);
      await connection.query(`listen ${this.#channel}`);
      await this.#send([{ from: this.#self, isNew: true }]);
      if (attempt > 0) this.#tell({});
      this.#later(GREETING_INTERVAL, () => this.#greet());
    } catch {
      this.#connection?.end().catch(() => undefined);
      this.#connection = undefined;
      this.#beginAgain(attempt);
    }
  }

  #beginAgain(attempt: number): void {
    const wait = RECONNECT_AFTER[Math.min(attempt, RECONNECT_AFTER.length - 1)]!;
    this.#later(wait, () => this.#begin(attempt + 1));
  }

  #lost(connection: ListeningConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    connection.end().catch(() => undefined);
    clearTimeout(this.#timer);
    this.#beginAgain(0);
  }

  async #greet(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    try {
      await this.#clock.measure(() => databaseTime(connection));
      await this.#send([{ from: this.#self }]);
      this.#later(GREETING_INTERVAL, () => this.#greet());
    } catch {
      this.#lost(connection);
    }
  }

  #later(wait: number, work: () => Promise<void>): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#work = work();
    }, wait);
    this.#timer.unref();
  }

  async #sendGathered(): Promise<void> {
    try {
      while (!this.#gathered.isEmpty && !this.#isClosed) {
        const wakeUps = this.#gathered.take(NAMES_OF_PART);
        await this.#send(wakeUps.map((wakeUp) => ({ from: this.#self, wakeUp })));
      }
    } catch {
      // Whoever waits looks for himself before long; the connection's own events tell that it is broken.
    } finally {
      this.#isSending = false;
    }
  }

  async #send(messages: readonly Message[]): Promise<void> {
    const payloads = messages.map((message) => JSON.stringify(message));
    const fitting = payloads.filter((payload) => Buffer.byteLength(payload) < LONGEST_PAYLOAD);
    await this.#connection?.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [
      this.#channel,
      fitting,
    ]);
  }

  #hear(payload: string): void {
    const { from, wakeUp, isNew } = JSON.parse(payload) as Message;
    if (from === this.#self || this.#isClosed) return;
    this.#othersUntil = performance.now() + PRESENT_FOR;
    if (wakeUp !== undefined) this.#tell(wakeUp);
    else if (isNew === true) this.#send([{ from: this.#self }]).catch(() => undefined);
  }

  #tell(wakeUp: WakeUp): void {
    for (const listener of this.#listeners) listener(wakeUp);
  }
}

/** Processes whose tables are in the same schema hear each other. */
async function channelOf(connection: ListeningConnection): Promise<string> {
  const { rows } = await connection.query('select md5(current_schema()) as name');
  return `process_engine_${String(rows[0]?.['name'])}`;
}

export async function databaseTime(connection: Pick<ListeningConnection, 'query'>): Promise<number> {
  const { rows } = await connection.query(`select ${DATABASE_TIME} as time`);
  return Number(rows[0]?.['time']);
}
