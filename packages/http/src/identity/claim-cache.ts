import { createHash } from 'node:crypto';

export interface ClaimCacheOptions {
  /** Milliseconds an answer counts. Default 300,000; 0: none is kept. */
  readonly lifetime?: number;
  /** Answers kept at most; the oldest go first. Default 10,000. */
  readonly maxEntries?: number;
  /** Milliseconds. */
  readonly now?: () => number;
}

interface Entry {
  readonly answer: Promise<boolean>;
  readonly until: number;
}

/**
 * Answers about claims, for a while. Tokens are kept as SHA-256 hashes only. Who asks the same while the answer is under
 * way gets the same answer; a failed question is forgotten.
 */
export class ClaimCache {
  /** In order of age, as all live equally long. */
  readonly #entries = new Map<string, Entry>();
  readonly #lifetime: number;
  readonly #maxEntries: number;
  readonly #now: () => number;

  constructor({ lifetime = 300_000, maxEntries = 10_000, now = () => performance.now() }: ClaimCacheOptions = {}) {
    this.#lifetime = lifetime;
    this.#maxEntries = maxEntries;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  answer(token: string, claim: string, ask: () => Promise<boolean>): Promise<boolean> {
    const key = `${createHash('sha256').update(token).digest('base64')} ${claim}`;
    this.#forgetOld();
    const known = this.#entries.get(key);
    if (known !== undefined) return known.answer;
    const answer = ask();
    if (this.#lifetime === 0) return answer;
    const entry = { answer, until: this.#now() + this.#lifetime };
    this.#entries.set(key, entry);
    answer.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return answer;
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [key, { until }] of this.#entries) {
      if (until > now && this.#entries.size < this.#maxEntries) return;
      this.#entries.delete(key);
    }
  }
}
