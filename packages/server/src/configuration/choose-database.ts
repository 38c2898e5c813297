import path from 'node:path';
import type { StorageConfig } from '@process-engine/repository';
import { ConfigurationError } from './configuration-error.js';
import type { Configuration } from './configuration-schema.js';
import type { DatabaseConfiguration } from './database-schema.js';

/** The keys of earlier versions, one database each; the first one counts. */
const REPOSITORY_KEYS = [
  'correlation_repository',
  'flow_node_instance_repository',
  'external_task_repository',
  'process_model_repository',
  'cronjob_history_repository',
] as const;

const DEFAULT_DATABASE: DatabaseConfiguration = { dialect: 'sqlite', storage: 'process_engine.sqlite' };

export interface ChosenDatabase {
  /** The key it stands under. */
  readonly key: string;
  readonly config: StorageConfig;
  readonly warnings: readonly string[];
}

interface Candidate {
  readonly key: string;
  readonly config: DatabaseConfiguration;
}

/**
 * The engine's one database: `process_engine:database`, else the repository keys of earlier versions, else the entries of
 * `data_sources`, else a SQLite file in the data folder.
 *
 * @throws ConfigurationError: several keys name different databases.
 */
export function chooseDatabase(configuration: Configuration, dataFolder: string): ChosenDatabase {
  const { database } = configuration.process_engine ?? {};
  const older = olderKeys(configuration);
  const candidates = database === undefined ? older : [{ key: 'process_engine:database', config: database }];
  const [first = { key: 'the default database', config: DEFAULT_DATABASE }] = candidates;
  const chosen = { key: first.key, config: located(first.config, dataFolder) };
  for (const { config } of candidates) {
    if (identityOf(located(config, dataFolder)) !== identityOf(chosen.config)) throw different(candidates);
  }
  const ignored = database === undefined ? [] : older;
  return { ...chosen, warnings: ignored.map(({ key }) => `${key} is ignored: process_engine:database is set`) };
}

function olderKeys({ process_engine = {}, data_sources = {} }: Configuration): Candidate[] {
  const repositories = REPOSITORY_KEYS.map((name) => [`process_engine:${name}`, process_engine[name]] as const);
  const sources = Object.entries(data_sources).map(([name, config]) => [`data_sources:${name}`, config] as const);
  return [...repositories, ...sources].flatMap(([key, config]) => (config === undefined ? [] : [{ key, config }]));
}

/** A relative SQLite file lies in the data folder. */
function located(config: DatabaseConfiguration, dataFolder: string): DatabaseConfiguration & StorageConfig {
  const { storage } = config;
  const isFile = config.dialect === 'sqlite' && typeof storage === 'string' && storage !== '' && storage !== ':memory:';
  return { ...config, ...(isFile ? { storage: path.resolve(dataFolder, storage) } : {}) } as StorageConfig &
    DatabaseConfiguration;
}

/** What tells databases apart. */
function identityOf({ dialect, storage, host, port, database, username, schema }: StorageConfig): string {
  const place = dialect === 'sqlite' ? [storage] : [host, port, database, username, schema];
  // Two names of one thing.
  const kind = dialect === 'mariadb' ? 'mysql' : dialect;
  return [kind, ...place.map((part) => part ?? '')].join(' ');
}

function different(candidates: readonly Candidate[]): ConfigurationError {
  const list = candidates.map(({ key, config }) => `  ${key}: ${identityOf(config as StorageConfig)}`).join('\n');
  return new ConfigurationError(
    `these keys name different databases:\n${list}\n` +
      'The engine keeps everything in one database, because each step is one transaction. ' +
      'Set process_engine:database, or give these keys the same database.',
  );
}
