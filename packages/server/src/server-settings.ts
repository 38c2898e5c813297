import type { EngineOptions } from '@process-engine/core';
import { type HttpExtensionConfig, type HttpServerOptions, httpOptionsOf } from '@process-engine/http';
import type { StorageConfig } from '@process-engine/repository';
import { chooseDatabase } from './configuration/choose-database.js';
import type { Configuration } from './configuration/configuration-schema.js';
import { identitySettings, type IdentitySettings, ignoredIdentityKeys } from './identity-settings.js';

/** What a configuration means: options of the parts the server is made of. */
export interface ServerSettings {
  /** Key and values of the one database. */
  readonly database: { readonly key: string; readonly config: StorageConfig };
  readonly engine: Omit<EngineOptions, 'storage'>;
  readonly http: Pick<HttpServerOptions, 'limits' | 'cors' | 'helmet' | 'authority'>;
  readonly host: string;
  readonly port: number;
  readonly identity: IdentitySettings;
  /** What was configured and has no effect. */
  readonly warnings: readonly string[];
}

const DEFAULT_PORT = 8000;
const DEFAULT_HOST = '127.0.0.1';

/** Kept by earlier versions in databases and files of their own. */
const IGNORED = ['timers_repository', 'logging_repository'] as const;

/** @throws ConfigurationError: several databases, or an authentication that cannot work. */
export function serverSettings(configuration: Configuration, dataFolder: string): ServerSettings {
  const { warnings, ...database } = chooseDatabase(configuration, dataFolder);
  const extension = (configuration.http?.http_extension ?? {}) as HttpExtensionConfig;
  return {
    database,
    engine: { eventLog: 'all', audit: true, ...defined(configuration.process_engine?.engine) },
    http: { ...httpOptionsOf(extension), authority: configuration.iam?.iam_service?.basePath ?? '' },
    host: extension.server?.host ?? DEFAULT_HOST,
    port: extension.server?.port ?? DEFAULT_PORT,
    identity: identitySettings(configuration),
    warnings: [...warnings, ...ignoredKeys(configuration), ...ignoredIdentityKeys(configuration)],
  };
}

function ignoredKeys({ process_engine = {} }: Configuration): string[] {
  return IGNORED.filter((name) => process_engine[name] !== undefined).map(
    (name) => `process_engine:${name} is ignored: the engine keeps everything in its one database`,
  );
}

function defined<T extends object>(options: T | undefined): { [K in keyof T]-?: Exclude<T[K], undefined> } | undefined {
  if (options === undefined) return undefined;
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]-?: Exclude<T[K], undefined> };
}
