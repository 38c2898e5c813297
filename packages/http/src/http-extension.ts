import type { AddressInfo } from 'node:net';
import type { EngineApi, IIdentityService } from '@process-engine/contracts';
import { createHttpServer, type HttpServer } from './create-http-server.js';
import type { CorsOptions, HttpServerOptions, LimitOptions } from './http-options.js';

/** The configuration at `http:http_extension`. */
export interface HttpExtensionConfig {
  readonly server?: { readonly host?: string; readonly port?: number };
  /** Largest request body, for example `50mb`. */
  readonly parseLimit?: number | string;
  /** The other limits. */
  readonly limits?: Omit<LimitOptions, 'body'>;
  readonly cors?: { readonly enabled?: boolean; readonly options?: CorsOptions };
  /** Helmet's `contentSecurityPolicy`. */
  readonly csp?: NonNullable<HelmetObject['contentSecurityPolicy']>;
  /** Helmet's `frameguard`. */
  readonly frameguard?: NonNullable<HelmetObject['frameguard']>;
}

type HelmetObject = Exclude<NonNullable<HttpServerOptions['helmet']>, boolean>;

/** The HTTP server as a part of a container: set `config`, call `initialize()`, later `dispose()`. */
export class HttpExtension {
  config: HttpExtensionConfig = {};
  #server: HttpServer | undefined;

  constructor(
    private readonly engineApi: EngineApi,
    private readonly identityService: IIdentityService,
  ) {}

  /** Starts to listen. Rejects where the address cannot be bound. */
  async initialize(): Promise<AddressInfo> {
    this.#server ??= createHttpServer(this.engineApi, {
      identityService: this.identityService,
      ...httpOptionsOf(this.config),
    });
    return this.#server.listen(this.config.server?.port, this.config.server?.host);
  }

  async dispose(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }
}

/** The options that stand for a configuration; `server` is what `listen` is called with. */
export function httpOptionsOf(config: HttpExtensionConfig): Pick<HttpServerOptions, 'limits' | 'cors' | 'helmet'> {
  const limits = { ...config.limits, ...(config.parseLimit === undefined ? {} : { body: config.parseLimit }) };
  return {
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    cors: config.cors?.enabled === false ? false : (config.cors?.options ?? true),
    helmet: {
      ...(config.csp === undefined ? {} : { contentSecurityPolicy: config.csp }),
      ...(config.frameguard === undefined ? {} : { frameguard: config.frameguard }),
    },
  };
}
