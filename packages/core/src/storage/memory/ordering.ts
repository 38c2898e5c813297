/** The order of lists: by creation time, rows of the same millisecond by id. */
export function oldestFirst(
  left: { readonly id: string; readonly createdAt: number },
  right: { readonly id: string; readonly createdAt: number },
): number {
  return left.createdAt - right.createdAt || compareText(left.id, right.id);
}

/** The order in which external tasks are handed out: by priority, of equal ones the oldest. */
export function mostUrgentFirst(
  left: { readonly id: string; readonly createdAt: number; readonly priority: number },
  right: { readonly id: string; readonly createdAt: number; readonly priority: number },
): number {
  return right.priority - left.priority || oldestFirst(left, right);
}

/** Code unit order, as databases with a binary collation sort ids. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
