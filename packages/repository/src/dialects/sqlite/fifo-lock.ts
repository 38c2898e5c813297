import { StorageUnavailableError } from '@process-engine/contracts/storage';

interface Waiter {
  readonly proceed: () => void;
  readonly timer: NodeJS.Timeout;
}

/** A lock that is handed on in the order in which it was asked for. */
export class FifoLock {
  readonly #waiters = new Set<Waiter>();
  readonly #timeout: number;
  readonly #name: string;
  #isHeld = false;

  /**
   * @param name what is locked, for the error's text.
   * @param timeout ms after which a waiter gives up.
   */
  constructor(name: string, timeout: number) {
    this.#name = name;
    this.#timeout = timeout;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Takes the lock if it is free. */
  tryAcquire(): boolean {
    if (this.#isHeld) return false;
    this.#isHeld = true;
    return true;
  }

  /** @throws StorageUnavailableError when the lock was not handed on in time. */
  acquire(): Promise<void> {
    if (this.tryAcquire()) return Promise.resolve();
    return new Promise((proceed, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(this.#timeoutError());
      }, this.#timeout);
      const waiter: Waiter = { proceed, timer };
      this.#waiters.add(waiter);
    });
  }

  release(): void {
    const [next] = this.#waiters;
    if (next === undefined) {
      this.#isHeld = false;
      return;
    }
    this.#waiters.delete(next);
    clearTimeout(next.timer);
    next.proceed();
  }

  #timeoutError(): StorageUnavailableError {
    return new StorageUnavailableError(
      `another transaction kept ${this.#name} for more than ${this.#timeout} ms ` +
        '(a query inside a transaction that is not given this transaction waits for itself)',
    );
  }
}
