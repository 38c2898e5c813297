/** Rows of values as a table of a statement: one parameter, whatever their number. */
import type { SqlValue } from '../../row-codec.js';

/** `key`: an id or key of a stored row · `text`: text of any length. */
export type KeyColumn = 'key' | 'text' | 'number';

/** The collation of ids, keys and names: exact, also about spaces at the end. MariaDB and MySQL have different names for it. */
export const EXACT = '/*M! collate utf8mb4_nopad_bin *//*!80017 collate utf8mb4_0900_bin */';

// A longer key is stored nowhere: null, which equals nothing, is what it becomes.
const TYPES: Readonly<Record<KeyColumn, string>> = { key: 'varchar(255)', text: 'longtext', number: 'bigint' };

/** Columns `c0`, `c1` …; the statement's parameter is the text that {@link keyRows} makes. */
export function keyTable(types: readonly KeyColumn[]): string {
  const columns = types.map((type, at) => `c${at} ${TYPES[type]} path '$.c${at}'`);
  return `json_table(?, '$[*]' columns (${columns.join(', ')}))`;
}

/** The column `c<at>` of the table `k`, comparable to a stored id, key or name. */
export function keyColumn(at: number): string {
  return `k.c${at} ${EXACT}`;
}

export function keyRows(rows: readonly (readonly SqlValue[])[]): string {
  const objects = rows.map((row) => {
    const object: Record<string, string | number> = {};
    // What is left out becomes null.
    for (const [at, value] of row.entries()) if (value !== null) object[`c${at}`] = wellFormed(value);
    return object;
  });
  return JSON.stringify(objects);
}

/** Half a character, which JSON can hold, would be refused; elsewhere the driver replaces it just so. */
function wellFormed(value: string | number): string | number {
  return typeof value === 'number' || isWellFormed(value) ? value : Buffer.from(value).toString();
}

function isWellFormed(value: string): boolean {
  return !/[\ud800-\udfff]/.test(value) || !/\p{Surrogate}/u.test(value);
}
