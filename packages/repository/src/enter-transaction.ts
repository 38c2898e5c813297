import type { Sequelize } from 'sequelize';

/** What is used of a transaction of Sequelize 6. */
interface SequelizeTransaction {
  readonly sequelize: Sequelize;
  readonly connection?: object;
  /** How it ended. */
  readonly finished?: string;
  readonly options?: { readonly isolationLevel?: string | null };
  /** Of a savepoint: the transaction it belongs to. */
  readonly parent?: unknown;
  afterCommit(callback: () => void): void;
}

export interface EnteredTransaction {
  readonly connection: object;
  /** As the application has asked for it, for example `READ COMMITTED`; undefined: as its connections are set up. */
  readonly isolationLevel?: string | undefined;
  readonly afterCommit: (callback: () => void) => void;
}

/**
 * The connection of a transaction of the application.
 *
 * @throws Error that says why it cannot be used.
 */
export function enterTransaction(transaction: unknown, sequelize: Sequelize): EnteredTransaction {
  if (!isTransaction(transaction)) throw new Error('within: a transaction of Sequelize is expected');
  if (transaction.sequelize !== sequelize) {
    throw new Error(
      'within: the transaction belongs to another Sequelize than the storage (see createStorage({ sequelize }))',
    );
  }
  const { connection, finished, parent } = transaction;
  if (parent !== undefined && parent !== null) {
    throw new Error('within: the transaction is a savepoint of another one; give the outer transaction');
  }
  if (finished !== undefined || connection === undefined) {
    throw new Error('within: the transaction has ended, or has not begun');
  }
  return {
    connection,
    isolationLevel: transaction.options?.isolationLevel ?? undefined,
    afterCommit: (callback) => transaction.afterCommit(callback),
  };
}

function isTransaction(value: unknown): value is SequelizeTransaction {
  return typeof value === 'object' && value !== null && 'sequelize' in value && 'afterCommit' in value;
}
