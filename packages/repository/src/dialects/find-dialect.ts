import type { Dialect } from './dialect.js';
import { mysqlDialect } from './mysql/mysql-dialect.js';
import { postgresDialect } from './postgres/postgres-dialect.js';
import { sqliteDialect } from './sqlite/sqlite-dialect.js';

/** By the name in a configuration. MariaDB and MySQL speak the same protocol; which of them answers shows itself. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  sqlite: sqliteDialect,
  postgres: postgresDialect,
  mysql: mysqlDialect,
  mariadb: mysqlDialect,
};

/** @throws Error that names the key `dialect`. */
export function findDialect(name: string): Dialect {
  const dialect = Object.hasOwn(DIALECTS, name) ? DIALECTS[name] : undefined;
  if (dialect !== undefined) return dialect;
  const supported = Object.keys(DIALECTS).join(', ');
  throw new Error(`database configuration: 'dialect' "${name}" is unknown (supported: ${supported})`);
}
