/**
 * Rows grouped by a key, in the order they were added. Most groups hold one row (one user task per instance, one
 * instance per correlation), which is then kept without a container of its own: that is most of an index's memory.
 */
export class GroupedRows<T extends { readonly id: string }> {
  readonly #groups = new Map<string, T | Map<string, T>>();

  /** Adds the row to the group, or replaces the one with its id. */
  put(key: string, row: T): void {
    const group = this.#groups.get(key);
    if (group === undefined) {
      this.#groups.set(key, row);
    } else if (group instanceof Map) {
      group.set(row.id, row);
    } else if (group.id === row.id) {
      this.#groups.set(key, row);
    } else {
      const rows = new Map<string, T>();
      rows.set(group.id, group).set(row.id, row);
      this.#groups.set(key, rows);
    }
  }

  delete(key: string, id: string): void {
    const group = this.#groups.get(key);
    if (group === undefined) return;
    if (group instanceof Map) {
      group.delete(id);
      if (group.size === 0) this.#groups.delete(key);
    } else if (group.id === id) {
      this.#groups.delete(key);
    }
  }

  of(key: string): T[] {
    const group = this.#groups.get(key);
    if (group === undefined) return [];
    return group instanceof Map ? [...group.values()] : [group];
  }
}
