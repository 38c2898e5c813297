import { ConflictError, StorageUnavailableError } from '@process-engine/contracts/storage';

/** Primary result codes (https://sqlite.org/rescode.html) that are told apart. */
const CODES: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  19: 'SQLITE_CONSTRAINT',
  26: 'SQLITE_NOTADB',
};

/** States of the file or the machine that may pass; nothing was committed. */
const UNAVAILABLE = new Set([
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_NOMEM',
  'SQLITE_READONLY',
  'SQLITE_IOERR',
  'SQLITE_FULL',
  'SQLITE_CANTOPEN',
]);

/** The name of the primary result code of a driver's error; undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return CODES[error.errcode & 0xff] ?? 'SQLITE_ERROR';
}

/** The error as the storage port's callers know it. */
export function toStorageError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = sqliteCode(error);
  if (code === undefined) return error;
  if (code === 'SQLITE_CONSTRAINT') {
    return new ConflictError(`a row with this key is already stored (${error.message})`, { cause: error });
  }
  if (!UNAVAILABLE.has(code)) return error;
  return new StorageUnavailableError(`the database takes no writes now: ${error.message} (${code})`, 5, {
    cause: error,
  });
}

/** An error in the shape of the `sqlite3` package, by which Sequelize tells unique, foreign key and other errors apart. */
export class SqliteError extends Error {
  readonly code: string;

  constructor(cause: unknown) {
    const code = sqliteCode(cause) ?? 'SQLITE_ERROR';
    const text = cause instanceof Error ? cause.message : String(cause);
    super(text.startsWith(code) ? text : `${code}: ${text}`, { cause });
    this.code = code;
  }
}
