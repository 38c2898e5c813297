import { ConflictError, StorageUnavailableError } from '@process-engine/contracts/storage';

import { RowLockedError } from '../../row-locked-error.js';
import { databaseAway } from '../server/connections.js';

/** Errors (https://mariadb.com/kb/en/mariadb-error-codes) after which trying again makes sense. */
const CONFLICTS = new Set([
  1020, // the row has changed since it was read
  1213, // deadlock: this transaction gives way
]);

const LOCK_WAIT_TIMEOUT = 1205;
const DUPLICATE_KEY = 1062;
const TOO_LONG = 1406;

/** After these the connection is gone, or will be: a commit that was sent may have taken place. */
const LOST = new Set([
  1053, // the server shuts down
  1077,
  1080, // the thread is ended
  1184, // the connection was aborted
  1317, // the statement was interrupted
  1927, // the connection was killed (MariaDB)
  4031, // the server ended an idle connection (MySQL)
]);

/** States of the server that may pass. */
const UNAVAILABLE = new Set([
  1021, // disk full
  1030, // error of the storage engine
  1037, // out of memory
  1038,
  1041,
  1040, // too many connections
  1114, // the table is full: most often the disk
  1135, // no thread can be made
  1129, // this host is blocked
  1203, // the user has too many connections
  1226, // the user has reached a limit
  1290, // the server is read-only
  1461, // too many prepared statements
  1792, // read-only
  1836, // read-only
  1969, // the statement took too long (MariaDB)
  3024, // the statement took too long (MySQL)
  ...LOST,
]);

/** The number of an error the server reported; undefined for any other error, a broken connection above all. */
export function errorNumber(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errno' in error) || !('sqlState' in error)) return undefined;
  return typeof error.errno === 'number' ? error.errno : undefined;
}

/** Whether the answer was lost: the server has done the work, or has not. */
export function isAnswerLost(error: unknown): boolean {
  const number = errorNumber(error);
  return number === undefined || LOST.has(number);
}

/** An error of the driver as the storage port's callers know it. */
export function toStorageError(error: unknown): Error {
  const number = errorNumber(error);
  if (number === undefined) return isOfDriver(error) ? databaseAway(error) : (error as Error);
  const { message } = error as Error;
  if (number === DUPLICATE_KEY) {
    return new ConflictError(`a row with this key is already stored (${message})`, { cause: error });
  }
  if (number === LOCK_WAIT_TIMEOUT) return new RowLockedError(error);
  if (CONFLICTS.has(number)) return new ConflictError(`another transaction came first (${message})`, { cause: error });
  if (UNAVAILABLE.has(number)) {
    return new StorageUnavailableError(`the database takes no work now: ${message} (${number})`, 5, { cause: error });
  }
  if (number === TOO_LONG) {
    return new Error(`ids, keys and names of up to 255 characters can be stored: ${message}`, { cause: error });
  }
  return error as Error;
}

/** Errors of the connection have a code; anything else is a mistake of ours, such as a parameter that is undefined. */
function isOfDriver(error: unknown): boolean {
  return error instanceof Error && !(error instanceof TypeError);
}
