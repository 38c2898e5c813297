import type { Options, Sequelize } from 'sequelize';

import type { StorageConfig } from '../../config.js';

/** Two for commits, one for migrations to wait with, one for reading. */
const LEAST_CONNECTIONS = 4;
const DEFAULT_CONNECTIONS = 10;

/** How long one waits for a connection, in ms. */
const ACQUIRE_TIMEOUT = 10_000;

/** Where the server gives no more connections the pool's others come back: lists are asked for again for some seconds. */
const RETRY = {
  match: [/too many (clients|connections)/i, /connection slots/i, /max_user_connections/],
  max: 9,
  backoffBase: 200,
  backoffExponent: 1.3,
};

/**
 * Sequelize's options that all database servers have in common.
 *
 * @throws Error that names the key at fault.
 */
export function serverOptions(config: StorageConfig): Options {
  const { host, port, database, username, password, logging, poolSize } = config;
  if (typeof database !== 'string' || database === '') {
    throw new Error("database configuration: 'database' is missing: the name of the database on the server");
  }
  return {
    database,
    logging: logging ?? false,
    pool: { max: poolSize ?? DEFAULT_CONNECTIONS, acquire: ACQUIRE_TIMEOUT },
    retry: RETRY,
    ...present({ host, port, username, password }),
  };
}

/** @throws Error where an application's Sequelize has too few connections: work would wait for itself. */
export function checkPool(sequelize: Sequelize): void {
  const { pool } = 'options' in sequelize ? (sequelize.options as Options) : {};
  // Without an option Sequelize has 5.
  const max = pool?.max ?? 5;
  if (max >= LEAST_CONNECTIONS) return;
  throw new Error(`the given Sequelize has at most ${max} connections (pool.max), ${LEAST_CONNECTIONS} are needed`);
}

function present(address: Readonly<Record<string, unknown>>): Options {
  return Object.fromEntries(Object.entries(address).filter(([, value]) => value !== null && value !== undefined));
}
