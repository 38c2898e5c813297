import type { EncodedUpdate } from '../../encoded-changes.js';
import type { SqlValue } from '../../row-codec.js';
import type { Session } from '../server/sessions.js';
import type { CommitMark } from './commit-marks.js';

/** An update of one row. Its values are those of its columns, followed by those of the key. */
export interface RowUpdate extends EncodedUpdate {
  readonly keyColumns: readonly string[];
}

interface TableUpdate {
  readonly table: string;
  readonly columns: readonly string[];
  readonly keyColumns: readonly string[];
  readonly set: readonly SqlValue[];
  readonly key: readonly SqlValue[];
}

/**
 * Updates one row of each of different tables and sets the transaction's mark, if it is not set yet, in one statement and
 * with the rows locked in this order: nearly every commit changes a process instance, most change one flow node
 * instance, so this saves them one or two round trips. Answers whether all rows were hit; if one was not, none is
 * changed.
 */
export async function updateMarked(
  session: Session,
  mark: CommitMark | undefined,
  updates: readonly RowUpdate[],
): Promise<boolean> {
  const all = [...(mark === undefined ? [] : [markUpdate(mark)]), ...updates.map(tableUpdate)];
  const tables = all.map(({ table }, at) => `${table} t${at}`).join(' straight_join ');
  const assignments = all.flatMap(({ columns }, at) => columns.map((name) => `t${at}.${name} = ?`)).join(', ');
  const conditions = all.flatMap(({ keyColumns }, at) => keyColumns.map((name) => `t${at}.${name} = ?`)).join(' and ');
  const values = [...all.flatMap(({ set }) => set), ...all.flatMap(({ key }) => key)];
  return (await session.run(`update ${tables} set ${assignments} where ${conditions}`, values)) > 0;
}

function markUpdate({ id, time }: CommitMark): TableUpdate {
  return { table: 'commit_log', columns: ['created_at'], keyColumns: ['id'], set: [time], key: [id] };
}

function tableUpdate({ table, columns, keyColumns, values }: RowUpdate): TableUpdate {
  const [set, key] = [values.slice(0, columns.length), values.slice(columns.length)];
  return { table: table.name, columns, keyColumns, set, key };
}
