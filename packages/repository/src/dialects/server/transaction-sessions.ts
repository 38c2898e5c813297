import type { Connections } from './connections.js';
import type { Session, Sessions } from './sessions.js';

/** The connection of a transaction of the application, which stays lent as long as that lasts. */
export function onlyConnection<C>(connection: C): Connections<C> {
  return { acquire: () => Promise.resolve(connection), release: () => undefined };
}

/** What surrounds a commit inside a transaction. */
export interface SavepointStatements {
  readonly begin: (session: Session) => Promise<void>;
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
    await this.#savepoint.begin(session);
    try {
      const result = await body(session);
      await this.#savepoint.end(session);
      return result;
    } catch (error) {
      // A transaction that cannot be brought back is lost as a whole: its own commit will tell.
      await this.#savepoint.undo(session).catch(() => undefined);
      throw error;
    }
  }
}
