import { Heap, type HeapEntry } from './heap.js';

/** A row that workers lock for a time. `lockedUntil` is 0 when it was never locked. */
export interface ClaimableRow {
  readonly id: string;
  readonly lockedUntil: number;
}

interface Entry<T> extends HeapEntry {
  readonly row: T;
}

/**
 * Rows that can be claimed, in the queue's order, beside rows that wait for the end of their lock.
 * Putting, deleting and claiming one row costs O(log n), however many are queued.
 */
export class ClaimQueue<T extends ClaimableRow> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #free: Heap<Entry<T>>;
  readonly #locked = new Heap<Entry<T>>((left, right) => left.row.lockedUntil - right.row.lockedUntil);

  /** @param order which of two free rows is handed out first. */
  constructor(order: (left: T, right: T) => number) {
    this.#free = new Heap<Entry<T>>((left, right) => order(left.row, right.row));
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The first free row in order. */
  get firstFree(): T | undefined {
    return this.#free.peek()?.row;
  }

  /** The locked row whose lock ends first (its end may have passed). */
  get firstLocked(): T | undefined {
    return this.#locked.peek()?.row;
  }

  /** Adds the row, or replaces the one with its id. */
  put(row: T): void {
    this.delete(row.id);
    const entry: Entry<T> = { row, position: -1 };
    this.#entries.set(row.id, entry);
    (row.lockedUntil === 0 ? this.#free : this.#locked).push(entry);
  }

  delete(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#free.remove(entry);
    this.#locked.remove(entry);
  }

  /**
   * The first rows that are claimable at `now`, at most `limit`. They leave the queue: the caller puts them back locked.
   *
   * @param isDue stops at the first row in order that is not due.
   */
  take(now: number, limit: number, isDue: (row: T) => boolean): T[] {
    this.#freeLapsed(now);
    const taken: T[] = [];
    while (taken.length < limit) {
      const entry = this.#free.peek();
      if (entry === undefined || !isDue(entry.row)) break;
      this.#free.remove(entry);
      // A lock that lapsed for a caller whose clock is ahead may still hold for this one.
      if (entry.row.lockedUntil > now) {
        this.#locked.push(entry);
      } else {
        this.#entries.delete(entry.row.id);
        taken.push(entry.row);
      }
    }
    return taken;
  }

  #freeLapsed(now: number): void {
    for (let entry = this.#locked.peek(); entry !== undefined; entry = this.#locked.peek()) {
      if (entry.row.lockedUntil > now) return;
      this.#locked.remove(entry);
      this.#free.push(entry);
    }
  }
}
