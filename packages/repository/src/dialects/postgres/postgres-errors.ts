import { ConflictError, StorageUnavailableError } from '@process-engine/contracts/storage';

import { RowLockedError } from '../../row-locked-error.js';
import { databaseAway } from '../server/connections.js';

/** SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html) after which trying again makes sense. */
const CONFLICTS = new Set([
  '40001', // serialization failure
  '40P01', // deadlock: this transaction gives way
]);

const LOCK_NOT_AVAILABLE = '55P03';

/** Classes of states of the server that may pass. */
const UNAVAILABLE_CLASSES = new Set([
  '08', // connection
  '53', // out of disk, memory or connections
  '57', // shut down, or cancelled by an operator
  '58', // input or output
]);
const READ_ONLY = '25006';

/** States after which a commit that was sent may have taken place. */
const LOST_CLASSES = new Set(['08', '57']);

/** The five characters of an error the server reported; undefined for any other error, a broken connection above all. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the answer was lost: the server has done the work, or has not. */
export function isAnswerLost(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || LOST_CLASSES.has(state.slice(0, 2));
}

/** Whether the driver had noticed before that the connection is broken. */
export function wasNeverSent(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith('is not queryable');
}

/** An error of the driver as the storage port's callers know it. */
export function toStorageError(error: unknown): Error {
  const state = sqlState(error);
  if (state === undefined) return databaseAway(error);
  const { message } = error as Error;
  if (state.startsWith('23')) {
    return new ConflictError(`a row with this key is already stored (${message})`, { cause: error });
  }
  if (state === LOCK_NOT_AVAILABLE) return new RowLockedError(error);
  if (CONFLICTS.has(state)) return new ConflictError(`another transaction came first (${message})`, { cause: error });
  if (UNAVAILABLE_CLASSES.has(state.slice(0, 2)) || state === READ_ONLY) {
    return new StorageUnavailableError(`the database takes no work now: ${message} (${state})`, 5, { cause: error });
  }
  return error as Error;
}
