import type { PageRequest } from '@process-engine/contracts/storage';

/** Pages a list that is in memory, by the rules of `PageRequest`. */
export function paged<T>(items: readonly T[], { offset = 0, limit = 0 }: PageRequest): T[] {
  const from = Math.max(0, offset);
  return items.slice(from, limit > 0 ? from + limit : undefined);
}

/** A page request of optional numbers. */
export function pageOf(offset: number | undefined, limit: number | undefined): PageRequest {
  return { offset: offset ?? 0, limit: limit ?? 0 };
}
