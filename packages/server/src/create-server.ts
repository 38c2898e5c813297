/** The composition root: storage, engine and HTTP server made of one configuration, started and stopped together. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type IIAMService, type IIdentityService, type Logger, silentLogger } from '@process-engine/contracts';
import { createEngine, type EngineOptions, type ProcessEngine } from '@process-engine/core';
import { createHttpServer, type HttpServer, isLoopbackHost } from '@process-engine/http';
import { createStorage, type StorageConfig } from '@process-engine/repository';
import { APPLICATION } from './application.js';
import { checkConfiguration } from './configuration/check-configuration.js';
import { ConfigurationError } from './configuration/configuration-error.js';
import type { Configuration } from './configuration/configuration-schema.js';
import { deploymentLines, findingLine, findingsOf, readModels } from './deployment-files.js';
import { configuredIdentityService, configuredRights, refuseOpenAddress } from './identity-settings.js';
import { SERVER_IDENTITY, withServerRights } from './rights.js';
import { serverSettings, type ServerSettings } from './server-settings.js';

/** Options of `createServer`; all have defaults. */
export interface ServerOptions {
  /** `section → name → values`, for example of `loadConfiguration`. */
  readonly configuration?: Configuration;
  /** Where relative SQLite files lie; created when missing. Default `.data`. */
  readonly dataFolder?: string;
  /** A folder: its `*.bpmn` files are deployed together at every start. Unchanged models get no new version. */
  readonly deployFolder?: string;
  /** Instead of the configured port; 0: any free one. */
  readonly port?: number;
  readonly logger?: Logger;
  /** Tells who calls. Default: as `iam:iam_service` says, else development, which serves this machine only. */
  readonly identityService?: IIdentityService;
  /** Tells who may do what. Default: as `iam:iam_service` says. */
  readonly iamService?: IIAMService;
  /** In-process services by the module name that service tasks give. */
  readonly services?: NonNullable<EngineOptions['services']>;
}

export interface Server {
  /** For calls in the same process, over an internal accessor. */
  readonly engine: ProcessEngine;
  /** For middleware and routes of the embedding application, added before `start`. */
  readonly app: HttpServer['app'];
  /** Address of the running server, for example `http://127.0.0.1:8000`. Error: it is not listening. */
  readonly url: string;
  /**
   * Opens the database, deploys, listens. Where one of these fails, all is closed again and the error names the key or
   * file at fault.
   */
  start(): Promise<void>;
  /** Lets calls under way end and closes all. May be called at any time, and again. */
  stop(): Promise<void>;
}

/** @throws ConfigurationError naming the key at fault and what to do about it. */
export function createServer(options: ServerOptions = {}): Server {
  return new ProcessEngineServer(options);
}

class ProcessEngineServer implements Server {
  readonly engine: ProcessEngine;
  readonly #http: HttpServer;
  readonly #settings: ServerSettings;
  readonly #logger: Logger;
  readonly #options: ServerOptions;
  #address: AddressInfo | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    const { dataFolder = '.data', identityService, iamService, services } = options;
    this.#settings = serverSettings(checkConfiguration(options.configuration ?? {}), dataFolder);
    const { identity, database, engine, host, http } = this.#settings;
    if (identityService === undefined) refuseOpenAddress(identity, host);
    // Another identity service may know a user of the dummy token's name.
    const allowGodToken = identity.allowGodToken && isLoopbackHost(host);
    const rights = iamService ?? configuredRights({ ...identity, allowGodToken });
    this.engine = createEngine({
      nodeId: nodeName(options.port ?? this.#settings.port),
      ...engine,
      storage: storageOf(database),
      logger: this.#logger,
      applicationInfo: { name: APPLICATION.name, version: APPLICATION.version },
      ...(rights === undefined ? {} : { iamService: withServerRights(rights) }),
      ...(services === undefined ? {} : { services }),
    });
    this.#http = createHttpServer(this.engine, {
      ...http,
      identityService: identityService ?? configuredIdentityService(identity, this.#logger),
      logger: this.#logger,
      application: APPLICATION,
      ready: () => this.engine.isReady(),
    });
  }

  get app(): HttpServer['app'] {
    return this.#http.app;
  }

  get url(): string {
    if (this.#address === undefined) throw new Error('the server is not listening');
    return urlOf(this.#address);
  }

  start(): Promise<void> {
    if (this.#stopping !== undefined) return Promise.reject(new Error('the server was stopped; create another one'));
    this.#starting ??= this.#start();
    return this.#starting;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<void> {
    try {
      for (const warning of this.#settings.warnings) this.#logger.warn({}, warning);
      await this.#openDatabase();
      await this.#deploy();
      this.#address = await this.#listen();
    } catch (error) {
      await this.#close();
      throw error;
    }
    this.#logger.info({ url: this.url }, 'the process engine is listening');
  }

  async #openDatabase(): Promise<void> {
    await this.engine.start();
    this.#logger.info(placeOf(this.#settings.database.config), 'the database is open');
  }

  async #deploy(): Promise<void> {
    const folder = this.#options.deployFolder;
    if (folder === undefined) return;
    const files = await readModels([folder]);
    if (files.length === 0) return this.#logger.warn({ folder }, 'there are no *.bpmn files to deploy');
    try {
      const deployment = await this.engine.managementApi.deploy(SERVER_IDENTITY, {
        name: path.basename(folder),
        files,
      });
      for (const finding of deployment.findings) this.#logger.warn(finding, findingLine(finding));
      for (const line of deploymentLines(deployment)) this.#logger.info({}, `deployed ${line}`);
    } catch (error) {
      const findings = findingsOf(error).map((finding) => `\n  ${findingLine(finding)}`);
      throw new Error(`the models in '${folder}' were not deployed: ${(error as Error).message}${findings.join('')}`, {
        cause: error,
      });
    }
  }

  async #listen(): Promise<AddressInfo> {
    const { host } = this.#settings;
    const port = this.#options.port ?? this.#settings.port;
    try {
      return await this.#http.listen(port, host);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === 'EADDRINUSE' ? 'it is in use already' : message;
      throw new Error(
        `cannot listen on port ${port} of ${host}: ${reason}; choose another port with --port or http:http_extension.server.port`,
        { cause: error },
      );
    }
  }

  async #stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    await this.#close();
    this.#logger.info({}, 'the process engine has stopped');
  }

  async #close(): Promise<void> {
    this.#address = undefined;
    await this.#http.close();
    await this.engine.stop();
  }
}

/** The same after a restart. Servers that take any free port are not told apart by it. */
function nodeName(port: number): string {
  return `${hostname()}:${port === 0 ? randomUUID() : port}`;
}

function storageOf({ key, config }: ServerSettings['database']): ReturnType<typeof createStorage> {
  try {
    return createStorage(config);
  } catch (error) {
    throw new ConfigurationError(`${key}: ${(error as Error).message}`, { cause: error });
  }
}

function placeOf({ dialect, storage, host, database }: StorageConfig): object {
  return { dialect, ...(dialect === 'sqlite' ? { storage } : { host, database }) };
}

function urlOf({ address, family, port }: AddressInfo): string {
  const wildcard = address === '0.0.0.0' || address === '::';
  const host = wildcard ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
