import type { SqlValue } from '../../row-codec.js';
import type { Session } from '../server/sessions.js';
import { keyColumn, keyRows, keyTable, type KeyColumn } from './key-table.js';
import type { PacketLimit } from './packet-limit.js';

export interface Deletion {
  readonly table: string;
  /** The primary key. */
  readonly keyColumns: readonly string[];
  /** The key's values, followed by those of the condition. */
  readonly rows: readonly (readonly SqlValue[])[];
  readonly condition?: Condition;
}

/** What a row must meet, beside the key. */
export interface Condition {
  readonly types: readonly KeyColumn[];
  /** Of the row `t`, with the values as they are given to it. */
  readonly sql: (...values: readonly string[]) => string;
}

/** Answers the number of rows deleted. */
export async function deleteRows(limit: PacketLimit, session: Session, deletion: Deletion): Promise<number> {
  const { rows } = deletion;
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) return deleteRow(session, deletion, only);
  const sql = deleteStatement(deletion);
  let deleted = 0;
  for (const part of limit.parts(rows)) deleted += await session.run(sql, [keyRows(part)]);
  return deleted;
}

function deleteRow(session: Session, { table, keyColumns, condition }: Deletion, row: readonly SqlValue[]) {
  const keys = keyColumns.map((name) => `t.${name} = ?`);
  const rest = condition === undefined ? [] : [condition.sql(...condition.types.map(() => '?'))];
  return session.run(`delete t from ${table} t where ${[...keys, ...rest].join(' and ')}`, row);
}

function deleteStatement({ table, keyColumns, condition }: Deletion): string {
  const types = condition?.types ?? [];
  const keys = keyColumns.map((name, at) => `t.${name} = ${keyColumn(at)}`);
  const given = types.map((type, at) => {
    const place = keyColumns.length + at;
    return type === 'number' ? `k.c${place}` : keyColumn(place);
  });
  const rest = condition === undefined ? [] : [condition.sql(...given)];
  return `delete t from ${keyTable([...keyColumns.map((): KeyColumn => 'key'), ...types])} k
    straight_join ${table} t force index (primary) on ${[...keys, ...rest].join(' and ')}`;
}
