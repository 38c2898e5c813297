/** A binary heap whose entries know their place, so that any of them can be removed in O(log n). */
export interface HeapEntry {
  /** Index in the heap that holds the entry; -1 while it is in none. */
  position: number;
}

export class Heap<T extends HeapEntry> {
  readonly #entries: T[] = [];
  readonly #compare: (left: T, right: T) => number;

  constructor(compare: (left: T, right: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#entries.length;
  }

  peek(): T | undefined {
    return this.#entries[0];
  }

  push(entry: T): void {
    this.#entries.push(entry);
    this.#rise(entry, this.#entries.length - 1);
  }

  pop(): T | undefined {
    const first = this.#entries[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes the entry out; an entry that is not in this heap is left alone. */
  remove(entry: T): void {
    const position = entry.position;
    if (this.#entries[position] !== entry) return;
    const last = this.#entries.pop();
    entry.position = -1;
    if (last === undefined || last === entry) return;
    this.#rise(last, position);
    if (last.position === position) this.#sink(last, position);
  }

  #rise(entry: T, from: number): void {
    let position = from;
    while (position > 0) {
      const parentPosition = (position - 1) >> 1;
      const parent = this.#entries[parentPosition];
      if (parent === undefined || this.#compare(entry, parent) >= 0) break;
      this.#place(parent, position);
      position = parentPosition;
    }
    this.#place(entry, position);
  }

  #sink(entry: T, from: number): void {
    let position = from;
    for (;;) {
      const child = this.#smallerChild(position);
      if (child === undefined || this.#compare(child, entry) >= 0) break;
      const next = child.position;
      this.#place(child, position);
      position = next;
    }
    this.#place(entry, position);
  }

  #smallerChild(position: number): T | undefined {
    const left = this.#entries[2 * position + 1];
    const right = this.#entries[2 * position + 2];
    if (left === undefined || right === undefined) return left;
    return this.#compare(right, left) < 0 ? right : left;
  }

  #place(entry: T, position: number): void {
    this.#entries[position] = entry;
    entry.position = position;
  }
}
