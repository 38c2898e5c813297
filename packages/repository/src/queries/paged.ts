import type { Page, PageRequest } from '@process-engine/contracts/storage';

import type { SqlRow, SqlValue } from '../row-codec.js';
import type { Select } from '../select.js';
import type { Conditions } from './conditions.js';

export interface PagedQuery<T> {
  readonly columns: string;
  /** Table or join. */
  readonly from: string;
  readonly conditions: Pick<Conditions, 'where' | 'values'>;
  readonly orderBy: string;
  readonly decode: (row: SqlRow) => T;
}

/** A page of the matching rows, and their number before paging. Counts only where the page itself does not tell. */
export async function paged<T>(
  select: Select,
  query: PagedQuery<T>,
  { offset = 0, limit = 0, uncounted = false }: PageRequest = {},
): Promise<Page<T>> {
  const { columns, from, conditions, orderBy, decode } = query;
  const first = Math.max(offset, 0);
  const values: SqlValue[] = [...conditions.values];
  let sql = `select ${columns} from ${from}${conditions.where} order by ${orderBy}`;
  if (first > 0 || limit > 0) {
    sql += ' limit ? offset ?';
    values.push(limit > 0 ? limit : Number.MAX_SAFE_INTEGER, first);
  }
  const items = (await select(sql, values)).map(decode);
  if (uncounted || isLastPage(items.length, first, limit)) return { items, totalCount: first + items.length };
  const [row] = await select(`select count(*) as total from ${from}${conditions.where}`, conditions.values);
  return { items, totalCount: Number(row?.[0]) };
}

/** Nothing follows, and what comes before is known to be there. */
function isLastPage(length: number, first: number, limit: number): boolean {
  return (limit <= 0 || length < limit) && (length > 0 || first === 0);
}
