import type { Dialect } from './dialect.js';
import { postgresDialect } from './postgres/postgres-dialect.js';
import { sqliteDialect } from './sqlite/sqlite-dialect.js';

const DIALECTS: Readonly<Record<string, Dialect>> = { sqlite: sqliteDialect, postgres: postgresDialect };

const LATER = ['mysql', 'mariadb'];

/** @throws Error that names the key `dialect`. */
export function findDialect(name: string): Dialect {
  const dialect = DIALECTS[name];
  if (dialect !== undefined) return dialect;
  const supported = Object.keys(DIALECTS).join(', ');
  const reason = LATER.includes(name) ? 'is not supported by this version yet' : 'is unknown';
  throw new Error(`database configuration: 'dialect' "${name}" ${reason} (supported: ${supported})`);
}
