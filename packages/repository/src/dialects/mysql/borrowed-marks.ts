import { randomUUID } from 'node:crypto';

import type { CommitMark } from './commit-marks.js';

export interface BorrowedMark extends CommitMark {
  time: number;
}

/** A mark that was not used for so long may be removed by the next sweep, ms. */
const USABLE_FOR = 20 * 60 * 1000;

/**
 * Marks for transactions of the application, which may write events, too: readers of the event log have to see that such
 * a transaction is under way (settled-events.ts). Its row must be there, committed, before it is marked, so another
 * connection stores it; after the commit it serves the next transaction.
 */
export class BorrowedMarks {
  readonly #store: (mark: CommitMark) => Promise<void>;
  #free: BorrowedMark[] = [];

  /** @param store commits the row of a mark, on another connection than the transaction's. */
  constructor(store: (mark: CommitMark) => Promise<void>) {
    this.#store = store;
  }

  async take(): Promise<BorrowedMark> {
    const now = Date.now();
    this.#free = this.#free.filter(({ time }) => now - time < USABLE_FOR);
    const mark = this.#free.pop();
    if (mark !== undefined) return mark;
    const made = { id: randomUUID(), time: now };
    await this.#store(made);
    return made;
  }

  /** After the commit of the transaction that took it. */
  giveBack(mark: BorrowedMark): void {
    this.#free.push(mark);
  }
}
