/** Waits that double with every failure, with jitter so that many workers do not come back together. */
export interface BackOffOptions {
  /** Milliseconds after the first failure. Default 1 000. */
  readonly first?: number | undefined;
  /** Most milliseconds. Default 30 000. */
  readonly most?: number | undefined;
  /** A number in [0, 1). Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

export class BackOff {
  readonly #first: number;
  readonly #most: number;
  readonly #random: () => number;
  #failures = 0;

  constructor({ first = 1_000, most = 30_000, random = Math.random }: BackOffOptions = {}) {
    this.#first = first;
    this.#most = most;
    this.#random = random;
  }

  /** Counts one more failure; the milliseconds to wait are between half and all of the doubled time. */
  next(): number {
    const full = Math.min(this.#most, this.#first * 2 ** this.#failures);
    this.#failures += 1;
    return full / 2 + (full / 2) * this.#random();
  }

  reset(): void {
    this.#failures = 0;
  }
}
