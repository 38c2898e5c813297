import type { ServerResponse } from 'node:http';
import {
  GatewayTimeoutError,
  type ProcessEngineError,
  ServiceUnavaliableError,
  TooManyRequestsError,
} from '@process-engine/contracts';

export interface WaitingCallOptions {
  /** Calls at once. */
  readonly maximum: number;
  /** Calls at once of one caller. */
  readonly perCaller: number;
  /** Milliseconds; undefined: no limit. */
  readonly time?: number | undefined;
}

/** Owns the calls of operations that may wait, so that a disconnected client, or the server's end, gives each of them up. */
export class WaitingCalls {
  readonly #waiting = new Set<AbortController>();
  readonly #byCaller = new Map<string, number>();
  #closed = false;

  /** @throws RangeError */
  constructor(private readonly options: WaitingCallOptions) {
    const { maximum, perCaller, time = 1 } = options;
    if (!(maximum > 0)) throw new RangeError('limits.waitingCalls must be greater than 0');
    if (!(perCaller > 0)) throw new RangeError('limits.waitingCallsPerIdentity must be greater than 0');
    if (!(time > 0)) throw new RangeError('limits.waitingTime must be greater than 0');
  }

  /** Longest time a call may wait, ms. */
  get time(): number {
    return this.options.time ?? Infinity;
  }

  /**
   * Runs a call that takes an AbortSignal. Rejects as soon as the signal is aborted, even where the call does not mind it.
   * ServiceUnavaliableError: too many calls wait already, or `close` was called; TooManyRequestsError: too many of this
   * caller; GatewayTimeoutError: it waits for too long.
   */
  async run<T>(caller: string, response: ServerResponse, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#ensureRoom(caller);
    const controller = new AbortController();
    const { signal } = controller;
    const disconnected = (): void => controller.abort(new Error('the client closed the connection'));
    const abandoned = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    const cancelTimer = this.#giveUpInTime(controller);
    this.#count(caller, 1);
    this.#waiting.add(controller);
    response.once('close', disconnected);
    try {
      return await Promise.race([call(signal), abandoned]);
    } finally {
      response.off('close', disconnected);
      this.#waiting.delete(controller);
      this.#count(caller, -1);
      cancelTimer();
    }
  }

  /** Gives all waiting calls up and lets no more in. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#waiting) controller.abort(closing());
  }

  #ensureRoom(caller: string): void {
    if (this.#closed) throw closing();
    const reason = 'too-many-waiting-calls';
    if (this.#waiting.size >= this.options.maximum)
      throw new ServiceUnavaliableError('too many calls are waiting', { reason });
    if ((this.#byCaller.get(caller) ?? 0) >= this.options.perCaller)
      throw new TooManyRequestsError('too many calls of this user are waiting', { reason });
  }

  #count(caller: string, change: number): void {
    const count = (this.#byCaller.get(caller) ?? 0) + change;
    if (count === 0) this.#byCaller.delete(caller);
    else this.#byCaller.set(caller, count);
  }

  #giveUpInTime(controller: AbortController): () => void {
    if (this.options.time === undefined) return () => undefined;
    // A poll that ends by itself at the same time answers first.
    const timer = setTimeout(() => controller.abort(tooLong()), this.options.time + GRACE);
    return () => clearTimeout(timer);
  }
}

/** Milliseconds. */
const GRACE = 1_000;

function tooLong(): ProcessEngineError {
  return new GatewayTimeoutError('the call has waited for too long; what it waited for goes on', {
    reason: 'waited-too-long',
  });
}

function closing(): ProcessEngineError {
  return new ServiceUnavaliableError('the server is shutting down', { reason: 'server-closing' });
}
