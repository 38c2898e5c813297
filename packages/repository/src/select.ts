import { BaseError, QueryTypes, type Sequelize } from 'sequelize';

import type { SqlRow, SqlValue } from './row-codec.js';

/** Runs a query whose parameters are marked by `?`; answers rows as values in the order of the selected columns. */
export type Select = (sql: string, values: readonly SqlValue[]) => Promise<readonly SqlRow[]>;

/**
 * Queries through Sequelize, on a connection of its pool. The selected columns need different names.
 *
 * @param toStorageError turns an error of the driver into one of the port's.
 */
export function sequelizeSelect(sequelize: Sequelize, toStorageError: (error: unknown) => Error): Select {
  return async (sql, values) => {
    let last = 0;
    const numbered = sql.replaceAll('?', () => `$${(last += 1)}`);
    try {
      const rows = await sequelize.query<Record<string, unknown>>(numbered, {
        bind: [...values],
        type: QueryTypes.SELECT,
        raw: true,
      });
      return rows.map((row) => Object.values(row));
    } catch (error) {
      throw error instanceof BaseError && 'parent' in error ? toStorageError(error.parent) : error;
    }
  };
}
