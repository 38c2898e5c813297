import { QueryTypes, type Sequelize } from 'sequelize';

import type { SqlRow, SqlValue } from './row-codec.js';

/** Runs a query whose parameters are marked by `?`; answers rows as values in the order of the selected columns. */
export type Select = (sql: string, values: readonly SqlValue[]) => Promise<readonly SqlRow[]>;

/** Queries through Sequelize, on a connection of its pool. The selected columns need different names. */
export function sequelizeSelect(sequelize: Sequelize): Select {
  return async (sql, values) => {
    let last = 0;
    const numbered = sql.replaceAll('?', () => `$${(last += 1)}`);
    const rows = await sequelize.query<Record<string, unknown>>(numbered, {
      bind: [...values],
      type: QueryTypes.SELECT,
      raw: true,
    });
    return rows.map((row) => Object.values(row));
  };
}
