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

/** Where the server gives no more connections: how long one waits, and after how long the server is asked again, ms. */
const PATIENCE = 5_000;
const ASK_AGAIN_AFTER = 500;

/**
 * The connections of Sequelize's pool. The pool takes turns with all it has; here the one that came back last is lent
 * next, so that statements are planned on few connections. A server that gives fewer connections than the pool may have
 * makes work slower: who gets none takes over the next one that comes back.
 */
export class PooledConnections<C extends object> implements Connections<C> {
  readonly #sequelize: Sequelize;
  #kept: C[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Who waits for a connection to come back, in the order in which they came. */
  readonly #waiting = new Set<(connection: C) => void>();

  constructor(sequelize: Sequelize) {
    this.#sequelize = sequelize;
  }

  async acquire(): Promise<C> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const kept = this.#takeKept();
      if (kept !== undefined) return kept;
      try {
        return (await this.#sequelize.connectionManager.getConnection({ type: 'write' })) as C;
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        if (!isShortage(error) || performance.now() >= deadline) throw databaseAway(error);
      }
      const released = await this.#nextReleased();
      if (released !== undefined) return released;
    }
  }

  #takeKept(): C | undefined {
    for (let kept = this.#kept.pop(); kept !== undefined; kept = this.#kept.pop()) {
      if (this.#isUsable(kept)) return kept;
      this.#giveBack(kept);
    }
    return undefined;
  }

  /** Undefined: none came back for a while. */
  #nextReleased(): Promise<C | undefined> {
    return new Promise((resolve) => {
      const end = (connection?: C): void => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve(connection);
      };
      const timer = setTimeout(end, ASK_AGAIN_AFTER);
      this.#waiting.add(end);
    });
  }

  release(connection: C): void {
    const [next] = this.#waiting;
    if (next !== undefined && this.#isUsable(connection)) return next(connection);
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

/** What servers answer who have no connection left: for anybody, for this user, for this database. */
const SHORTAGES = new Set(['53300', 'ER_CON_COUNT_ERROR', 'ER_TOO_MANY_USER_CONNECTIONS', 'ER_USER_LIMIT_REACHED']);

function isShortage(error: unknown): boolean {
  const reported = error instanceof ConnectionError ? error.parent : error;
  return reported instanceof Error && 'code' in reported && SHORTAGES.has(String(reported.code));
}

export function databaseAway(cause: unknown): StorageUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (isShortage(cause)) {
    const text = `the database server gives no more connections (${reason}); allow the pool's size and one for each node`;
    return new StorageUnavailableError(text, RETRY_AFTER, { cause });
  }
  return new StorageUnavailableError(`the database cannot be reached: ${reason}`, RETRY_AFTER, { cause });
}
