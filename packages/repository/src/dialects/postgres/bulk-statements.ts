/**
 * Statements for any number of rows: each column is one parameter, an array that `unnest` turns into rows again. So each
 * table has one statement, prepared once, and a batch of commits has as many statements as a single one.
 */
import type { VariableKey } from '@process-engine/contracts/storage';

import type { EncodedDeletes, EncodedRows, EncodedUpdate } from '../../encoded-changes.js';
import type { Codec, SqlValue } from '../../row-codec.js';
import type { GuardOf, OnDuplicate } from '../server/server-statements.js';
import type { Session } from '../server/sessions.js';

const TYPES: Readonly<Record<Codec, string>> = {
  plain: 'text',
  integer: 'bigint',
  flag: 'smallint',
  object: 'text',
  value: 'text',
};

const ON_DUPLICATE: Readonly<Record<OnDuplicate, string>> = {
  skip: 'on conflict do nothing',
  'replace-value': 'on conflict (process_instance_id, scope_id, name) do update set value = excluded.value',
};

export function insertRows(
  session: Session,
  { table, values }: EncodedRows,
  onDuplicate?: OnDuplicate,
): Promise<number> {
  const columns = table.insertColumns;
  const source = unnest(columns.map((name) => typeOf(table, name)));
  const sql = `insert into ${table.name} (${columns.join(', ')}) select * from ${source}`;
  const rest = onDuplicate === undefined ? '' : ` ${ON_DUPLICATE[onDuplicate]}`;
  return session.run(sql + rest, columnsOf(values, columns.length));
}

export async function deleteRows(session: Session, { table, partitionColumn, keys }: EncodedDeletes): Promise<void> {
  await session.run(
    `delete from ${table.name} t using ${unnest(['text', 'text'])} as k (k1, k2)
      where t.${partitionColumn} = k.k1 and t.id = k.k2`,
    [keys.map(({ partition }) => partition), keys.map(({ id }) => id)],
  );
}

export async function deleteVariables(session: Session, keys: readonly VariableKey[]): Promise<void> {
  await session.run(
    `delete from variable t using ${unnest(['text', 'text', 'text'])} as k (k1, k2, k3)
      where t.process_instance_id = k.k1 and t.scope_id = k.k2 and t.name = k.k3`,
    [keys.map((key) => key.processInstanceId), keys.map((key) => key.scopeId), keys.map((key) => key.name)],
  );
}

export async function lockInstances(session: Session, ids: readonly string[]): Promise<void> {
  await session.rows('select id from process_instance where id = any(?::text[]) order by id for update', [ids]);
}

export function updateRows(
  session: Session,
  keyColumns: readonly string[],
  updates: readonly EncodedUpdate[],
): Promise<number> {
  const [first] = updates;
  if (first === undefined) return Promise.resolve(0);
  const { table, columns } = first;
  const all = [...columns, ...keyColumns];
  const assignments = columns.map((name, at) => `${name} = u.c${at}`).join(', ');
  const keys = keyColumns.map((name, at) => `t.${name} = u.c${columns.length + at}`).join(' and ');
  const sql = `update ${table.name} t set ${assignments}
    from ${unnest(all.map((name) => typeOf(table, name)))} as u (${all.map((_, at) => `c${at}`).join(', ')})
   where ${keys}`;
  const values = updates.length === 1 ? first.values : updates.flatMap((update) => update.values);
  return session.run(sql, columnsOf(values, all.length));
}

export function takeExternalTasks(session: Session, guards: readonly GuardOf<'external-task'>[]): Promise<number> {
  return session.run(
    `delete from external_task t using ${unnest(['text', 'text', 'text', 'bigint'])} as g (k1, k2, worker, now)
      where t.process_instance_id = g.k1 and t.id = g.k2
        and (g.worker is null or t.worker_id = g.worker or t.locked_until <= g.now)`,
    [
      guards.map((guard) => guard.processInstanceId),
      guards.map((guard) => guard.id),
      guards.map((guard) => guard.workerId),
      guards.map((guard) => guard.now),
    ],
  );
}

export function takeJobs(session: Session, guards: readonly GuardOf<'job'>[]): Promise<number> {
  return session.run(
    `delete from job t using ${unnest(['text', 'text', 'text', 'bigint'])} as g (k1, k2, owner, now)
      where t.partition_id = g.k1 and t.id = g.k2 and t.owner = g.owner and t.locked_until > g.now`,
    [
      guards.map((guard) => guard.partition),
      guards.map((guard) => guard.id),
      guards.map((guard) => guard.owner),
      guards.map((guard) => guard.now),
    ],
  );
}

export function takeMessages(session: Session, guards: readonly GuardOf<'message'>[]): Promise<number> {
  return session.run(
    `delete from message t using ${unnest(['text', 'text'])} as g (k1, k2) where t.tenant_id = g.k1 and t.id = g.k2`,
    [guards.map((guard) => guard.tenantId), guards.map((guard) => guard.id)],
  );
}

function unnest(types: readonly string[]): string {
  return `unnest(${types.map((type) => `?::${type}[]`).join(', ')})`;
}

function typeOf(table: EncodedRows['table'] | EncodedUpdate['table'], name: string): string {
  // A column that is none of the record's fields holds an id.
  return TYPES[table.columns.find((column) => column.name === name)?.codec ?? 'plain'];
}

/** Row after row turned into one array per column. */
function columnsOf(values: readonly SqlValue[], width: number): SqlValue[][] {
  const columns = Array.from({ length: width }, (): SqlValue[] => []);
  for (const [at, value] of values.entries()) columns[at % width]?.push(value);
  return columns;
}
