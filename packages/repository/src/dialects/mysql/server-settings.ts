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

/** How a connection is set up. */
export interface ConnectionSettings {
  /** For example `READ COMMITTED`. */
  readonly isolation: string;
  /** Locks are waited for no longer than the storage does. */
  readonly waitsBriefly: boolean;
}

/** The name of the isolation level depends on the server. */
export const ASK_SETTINGS =
  "show session variables where variable_name in ('tx_isolation', 'transaction_isolation', 'sql_mode', " +
  "'innodb_lock_wait_timeout')";

/** Reads the answer to {@link ASK_SETTINGS}. Throws an Error that says what is wrong. */
export function checkSettings(answer: readonly (readonly unknown[])[]): ConnectionSettings {
  const settings = new Map(answer.map(([name, value]) => [String(name), String(value)]));
  const mode = settings.get('sql_mode') ?? '';
  if (!/STRICT_(TRANS|ALL)_TABLES/.test(mode)) {
    throw new Error(
      `the connection's sql_mode is '${mode}': without STRICT_TRANS_TABLES the server would cut off values`,
    );
  }
  return {
    isolation: (settings.get('transaction_isolation') ?? settings.get('tx_isolation') ?? '').replace('-', ' '),
    waitsBriefly: Number(settings.get('innodb_lock_wait_timeout')) <= LONGEST_WAIT,
  };
}

/** How long a lock is waited for, in seconds. */
const LONGEST_WAIT = 5;

/** On a connection of an application, whose own setting comes back. */
export const LIMIT_WAIT =
  'set @process_engine_wait = @@session.innodb_lock_wait_timeout, ' +
  `session innodb_lock_wait_timeout = ${LONGEST_WAIT}`;
export const RESTORE_WAIT = 'set session innodb_lock_wait_timeout = @process_engine_wait';

/**
 * Locks are waited for no longer than 5 s. A connection that is silent for a minute is ended by the server, which frees
 * the locks of a node that has vanished; the pool lets go of idle ones long before. Reading a row that others write
 * needs no waiting (READ COMMITTED), and no gaps are locked.
 */
export const OWN_SETTINGS = [
  'set session transaction isolation level read committed',
  `set session innodb_lock_wait_timeout = ${LONGEST_WAIT}, session wait_timeout = 60, ` +
    "session sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
];
