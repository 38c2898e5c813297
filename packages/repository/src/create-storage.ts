import type { Sequelize } from 'sequelize';

import { checkConfig, type StorageConfig } from './config.js';
import { connect, connectShared } from './connection.js';
import { findDialect } from './dialects/find-dialect.js';
import { SequelizeStorage } from './sequelize-storage.js';

/** A Sequelize of the application, which the storage shares. For SQLite it is built with our `dialectModule`. */
export interface SharedSequelize {
  readonly sequelize: Sequelize;
  readonly synchronous?: StorageConfig['synchronous'];
}

/**
 * Storage in the configured database, or in the one an application's Sequelize is connected to. Nothing is connected
 * before `open()`, which also brings the tables up to date.
 *
 * @throws Error that names the key of the configuration at fault.
 */
export function createStorage(options: StorageConfig | SharedSequelize): SequelizeStorage {
  if ('sequelize' in options) {
    const { sequelize, synchronous } = options;
    findDialect(sequelize.getDialect()).checkShared(sequelize);
    return new SequelizeStorage(() => connectShared(sequelize, synchronous === undefined ? {} : { synchronous }));
  }
  const config = checkConfig(options);
  findDialect(config.dialect).sequelizeOptions(config);
  return new SequelizeStorage(() => connect(config));
}
