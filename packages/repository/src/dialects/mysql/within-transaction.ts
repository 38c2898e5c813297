/**
 * Sessions in a transaction of the application.
 *
 * 1. It must be READ COMMITTED: else it would go on reading the instances as they were when it began.
 * 2. Locks are waited for no longer than outside; the application's own setting comes back after each commit.
 * 3. A deadlock undoes the transaction as a whole, and what follows would be stored statement by statement: so the
 *    connection is ended, and the application's own statements and commit fail.
 */
import { ConflictError } from '@process-engine/contracts/storage';

import type { EnteredTransaction } from '../../enter-transaction.js';
import { onlyConnection, TransactionSessions, type SavepointStatements } from '../server/transaction-sessions.js';
import type { Session, Sessions } from '../server/sessions.js';
import type { BorrowedMark, BorrowedMarks } from './borrowed-marks.js';
import { SET_MARK } from './commit-marks.js';
import { discard, plain, type MysqlConnection, type MysqlResult } from './mysql-connection.js';
import { toStorageError } from './mysql-errors.js';
import { MysqlSessions, type MysqlSession } from './mysql-sessions.js';
import { ASK_SETTINGS, checkSettings, LIMIT_WAIT, RESTORE_WAIT } from './server-settings.js';

const CURRENT_LEVELS = ['READ COMMITTED', 'SERIALIZABLE'];
const IN_TRANSACTION = 1;

export function withinTransaction(transaction: EnteredTransaction, marks: BorrowedMarks): Sessions {
  const connection = transaction.connection as MysqlConnection;
  return new TransactionSessions(
    new MysqlSessions(onlyConnection(connection)),
    savepointStatements(connection, transaction, marks),
  );
}

function savepointStatements(
  connection: MysqlConnection,
  transaction: EnteredTransaction,
  marks: BorrowedMarks,
): SavepointStatements {
  let isChecked = false;
  const mark = markOf(transaction, marks);
  return {
    begin: async (session) => {
      if (!isChecked) await checkIsolation(session, transaction.isolationLevel);
      isChecked = true;
      const { serverStatus = IN_TRANSACTION } = (await control(connection, 'savepoint process_engine')) as MysqlResult;
      // After a deadlock of a statement of the application's own.
      if ((serverStatus & IN_TRANSACTION) === 0) throw new Error('within: the database has ended the transaction');
      await control(connection, LIMIT_WAIT);
      const inside: MysqlSession = { ...session, takeMark: () => undefined, setMark: () => mark(session) };
      return inside;
    },
    end: async () => {
      await control(connection, 'release savepoint process_engine');
      await control(connection, RESTORE_WAIT);
    },
    undo: async () => {
      try {
        await control(connection, 'rollback to savepoint process_engine');
        await control(connection, RESTORE_WAIT);
      } catch (error) {
        discard(connection);
        throw error;
      }
    },
  };
}

/** Marks the transaction as under way, before each commit's first event is numbered. */
function markOf({ afterCommit }: EnteredTransaction, marks: BorrowedMarks): (session: Session) => Promise<void> {
  let mark: BorrowedMark | undefined;
  return async (session) => {
    if (mark === undefined) {
      const taken = await marks.take();
      afterCommit(() => marks.giveBack(taken));
      mark = taken;
    }
    mark.time += 1;
    if ((await session.run(SET_MARK, [mark.time, mark.id])) > 0) return;
    mark = undefined;
    throw new ConflictError("the transaction's row in commit_log is gone");
  };
}

async function checkIsolation(session: Session, chosen: string | undefined): Promise<void> {
  const settings = checkSettings(await session.rows(ASK_SETTINGS, []));
  const isolation = chosen ?? settings.isolation;
  if (CURRENT_LEVELS.includes(isolation.toUpperCase())) return;
  throw new Error(
    `within: the transaction is ${isolation} and would read outdated states of instances; ` +
      "begin it with isolationLevel 'READ COMMITTED'",
  );
}

async function control(connection: MysqlConnection, sql: string): Promise<unknown> {
  try {
    return await plain(connection, sql);
  } catch (error) {
    throw toStorageError(error);
  }
}
