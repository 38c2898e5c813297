/**
 * The most recently used values, up to a number. `take` removes: whoever works on a value owns it. `get` leaves it there, for
 * values that are shared.
 */
export class LruCache<T> {
  readonly #entries = new Map<string, T>();

  constructor(private readonly capacity: number) {}

  get isFull(): boolean {
    return this.#entries.size >= this.capacity;
  }

  get(key: string): T | undefined {
    const value = this.take(key);
    if (value !== undefined) this.#entries.set(key, value);
    return value;
  }

  take(key: string): T | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.#entries.delete(key);
    return value;
  }

  put(key: string, value: T): void {
    if (this.capacity === 0) return;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.capacity) this.#entries.delete(this.#entries.keys().next().value!);
  }
}
