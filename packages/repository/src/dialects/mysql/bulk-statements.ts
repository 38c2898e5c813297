/**
 * Statements for any number of rows. Rows to insert are a list of values: a few shapes, each prepared once per connection.
 * Rows to find are one parameter, a JSON text that `json_table` turns into rows again, which are looked up one after
 * the other by the primary key: so they are locked in the order in which they are given, and nothing beside them is.
 */
import type { EncodedRows, EncodedUpdate } from '../../encoded-changes.js';
import type { OnDuplicate, ServerStatements } from '../server/server-statements.js';
import type { Session } from '../server/sessions.js';
import { deleteRows } from './delete-rows.js';
import { keyColumn, keyRows, keyTable, type KeyColumn } from './key-table.js';
import { updateMarked } from './update-marked.js';
import { isTransaction } from './mysql-sessions.js';
import type { PacketLimit } from './packet-limit.js';

type Bulk = Pick<
  ServerStatements,
  'insertRows' | 'updateRows' | 'updateTogether' | 'deleteRows' | 'deleteVariables' | 'lockInstances' | 'beforeEvents'
>;

export function bulkStatements(limit: PacketLimit): Bulk {
  return {
    insertRows: (session, rows, onDuplicate) => insertRows(limit, session, rows, onDuplicate),
    updateRows: (session, keyColumns, updates) => updateRows(limit, session, keyColumns, updates),
    updateTogether: async (session, instance, node) => {
      const mark = isTransaction(session) ? session.takeMark() : undefined;
      limit.check('process_instance', instance.values);
      limit.check('flow_node_instance', node.values);
      return updateMarked(session, mark, [
        { ...instance, keyColumns: ['id', 'version'] },
        { ...node, keyColumns: ['process_instance_id', 'id'] },
      ]);
    },
    deleteRows: async (session, { table, partitionColumn, keys }) => {
      const rows = keys.map(({ partition, id }) => [partition, id]);
      await deleteRows(limit, session, { table: table.name, keyColumns: [partitionColumn, 'id'], rows });
    },
    deleteVariables: async (session, keys) => {
      const keyColumns = ['process_instance_id', 'scope_id', 'name'];
      const rows = keys.map((key) => [key.processInstanceId, key.scopeId, key.name]);
      await deleteRows(limit, session, { table: 'variable', keyColumns, rows });
    },
    lockInstances: (session, ids) => lockInstances(limit, session, ids),
    // Readers of the log tell by the mark that there may be more to come.
    beforeEvents: async (session) => {
      if (isTransaction(session)) await session.setMark();
    },
  };
}

async function insertRows(
  limit: PacketLimit,
  session: Session,
  rows: EncodedRows,
  onDuplicate?: OnDuplicate,
): Promise<number> {
  const { table, values } = rows;
  let inserted = 0;
  for (const part of limit.insertParts(rows)) {
    const isAll = part.to - part.from === values.length;
    const sql = insertStatement(table, part.rows, onDuplicate);
    inserted += await session.run(sql, isAll ? values : values.slice(part.from, part.to));
  }
  return inserted;
}

const INSERTS = new Map<string, string>();

function insertStatement(table: EncodedRows['table'], rows: number, onDuplicate?: OnDuplicate): string {
  const key = `${table.name} ${rows} ${onDuplicate ?? ''}`;
  let sql = INSERTS.get(key);
  if (sql === undefined) {
    const row = `(${table.insertColumns.map(() => '?').join(', ')})`;
    const all = Array.from({ length: rows }, () => row).join(', ');
    sql = `insert into ${table.name} (${table.insertColumns.join(', ')}) values ${all}${rest(table, onDuplicate)}`;
    INSERTS.set(key, sql);
  }
  return sql;
}

/** `insert ignore` would skip too much: it cuts off what is too long, too. A row that stays as it is counts as none. */
function rest(table: EncodedRows['table'], onDuplicate?: OnDuplicate): string {
  const [first = ''] = table.insertColumns;
  switch (onDuplicate) {
    case undefined:
      return '';
    case 'skip':
      return ` on duplicate key update ${first} = ${table.name}.${first}`;
    case 'replace-value':
      return ' on duplicate key update value = values(value)';
  }
}

async function lockInstances(limit: PacketLimit, session: Session, ids: readonly string[]): Promise<void> {
  const sql = `select t.id from ${keyTable(['key'])} k straight_join process_instance t force index (primary)
      on t.id = ${keyColumn(0)} for update`;
  for (const part of limit.parts(ids.map((id) => [id]))) await session.rows(sql, [keyRows(part)]);
}

async function updateRows(
  limit: PacketLimit,
  session: Session,
  keyColumns: readonly string[],
  updates: readonly EncodedUpdate[],
): Promise<number> {
  const [first] = updates;
  if (first === undefined) return 0;
  const { table } = first;
  let hit = 0;
  let from = 0;
  for (const part of limit.parts(updates.map(({ values }) => values))) {
    const [only] = part;
    if (part.length === 1 && only !== undefined) {
      limit.check(table.name, only);
      hit += await updateOne(session, keyColumns, updates[from] ?? first);
    } else {
      hit += await session.run(updateStatement(first, keyColumns), [keyRows(part)]);
    }
    from += part.length;
  }
  return hit;
}

function updateStatement({ table, columns }: EncodedUpdate, keyColumns: readonly string[]): string {
  const codecs = new Map(table.columns.map(({ name, codec }) => [name, codec]));
  const typeOf = (name: string): KeyColumn => (/integer|flag/.test(codecs.get(name) ?? '') ? 'number' : 'text');
  const keys = keyColumns.map((name) => (typeOf(name) === 'number' ? 'number' : 'key'));
  const conditions = keyColumns.map((name, at) => {
    const place = columns.length + at;
    return `t.${name} = ${keys[at] === 'key' ? keyColumn(place) : `k.c${place}`}`;
  });
  return `update ${keyTable([...columns.map(typeOf), ...keys])} k
    straight_join ${table.name} t force index (primary) on ${conditions.join(' and ')}
      set ${columns.map((name, at) => `t.${name} = k.c${at}`).join(', ')}`;
}

async function updateOne(session: Session, keyColumns: readonly string[], update: EncodedUpdate): Promise<number> {
  const mark = update.table.name === 'process_instance' && isTransaction(session) ? session.takeMark() : undefined;
  return (await updateMarked(session, mark, [{ ...update, keyColumns }])) ? 1 : 0;
}
