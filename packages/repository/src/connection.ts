import { Sequelize } from 'sequelize';

import type { StorageConfig } from './config.js';
import type { ConnectOptions, HotPath } from './dialects/dialect.js';
import { findDialect } from './dialects/find-dialect.js';
import { migrate } from './migrations/migrate.js';

/** An open database with an up-to-date schema. */
export interface Connection {
  readonly sequelize: Sequelize;
  readonly hotPath: HotPath;
  close(): Promise<void>;
}

/** Opens the database of a checked configuration. */
export async function connect(config: StorageConfig): Promise<Connection> {
  const sequelize = new Sequelize(findDialect(config.dialect).sequelizeOptions(config));
  try {
    const shared = await connectShared(sequelize, config);
    return {
      ...shared,
      close: async () => {
        await shared.close();
        await sequelize.close();
      },
    };
  } catch (error) {
    await sequelize.close();
    throw error;
  }
}

/** Uses an application's Sequelize, which stays the application's to close. */
export async function connectShared(sequelize: Sequelize, options: ConnectOptions): Promise<Connection> {
  const dialect = findDialect(sequelize.getDialect());
  dialect.checkShared(sequelize);
  const hotPath = await dialect.connect(sequelize, options);
  try {
    await hotPath.exclusively(() => migrate(sequelize, dialect.schema));
  } catch (error) {
    await hotPath.close();
    throw error;
  }
  return { sequelize, hotPath, close: () => hotPath.close() };
}
