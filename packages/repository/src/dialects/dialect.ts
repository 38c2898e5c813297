import type { Storage } from '@process-engine/contracts/storage';
import type { Options, Sequelize } from 'sequelize';

import type { StorageConfig } from '../config.js';
import type { Question } from '../gathered-questions.js';
import type { EnteredTransaction } from '../enter-transaction.js';
import type { SchemaDialect } from '../migrations/schema-builder.js';
import type { SqlRow } from '../row-codec.js';
import type { Select } from '../select.js';

/** Counters since the storage was opened, for measurements. */
export interface StorageStatistics {
  /** Transactions committed. */
  readonly transactions: number;
  /**
   * Transactions of commits that were rolled back, because of a conflict, a deadlock, a lock not given in time, or because
   * the database failed. The members of a common one are committed again, each for itself.
   */
  readonly rollbacks: number;
  /** Statements run by commits, claims and lookups, with those that begin and end transactions. */
  readonly statements: number;
  /** Rows inserted, changed and deleted. */
  readonly rows: number;
}

/** The part of the port that a dialect writes by hand, because the engine's work goes through it. */
export interface HotPath extends Pick<
  Storage,
  | 'shared'
  | 'overloaded'
  | 'commit'
  | 'loadInstance'
  | 'changeInstance'
  | 'claimExternalTasks'
  | 'extendLock'
  | 'claimJobs'
  | 'releaseClaims'
  | 'saveModels'
  | 'removeFinished'
  | 'removeExpired'
  | 'removeAudit'
  | 'now'
  | 'onWakeUp'
> {
  /** The fastest way to look something up. */
  readonly select: Select;
  /** The same for few rows found by texts they hold, together with others who ask so. Absent: there is nothing to gain. */
  readonly ask?: ((question: Question) => Promise<readonly SqlRow[]>) | undefined;
  readonly statistics: StorageStatistics;
  /** An error of the driver, met by a query through Sequelize, as the storage port's callers know it. */
  toStorageError(error: unknown): Error;
  /** The number of the event log up to which nothing is added any more: commits under way may fill gaps beyond it. */
  settledEvents(): Promise<number>;
  /** Runs the body while no other process on this database does. */
  exclusively(body: () => Promise<void>): Promise<void>;
  /** The same in a transaction of the application, through its connection. Each commit is a savepoint. */
  within(transaction: EnteredTransaction): HotPath;
  /** Takes no more work, waits for what is under way, and lets go of the database. */
  close(): Promise<void>;
}

/** The part of the configuration that matters where an application's Sequelize is used, too. */
export type ConnectOptions = Pick<StorageConfig, 'synchronous' | 'schema'>;

/** What each database has of its own. */
export interface Dialect {
  readonly schema: SchemaDialect;
  /** Sequelize's options for a configuration. Throws an Error that names the key at fault. */
  sequelizeOptions(config: StorageConfig): Options;
  /** Refuses an application's Sequelize that the storage cannot share. */
  checkShared(sequelize: Sequelize): void;
  /** Connects the hand-written part. The schema is brought up to date afterwards. */
  connect(sequelize: Sequelize, config: ConnectOptions): Promise<HotPath>;
}
