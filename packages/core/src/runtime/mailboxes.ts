import { StorageUnavailableError } from '@process-engine/contracts/storage';

interface Mailbox {
  waiting: (() => void)[];
}

/** Runs the tasks of one key one after the other, those of different keys side by side. */
export class Mailboxes {
  readonly #open = new Map<string, Mailbox>();
  #idle: (() => void)[] = [];

  constructor(
    private readonly maxWaiting: number,
    private readonly refused: () => void = () => undefined,
  ) {}

  /** `bounded: false`: the task is taken however many wait. */
  async run<T>(key: string, task: () => Promise<T>, bounded = true): Promise<T> {
    const mailbox = this.#open.get(key);
    if (mailbox === undefined) this.#open.set(key, { waiting: [] });
    else await this.#turn(key, mailbox, bounded);
    try {
      return await task();
    } finally {
      this.#next(key);
    }
  }

  #turn(key: string, mailbox: Mailbox, bounded: boolean): Promise<void> {
    if (bounded && mailbox.waiting.length >= this.maxWaiting) {
      this.refused();
      return Promise.reject(new StorageUnavailableError(`too many commands wait for process instance '${key}'`));
    }
    return new Promise((resolve) => mailbox.waiting.push(resolve));
  }

  #next(key: string): void {
    const mailbox = this.#open.get(key)!;
    const next = mailbox.waiting.shift();
    if (next !== undefined) return next();
    this.#open.delete(key);
    if (this.#open.size > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  drain(): Promise<void> {
    return this.#open.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  get isIdle(): boolean {
    return this.#open.size === 0;
  }
}
