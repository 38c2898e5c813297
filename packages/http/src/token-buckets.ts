/** Callers remembered; beyond it the one that was quiet for longest starts anew. */
const MAX_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  /** Seconds. */
  at: number;
}

export interface RateOptions {
  readonly requestsPerSecond: number;
  /** Requests that may come at once before the rate holds them. Default: `requestsPerSecond`. */
  readonly burst?: number | undefined;
}

/** A token bucket per caller: each may go on at a rate, and for a moment faster. `seconds` is a monotonic clock. */
export class TokenBuckets {
  readonly #rate: number;
  readonly #burst: number;
  /** In the order of last use. */
  readonly #buckets = new Map<string, Bucket>();

  /** @throws RangeError */
  constructor(
    { requestsPerSecond, burst = requestsPerSecond }: RateOptions,
    private readonly seconds = (): number => performance.now() / 1000,
  ) {
    if (!(requestsPerSecond > 0)) throw new RangeError('requestsPerSecond must be greater than 0');
    this.#rate = requestsPerSecond;
    this.#burst = Math.max(1, burst);
  }

  /** Takes one token; 0, or the seconds until there is one. */
  take(caller: string): number {
    const now = this.seconds();
    const bucket = this.#buckets.get(caller) ?? { tokens: this.#burst, at: now };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.at) * this.#rate);
    bucket.at = now;
    this.#remember(caller, bucket);
    if (bucket.tokens < 1) return (1 - bucket.tokens) / this.#rate;
    bucket.tokens -= 1;
    return 0;
  }

  #remember(caller: string, bucket: Bucket): void {
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    if (this.#buckets.size > MAX_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value!);
  }
}
