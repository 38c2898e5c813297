import { StorageUnavailableError } from '@process-engine/contracts/storage';

import type { Connections } from './connections.js';
import type { Session, Sessions } from './sessions.js';

/** The connection of a transaction of the application, which stays lent as long as that lasts. */
export function onlyConnection<C>(connection: C): Connections<C> {
  return { acquire: () => Promise.resolve(connection), release: () => undefined };
}

/** What surrounds a commit inside a transaction. */
export interface SavepointStatements {
  /** Answers the session for what is inside. */
  readonly begin: (session: Session) => Promise<Session>;
  readonly end: (session: Session) => Promise<void>;
  readonly undo: (session: Session) => Promise<void>;
}

/** Sessions of one connection inside a transaction: what was a transaction of its own is a savepoint, one after the other. */
export class TransactionSessions implements Sessions {
  readonly #sessions: Sessions;
  readonly #savepoint: SavepointStatements;
  #last: Promise<unknown> = Promise.resolve();

  /** @param sessions on the transaction's connection */
  constructor(sessions: Sessions, savepoint: SavepointStatements) {
    this.#sessions = sessions;
    this.#savepoint = savepoint;
  }

  get transactions(): number {
    return this.#sessions.transactions;
  }

  get statements(): number {
    return this.#sessions.statements;
  }

  get changedRows(): number {
    return this.#sessions.changedRows;
  }

  use<T>(body: (session: Session) => Promise<T>): Promise<T> {
    return this.#sessions.use(body);
  }

  async transaction<T>(body: (session: Session) => Promise<T>): Promise<T> {
    const running = this.#last.then(() => this.use((session) => this.#inSavepoint(session, body)));
    this.#last = running.catch(() => undefined);
    return running;
  }

  async #inSavepoint<T>(session: Session, body: (session: Session) => Promise<T>): Promise<T> {
    const inside = await this.#savepoint.begin(session);
    try {
      const result = await body(inside);
      await this.#savepoint.end(session);
      return result;
    } catch (error) {
      await this.#savepoint.undo(session).catch(() => {
        // A deadlock on MariaDB and MySQL, or a connection that is gone. The application's commit fails, too.
        const text = 'the database has undone the whole transaction of the application; begin it again';
        throw new StorageUnavailableError(text, 1, { cause: error });
      });
      throw error;
    }
  }
}
