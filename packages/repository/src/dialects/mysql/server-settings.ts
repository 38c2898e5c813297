/** What is asked of a server, and how the storage's own connections are set up. */

/** Whether a server is recent enough, from the answer to `select version()`. Throws an Error that says what is needed. */
export function checkVersion(version: string): void {
  const isMariadb = /mariadb/i.test(version);
  const [name, least] = isMariadb ? ['MariaDB', LEAST_MARIADB] : ['MySQL', LEAST_MYSQL];
  // Behind some proxies MariaDB puts a version of MySQL in front of its own.
  const numbers = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  const firstDifference = least.findIndex((part, at) => numbers[at] !== part);
  if (firstDifference < 0 || (numbers[firstDifference] ?? 0) > (least[firstDifference] ?? 0)) return;
  throw new Error(
    `the database server is ${name} ${version}; ${name} ${least.join('.')} or later is needed ` +
      '(FOR UPDATE SKIP LOCKED, exact comparison of texts)',
  );
}

const LEAST_MARIADB = [10, 6, 0];
const LEAST_MYSQL = [8, 0, 17];

/** Checks the settings of a connection and answers its isolation level. */
export function checkSettings(settings: readonly (readonly unknown[])[]): string {
  let isolation = '';
  for (const [name, value] of settings) {
    if (name !== 'sql_mode') isolation = String(value);
    else if (!/STRICT_(TRANS|ALL)_TABLES/.test(String(value))) {
      throw new Error(
        `the connection's sql_mode is '${String(value)}': without STRICT_TRANS_TABLES the server would cut off values`,
      );
    }
  }
  return isolation;
}

/**
 * Locks are waited for no longer than 5 s. A connection that is silent for a minute is ended by the server, which frees
 * the locks of a node that has vanished; the pool lets go of idle ones long before. Reading a row that others write
 * needs no waiting (READ COMMITTED), and no gaps are locked.
 */
export const OWN_SETTINGS = [
  'set session transaction isolation level read committed',
  'set session innodb_lock_wait_timeout = 5, session wait_timeout = 60, ' +
    "session sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
];
