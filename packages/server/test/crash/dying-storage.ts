import type { Storage } from '@process-engine/contracts/storage';

/** The `commit`-th commit from now on (1: the next) is the process's last. */
export interface Death {
  /** `before`: the commit is not even begun; `after`: it is done, and nobody has been told. */
  readonly moment: 'before' | 'after';
  readonly commit: number;
}

/** A storage whose process kills itself at a chosen commit: what a power cut or the system's killer does. */
export class DyingStorage {
  /** Passes everything on. */
  readonly storage: Storage;
  #death: Death | undefined;
  #commits = 0;

  constructor(inner: Storage) {
    this.storage = new Proxy(inner, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
        return name === 'commit' || name === 'saveModels' ? (change: unknown) => this.#commit(call, change) : call;
      },
    });
  }

  dieAt(death: Death): void {
    this.#death = death;
    this.#commits = 0;
  }

  async #commit(commit: (change: unknown) => Promise<unknown>, change: unknown): Promise<unknown> {
    this.#commits += 1;
    const moment = this.#commits === this.#death?.commit ? this.#death.moment : undefined;
    if (moment === 'before') die();
    const result = await commit(change);
    if (moment === 'after') die();
    return result;
  }
}

/** Takes effect before the call returns: no other line of this process runs. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
