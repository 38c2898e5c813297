export { createStorage, type SharedSequelize } from './create-storage.js';
export type { StorageConfig } from './config.js';
export { SequelizeStorage } from './sequelize-storage.js';
export type { StorageStatistics } from './dialects/dialect.js';
export { dialectModule } from './dialects/sqlite/dialect-module.js';
