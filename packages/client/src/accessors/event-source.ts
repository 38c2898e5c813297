/**
 * Server-sent events over fetch (WHATWG HTML, 9.2), which lets the token travel in a header and works in browsers, too.
 *
 * A connection that breaks, or is silent for longer than three heartbeats, is opened again behind the last event that came.
 */
import {
  errorFromResponse,
  ServiceUnavaliableError,
  type EventStream,
  type LoggedEvent,
} from '@process-engine/contracts';
import { STREAM_HEARTBEAT } from '@process-engine/contracts/http';
import { BackOff } from '../worker/back-off.js';
import { bodyOfText } from './http-transport.js';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.js';

export interface EventSourceOptions {
  /** Of the stream, without the cursor. */
  readonly url: string;
  /** Asked for every connection: a token may have been renewed. */
  readonly token: () => string;
  readonly after: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds of silence after which a connection counts as broken. Default 45,000. */
  readonly silence?: number | undefined;
  readonly backOff?: BackOff | undefined;
}

/** Statuses under which trying again is of no use. */
const FINAL = new Set([400, 401, 403, 404, 409, 410, 501]);

export class FetchEventSource implements EventStream {
  #cursor: number | undefined;
  #connection: AsyncGenerator<ServerSentEvent, void, undefined> | undefined;

  constructor(private readonly options: EventSourceOptions) {
    this.#cursor = options.after;
  }

  get cursor(): number {
    return this.#cursor ?? 0;
  }

  /** Resolves when the place to begin is fixed. Rejects with the server's error. */
  async connect(): Promise<this> {
    this.#connection = await this.#open();
    const first = await this.#connection.next();
    if (first.done !== true) this.#take(first.value);
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LoggedEvent, void, undefined> {
    const { signal, backOff = new BackOff({ first: 500 }) } = this.options;
    while (!isAborted(signal)) {
      try {
        this.#connection ??= await this.#open();
        for await (const message of this.#connection) {
          if (isAborted(signal)) return;
          backOff.reset();
          const event = this.#take(message);
          if (event !== undefined) yield event;
        }
      } catch (error) {
        if (isFinal(error)) throw error;
      }
      this.#connection = undefined;
      await pause(backOff.next(), signal);
    }
  }

  /** Notes the cursor; the event, if the message is one. */
  #take({ id, data }: ServerSentEvent): LoggedEvent | undefined {
    if (id !== '' && Number.isSafeInteger(Number(id))) this.#cursor = Number(id);
    return data === '' ? undefined : (JSON.parse(data) as LoggedEvent);
  }

  async #open(): Promise<AsyncGenerator<ServerSentEvent, void, undefined>> {
    const { url, token, signal, silence = 3 * STREAM_HEARTBEAT } = this.options;
    const silent = new AbortController();
    const given = signal === undefined ? silent.signal : AbortSignal.any([signal, silent.signal]);
    const response = await this.#fetch(url, {
      headers: {
        Accept: 'text/event-stream',
        Authorization: `Bearer ${token()}`,
        ...(this.#cursor === undefined ? {} : { 'Last-Event-ID': String(this.#cursor) }),
      },
      signal: given,
    });
    if (!response.ok || response.body === null) {
      throw errorFromResponse(response.status, bodyOfText(await response.text()));
    }
    return readServerSentEvents(response.body, { silence, isSilent: () => silent.abort() });
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      this.options.signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      throw new ServiceUnavaliableError(`The notifications at ${url} cannot be reached: ${reason}`, {
        reason: 'engine-unreachable',
        cause: error,
      });
    }
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function isFinal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FINAL.has(Number(error.code));
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
  });
}
