import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { ConnectionError, type Sequelize } from 'sequelize';

/** Lends a driver's connections. */
export interface Connections<C> {
  /** @throws StorageUnavailableError when there is none, or none becomes free in time. */
  acquire(): Promise<C>;
  release(connection: C): void;
  /** Nothing more is lent. */
  letGo?(): void;
}

/** Connections that are kept out of the pool while they are used all the time, and for how long after, in ms. */
const MOST_KEPT = 2;
const KEPT_FOR = 100;

/**
 * The connections of Sequelize's pool. The pool takes turns with all it has; here the one that came back last is lent
 * next, so that statements are planned on few connections.
 */
export class PooledConnections<C extends object> implements Connections<C> {
  readonly #sequelize: Sequelize;
  #kept: C[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(sequelize: Sequelize) {
    this.#sequelize = sequelize;
  }

  async acquire(): Promise<C> {
    for (let kept = this.#kept.pop(); kept !== undefined; kept = this.#kept.pop()) {
      if (this.#isUsable(kept)) return kept;
      this.#giveBack(kept);
    }
    try {
      return (await this.#sequelize.connectionManager.getConnection({ type: 'write' })) as C;
    } catch (error) {
      throw error instanceof ConnectionError ? databaseAway(error) : error;
    }
  }

  release(connection: C): void {
    if (this.#kept.length >= MOST_KEPT || !this.#isUsable(connection)) return this.#giveBack(connection);
    this.#kept.push(connection);
    this.#timer ??= setTimeout(() => this.letGo(), KEPT_FOR).unref();
  }

  /** Gives all that nobody uses back to the pool. */
  letGo(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const kept = this.#kept;
    this.#kept = [];
    for (const connection of kept) this.#giveBack(connection);
  }

  #isUsable(connection: C): boolean {
    const manager = this.#sequelize.connectionManager as { validate?: (connection: C) => boolean };
    return manager.validate?.(connection) ?? true;
  }

  #giveBack(connection: C): void {
    try {
      this.#sequelize.connectionManager.releaseConnection(connection);
    } catch {
      // The pool has dropped a broken connection itself, and knows it no more.
    }
  }
}

interface ConnectionMaker {
  readonly config: { readonly replication?: { readonly write?: unknown } | null };
  _connect(config: unknown): Promise<unknown>;
}

/** A connection as Sequelize makes them, but not of its pool. */
export async function ownConnection<C>(sequelize: Sequelize): Promise<C> {
  const maker = sequelize.connectionManager as unknown as ConnectionMaker;
  return (await maker._connect(maker.config.replication?.write ?? maker.config)) as C;
}

/** Seconds after which another try makes sense while a database server cannot be reached. */
const RETRY_AFTER = 2;

export function databaseAway(cause: unknown): StorageUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageUnavailableError(`the database cannot be reached: ${reason}`, RETRY_AFTER, { cause });
}
