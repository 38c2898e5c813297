import { createRequire } from 'node:module';

/** A value that can be bound or read. */
export type DriverValue = string | number | bigint | null | Uint8Array;

export type NamedValues = Readonly<Record<string, DriverValue>>;

/** The part of a prepared statement of the `node:sqlite` API that is used. */
export interface DriverStatement {
  run(...values: readonly (DriverValue | NamedValues)[]): {
    changes: number | bigint;
    lastInsertRowid: number | bigint;
  };
  all(...values: readonly (DriverValue | NamedValues)[]): unknown[];
  setReturnArrays(returnArrays: boolean): void;
}

/** The part of a connection of the `node:sqlite` API that is used. All calls are synchronous. */
export interface DriverDatabase {
  readonly isTransaction: boolean;
  prepare(sql: string): DriverStatement;
  exec(sql: string): void;
  close(): void;
}

export interface SqliteDriver {
  readonly DatabaseSync: new (path: string) => DriverDatabase;
}

type Load = (name: string) => unknown;

let loaded: SqliteDriver | undefined;

/**
 * Loads the first SQLite driver there is: the optional dependency `@photostructure/sqlite`, else the `node:sqlite` that
 * comes with Node.js 24 and later (older ones lack a part of it).
 *
 * @throws Error that names both when there is neither.
 */
export function loadDriver(load?: Load, nodeVersion: string = process.versions.node): SqliteDriver {
  if (load !== undefined) return findDriver(load, nodeVersion);
  loaded ??= findDriver(createRequire(import.meta.url), nodeVersion);
  return loaded;
}

function findDriver(load: Load, nodeVersion: string): SqliteDriver {
  const names = ['@photostructure/sqlite'];
  if (Number.parseInt(nodeVersion, 10) >= 24) names.push('node:sqlite');
  const causes: unknown[] = [];
  for (const name of names) {
    try {
      return load(name) as SqliteDriver;
    } catch (error) {
      causes.push(error);
    }
  }
  throw new Error(
    'no SQLite driver was found: install the package @photostructure/sqlite, or run Node.js 24 or later (node:sqlite)',
    { cause: causes[0] },
  );
}
