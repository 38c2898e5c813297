import { BadRequestError } from '@process-engine/contracts';
import type { PageRequest } from '@process-engine/contracts/storage';

/** Pages a list that is in memory, by the rules of `PageRequest`. */
export function paged<T>(items: readonly T[], { offset = 0, limit = 0 }: PageRequest): T[] {
  const from = Math.max(0, offset);
  return items.slice(from, limit > 0 ? from + limit : undefined);
}

/** A page request of optional numbers. BadRequestError: one of them is no whole number a storage can count with. */
export function pageOf(offset: number | undefined, limit: number | undefined): PageRequest {
  return { offset: wholeNumber('offset', offset), limit: wholeNumber('limit', limit) };
}

function wholeNumber(name: string, value = 0): number {
  if (!Number.isSafeInteger(value)) throw new BadRequestError(`${name} must be a whole number, not ${String(value)}`);
  return value;
}
