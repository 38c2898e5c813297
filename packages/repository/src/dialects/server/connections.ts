import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { ConnectionError, type Sequelize } from 'sequelize';

/** Lends a driver's connections. */
export interface Connections<C> {
  /** @throws StorageUnavailableError when there is none, or none becomes free in time. */
  acquire(): Promise<C>;
  release(connection: C): void;
}

/** The connections of Sequelize's pool. */
export class PooledConnections<C extends object> implements Connections<C> {
  readonly #sequelize: Sequelize;

  constructor(sequelize: Sequelize) {
    this.#sequelize = sequelize;
  }

  async acquire(): Promise<C> {
    try {
      return (await this.#sequelize.connectionManager.getConnection({ type: 'write' })) as C;
    } catch (error) {
      throw error instanceof ConnectionError ? databaseAway(error) : error;
    }
  }

  release(connection: C): void {
    try {
      this.#sequelize.connectionManager.releaseConnection(connection);
    } catch {
      // The pool has dropped a broken connection itself, and knows it no more.
    }
  }
}

/** Seconds after which another try makes sense while a database server cannot be reached. */
const RETRY_AFTER = 2;

export function databaseAway(cause: unknown): StorageUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageUnavailableError(`the database cannot be reached: ${reason}`, RETRY_AFTER, { cause });
}
