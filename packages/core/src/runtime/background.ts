import type { Logger } from '@process-engine/contracts';

/** Work nobody awaits, counted so that stopping can wait for it. Errors are logged. */
export class Background {
  #running = 0;
  #idle: (() => void)[] = [];

  constructor(private readonly logger: Logger) {}

  run(what: string, work: () => Promise<void>): void {
    this.#running += 1;
    void this.#track(what, work);
  }

  async #track(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.error({ error }, `${what} failed`);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#becomeIdle();
    }
  }

  #becomeIdle(): void {
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** Resolves when everything that runs now, and what it starts, is done. */
  async drain(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
