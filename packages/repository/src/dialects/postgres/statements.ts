/**
 * Statements for any number of rows: each column is one parameter, an array that `unnest` turns into rows again. So each
 * table has one statement, prepared once, and a batch of commits has as many statements as a single one.
 */
import type { VariableKey } from '@process-engine/contracts/storage';

import type { EncodedDeletes, EncodedRows, EncodedUpdate } from '../../encoded-changes.js';
import type { Codec, SqlValue } from '../../row-codec.js';
import type { GuardOf, OnDuplicate } from '../server/server-statements.js';
import type { Parameter } from '../server/sessions.js';

/** Its parameters are marked by `?`. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Parameter[];
}

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

export function insertion({ table, values }: EncodedRows, onDuplicate?: OnDuplicate): Statement {
  const columns = table.insertColumns;
  const source = unnest(columns.map((name) => typeOf(table, name)));
  const sql = `insert into ${table.name} (${columns.join(', ')}) select * from ${source}`;
  const rest = onDuplicate === undefined ? '' : ` ${ON_DUPLICATE[onDuplicate]}`;
  return { sql: sql + rest, values: columnsOf(values, columns.length) };
}

export function deletion({ table, partitionColumn, keys }: EncodedDeletes): Statement {
  return {
    sql: `delete from ${table.name} t using ${unnest(['text', 'text'])} as k (k1, k2)
      where t.${partitionColumn} = k.k1 and t.id = k.k2`,
    values: [keys.map(({ partition }) => partition), keys.map(({ id }) => id)],
  };
}

export function variableDeletion(keys: readonly VariableKey[]): Statement {
  return {
    sql: `delete from variable t using ${unnest(['text', 'text', 'text'])} as k (k1, k2, k3)
      where t.process_instance_id = k.k1 and t.scope_id = k.k2 and t.name = k.k3`,
    values: [keys.map((key) => key.processInstanceId), keys.map((key) => key.scopeId), keys.map((key) => key.name)],
  };
}

/** Updates that set the same columns, of rows that differ. */
export function update(
  keyColumns: readonly string[],
  updates: readonly [EncodedUpdate, ...EncodedUpdate[]],
): Statement {
  const [first] = updates;
  const { table, columns } = first;
  const all = [...columns, ...keyColumns];
  const assignments = columns.map((name, at) => `${name} = u.c${at}`).join(', ');
  const keys = keyColumns.map((name, at) => `t.${name} = u.c${columns.length + at}`).join(' and ');
  const sql = `update ${table.name} t set ${assignments}
    from ${unnest(all.map((name) => typeOf(table, name)))} as u (${all.map((_, at) => `c${at}`).join(', ')})
   where ${keys}`;
  const values = updates.length === 1 ? first.values : updates.flatMap((each) => each.values);
  return { sql, values: columnsOf(values, all.length) };
}

export function externalTaskGuard(guards: readonly GuardOf<'external-task'>[]): Statement {
  return {
    sql: `delete from external_task t using ${unnest(['text', 'text', 'text', 'bigint'])} as g (k1, k2, worker, now)
      where t.process_instance_id = g.k1 and t.id = g.k2
        and (g.worker is null or t.worker_id = g.worker or t.locked_until <= g.now)`,
    values: [
      guards.map((guard) => guard.processInstanceId),
      guards.map((guard) => guard.id),
      guards.map((guard) => guard.workerId),
      guards.map((guard) => guard.now),
    ],
  };
}

export function jobGuard(guards: readonly GuardOf<'job'>[]): Statement {
  return {
    sql: `delete from job t using ${unnest(['text', 'text', 'text', 'bigint'])} as g (k1, k2, owner, now)
      where t.partition_id = g.k1 and t.id = g.k2 and t.owner = g.owner and t.locked_until > g.now`,
    values: [
      guards.map((guard) => guard.partition),
      guards.map((guard) => guard.id),
      guards.map((guard) => guard.owner),
      guards.map((guard) => guard.now),
    ],
  };
}

export function messageGuard(guards: readonly GuardOf<'message'>[]): Statement {
  return {
    sql: `delete from message t using ${unnest(['text', 'text'])} as g (k1, k2)
      where t.tenant_id = g.k1 and t.id = g.k2`,
    values: [guards.map((guard) => guard.tenantId), guards.map((guard) => guard.id)],
  };
}

/** What the list holds is hidden from the planner, which would plan anew each time to make use of it. */
function unnest(types: readonly string[]): string {
  return `unnest(${types.map((type) => `(select ?::${type}[])`).join(', ')})`;
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
