/**
 * Followed events as server-sent events.
 *
 * 1. The log is read only as fast as the client takes it: a slow one costs no memory beyond its connection's buffer.
 * 2. A client that takes nothing for `takesWithin`, or whose token has ended, is cut off; it goes on from its cursor.
 * 3. At least every heartbeat the client hears of the cursor, so that it does not read again what it did not ask for.
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import {
  type EventStream,
  type IIdentity,
  type LoggedEvent,
  type Logger,
  ServiceUnavaliableError,
} from '@process-engine/contracts';
import { STREAM_HEARTBEAT } from '@process-engine/contracts/http';

export interface EventStreamsOptions {
  /** Streams at once; beyond them 503. */
  readonly maximum: number;
  readonly logger: Logger;
  /** Milliseconds. Default 15,000. */
  readonly heartbeat?: number | undefined;
  /** Milliseconds a client may take nothing. Default 30,000. */
  readonly takesWithin?: number | undefined;
  /** Aborted: all streams end, and no more are let in. */
  readonly signal?: AbortSignal | undefined;
}

interface OpenStream {
  readonly response: ServerResponse;
  readonly events: EventStream;
  readonly identity: IIdentity;
  /** Aborted when either side has ended it. */
  readonly signal: AbortSignal;
  /** Since when the client takes nothing; undefined: it does. */
  stuckSince: number | undefined;
  readonly end: (reason: string) => void;
}

export class EventStreams {
  readonly #open = new Set<OpenStream>();
  #ticking: NodeJS.Timeout | undefined;

  constructor(private readonly options: EventStreamsOptions) {
    options.signal?.addEventListener('abort', () => this.#endAll(), { once: true });
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Answers with the events until either side ends it. Rejects, before anything was answered, with what `follow` rejects
   * with. ServiceUnavaliableError: too many streams, or the server closes.
   */
  async serve(
    response: ServerResponse,
    identity: IIdentity,
    follow: (signal: AbortSignal) => Promise<EventStream>,
  ): Promise<void> {
    this.#ensureRoom();
    const controller = new AbortController();
    response.once('close', () => controller.abort());
    const events = await follow(controller.signal);
    const end = (reason: string): void => {
      controller.abort();
      if (!response.writableEnded) response.end(`: ${reason}\n\n`);
    };
    const { signal } = controller;
    const stream: OpenStream = { response, events, identity, signal, stuckSince: undefined, end };
    if (signal.aborted) return;
    if (this.options.signal?.aborted === true) throw closing();
    await this.#pump(stream);
  }

  async #pump(stream: OpenStream): Promise<void> {
    const { response, events } = stream;
    this.#add(stream);
    try {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-cache, no-transform',
        // Proxies of the nginx family would hold the events back.
        'X-Accel-Buffering': 'no',
      });
      response.write(`id: ${events.cursor}\n\n`);
      for await (const event of events) await this.#write(stream, textOf(event));
      stream.end('the engine stopped');
    } catch (error) {
      if (!response.destroyed) this.options.logger.warn({ err: error }, 'a stream of notifications failed');
      response.destroy();
    } finally {
      this.#remove(stream);
    }
  }

  async #write(stream: OpenStream, text: string): Promise<void> {
    const { response, signal } = stream;
    if (signal.aborted || response.write(text)) return;
    stream.stuckSince = Date.now();
    await once(response, 'drain', { signal }).catch(() => undefined);
    stream.stuckSince = undefined;
  }

  #ensureRoom(): void {
    if (this.options.signal?.aborted === true) throw closing();
    if (this.#open.size >= this.options.maximum) {
      throw new ServiceUnavaliableError('too many streams of notifications', { reason: 'too-many-streams' });
    }
  }

  #add(stream: OpenStream): void {
    this.#open.add(stream);
    this.#ticking ??= setInterval(() => this.#tick(), this.options.heartbeat ?? STREAM_HEARTBEAT).unref();
  }

  #remove(stream: OpenStream): void {
    this.#open.delete(stream);
    if (this.#open.size > 0) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  #tick(): void {
    const now = Date.now();
    for (const stream of this.#open) {
      const { response, events, identity, stuckSince } = stream;
      if (now >= (identity.expiresAt ?? Infinity)) stream.end('the token has ended');
      else if (stuckSince === undefined) this.#beat(stream, `id: ${events.cursor}\n\n`, now);
      else if (now - stuckSince >= (this.options.takesWithin ?? 30_000)) this.#drop(response, now - stuckSince);
    }
  }

  /** A client that does not even take a heartbeat is stuck, although nothing happens. */
  #beat(stream: OpenStream, text: string, now: number): void {
    if (stream.response.write(text)) return;
    stream.stuckSince = now;
    stream.response.once('drain', () => (stream.stuckSince = undefined));
  }

  #drop(response: ServerResponse, milliseconds: number): void {
    this.options.logger.warn({ milliseconds }, 'a client that takes no notifications is dropped');
    response.destroy();
  }

  #endAll(): void {
    for (const stream of this.#open) stream.end('the server is shutting down');
  }
}

function textOf(event: LoggedEvent): string {
  const { seq, kind, eventName = kind } = event;
  return `id: ${seq}\nevent: ${eventName}\ndata: ${JSON.stringify(event)}\n\n`;
}

function closing(): Error {
  return new ServiceUnavaliableError('the server is shutting down', { reason: 'server-closing' });
}
