import { loadDriver, type DriverDatabase } from './load-driver.js';

/** @throws Error that names the file. */
export function openDatabase(path: string): DriverDatabase {
  const { DatabaseSync } = loadDriver();
  try {
    return new DatabaseSync(path);
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

export function cannotOpen(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`the database file '${path}' cannot be opened: ${reason}`, { cause });
}
