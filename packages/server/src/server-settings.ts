import type { EngineOptions } from '@process-engine/core';
import { type HttpExtensionConfig, type HttpServerOptions, httpOptionsOf } from '@process-engine/http';
import type { StorageConfig } from '@process-engine/repository';
import { chooseDatabase } from './configuration/choose-database.js';
import { ConfigurationError } from './configuration/configuration-error.js';
import type { Configuration } from './configuration/configuration-schema.js';

/** What a configuration means: options of the parts the server is made of. */
export interface ServerSettings {
  /** Key and values of the one database. */
  readonly database: { readonly key: string; readonly config: StorageConfig };
  readonly engine: Omit<EngineOptions, 'storage'>;
  readonly http: Pick<HttpServerOptions, 'limits' | 'cors' | 'helmet' | 'authority'>;
  readonly host: string;
  readonly port: number;
  readonly claims: ClaimSettings;
  /** What was configured and has no effect. */
  readonly warnings: readonly string[];
}

export interface ClaimSettings {
  /** False: every identity may do everything. */
  readonly checked: boolean;
  /** Claims by user id. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
  readonly allowGodToken: boolean;
}

const DEFAULT_PORT = 8000;
const DEFAULT_HOST = '127.0.0.1';

/** Kept by earlier versions in databases and files of their own. */
const IGNORED = ['timers_repository', 'logging_repository'] as const;

/** @throws ConfigurationError: several databases. */
export function serverSettings(configuration: Configuration, dataFolder: string): ServerSettings {
  const { warnings, ...database } = chooseDatabase(configuration, dataFolder);
  const extension = (configuration.http?.http_extension ?? {}) as HttpExtensionConfig;
  return {
    database,
    engine: { eventLog: 'all', ...defined(configuration.process_engine?.engine) },
    http: { ...httpOptionsOf(extension), authority: configuration.iam?.iam_service?.basePath ?? '' },
    host: extension.server?.host ?? DEFAULT_HOST,
    port: extension.server?.port ?? DEFAULT_PORT,
    claims: claimSettings(configuration),
    warnings: [...warnings, ...ignoredKeys(configuration)],
  };
}

function claimSettings({ iam, consumer_api_core }: Configuration): ClaimSettings {
  const { disableClaimCheck = false, allowGodToken = true } = iam?.iam_service ?? {};
  const { claimConfig = {} } = consumer_api_core?.consumer_api_iam_service ?? {};
  return { checked: !disableClaimCheck, claims: claimConfig, allowGodToken };
}

/** Whoever is not on this machine would be whoever he says he is. */
export function refuseOpenAddress(host: string): void {
  if (host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)) return;
  throw new ConfigurationError(
    `http:http_extension.server.host is '${host}', but development authentication believes every token, so only a loopback ` +
      'address may be used: set 127.0.0.1, or embed the server with an identityService of your own',
  );
}

function ignoredKeys({ process_engine = {}, iam }: Configuration): string[] {
  const repositories = IGNORED.filter((name) => process_engine[name] !== undefined).map(
    (name) => `process_engine:${name} is ignored: the engine keeps everything in its one database`,
  );
  const { claimPath, cache } = iam?.iam_service ?? {};
  const authority = Object.entries({ claimPath, cache })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `iam:iam_service.${name} is ignored: with development authentication no authority is asked`);
  return [...repositories, ...authority];
}

function defined<T extends object>(options: T | undefined): { [K in keyof T]-?: Exclude<T[K], undefined> } | undefined {
  if (options === undefined) return undefined;
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]-?: Exclude<T[K], undefined> };
}
