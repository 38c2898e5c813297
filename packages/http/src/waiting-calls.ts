import type { ServerResponse } from 'node:http';
import { type ProcessEngineError, ServiceUnavaliableError } from '@process-engine/contracts';

/** Owns the calls of operations that may wait, so that a disconnected client, or the server's end, gives each of them up. */
export class WaitingCalls {
  readonly #waiting = new Set<AbortController>();
  #closed = false;

  constructor(private readonly maximum: number) {}

  /**
   * Runs a call that takes an AbortSignal. Rejects as soon as the signal is aborted, even where the call does not mind it.
   * ServiceUnavaliableError: too many calls wait already, or `close` was called.
   */
  async run<T>(response: ServerResponse, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closed) throw closing();
    if (this.#waiting.size >= this.maximum) {
      throw new ServiceUnavaliableError('too many calls are waiting', { reason: 'too-many-waiting-calls' });
    }
    const controller = new AbortController();
    const { signal } = controller;
    const disconnected = (): void => controller.abort(new Error('the client closed the connection'));
    const abandoned = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    this.#waiting.add(controller);
    response.once('close', disconnected);
    try {
      return await Promise.race([call(signal), abandoned]);
    } finally {
      response.off('close', disconnected);
      this.#waiting.delete(controller);
    }
  }

  /** Gives all waiting calls up and lets no more in. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#waiting) controller.abort(closing());
  }
}

function closing(): ProcessEngineError {
  return new ServiceUnavaliableError('the server is shutting down', { reason: 'server-closing' });
}
