import {
  BadGatewayError,
  BadRequestError,
  errorFromResponse,
  silentLogger,
  type EngineApi,
  type EventStream,
  type FollowEventsOptions,
  type IIdentity,
  type INotificationApi,
  type Logger,
} from '@process-engine/contracts';
import { NOTIFICATION_STREAM_PATH, writeStreamQuery } from '@process-engine/contracts/http';
import { identityOf } from '../identity.js';
import { AxiosTransport, type AxiosTransportOptions } from './axios-transport.js';
import { deriveAbortableApis, deriveApi, type Call } from './derive-api.js';
import { FetchEventSource } from './event-source.js';
import { HttpClientTransport, isHttpClient, type HttpClient } from './http-client-transport.js';
import { requestOf } from './http-request.js';
import { isHttpTransport, type HttpResponse, type HttpTransport } from './http-transport.js';
import { SocketNotifications } from './socket-notifications.js';

/** Addresses of the engine; may be assigned after construction, as IoC containers do. */
export interface ExternalAccessorConfig {
  /** `http` or `https` address of the engine, with the prefix it is served under, for example `http://localhost:8000`. */
  readonly url?: string | undefined;
  /** Address of the notifications. Default: `url`. */
  readonly socketUrl?: string | undefined;
}

export interface ExternalAccessorOptions extends ExternalAccessorConfig, AxiosTransportOptions {
  /** Instead of axios. */
  readonly transport?: HttpTransport | undefined;
  /** Told about failing callbacks and lost connections. Default: silent. */
  readonly logger?: Logger | undefined;
}

/**
 * Access to an engine over HTTP, derived from the route table, and over socket.io for its notifications.
 *
 * An error answer rejects with the class of its status. Where the engine cannot be reached calls reject with a
 * ServiceUnavaliableError (`reason` `engine-unreachable`), where it does not answer in time with a GatewayTimeoutError;
 * both carry the `cause`. Calls that may wait have no time limit and can be aborted.
 */
export class ExternalAccessor implements EngineApi {
  readonly consumerApi = deriveApi('consumerApi', (call) => this.#invoke(call));
  readonly externalTaskApi = deriveApi('externalTaskApi', (call) => this.#invoke(call));
  readonly managementApi = deriveApi('managementApi', (call) => this.#invoke(call));
  readonly notificationApi: INotificationApi;
  readonly #transport: HttpTransport;
  readonly #sockets: SocketNotifications;
  #config: ExternalAccessorConfig = {};

  /** Takes options, a transport, or the HTTP client of the published packages (`{get, post, put, delete, config.url}`). */
  constructor(source: ExternalAccessorOptions | HttpTransport | HttpClient = {}) {
    const options = optionsOf(source);
    this.#transport = options.transport ?? new AxiosTransport(options);
    this.config = { url: options.url, socketUrl: options.socketUrl };
    this.#sockets = new SocketNotifications({
      url: () => address(this.config.socketUrl ?? this.config.url, 'socketUrl'),
      connectTimeout: options.connectTimeout ?? 10_000,
      logger: options.logger ?? silentLogger,
    });
    this.notificationApi = {
      subscribe: (...args) => this.#sockets.subscribe(...args),
      removeSubscription: (...args) => this.#sockets.removeSubscription(...args),
      followEvents: (identity, options) => this.#follow(identityOf(identity), options),
    };
  }

  get config(): ExternalAccessorConfig {
    const { url = this.#transport.config?.url, socketUrl } = this.#config;
    return { url, socketUrl };
  }

  /** Merges: a container that only knows `{socketUrl}`, or nothing, leaves the rest as it is. */
  set config(config: ExternalAccessorConfig | undefined) {
    const { url = this.#config.url, socketUrl = this.#config.socketUrl } = config ?? {};
    this.#config = { url, socketUrl };
  }

  /** Connects the identity's socket before the first subscription does. */
  async initializeSocket(identity: IIdentity): Promise<void> {
    await this.#sockets.connect(identity);
  }

  /** Ends the identity's socket and with it all its subscriptions. */
  disconnectSocket(identity: IIdentity): void {
    this.#sockets.disconnect(identity);
  }

  /** Ends all sockets and idle connections. The accessor can be used again afterwards. */
  close(): void {
    this.#sockets.close();
    this.#transport.close?.();
  }

  /**
   * The same engine for a piece of work that can be called off: when the signal aborts, every call made through the answer
   * rejects with the signal's reason. What the engine was told already may still be done.
   */
  withSignal(signal: AbortSignal): EngineApi {
    const { notificationApi } = this;
    return { ...deriveAbortableApis(signal, (call) => this.#invoke(call)), notificationApi };
  }

  /** Rejects with the signal's reason where it is aborted before the place to begin is fixed. */
  async #follow(identity: IIdentity, options: FollowEventsOptions = {}): Promise<EventStream> {
    const query = writeStreamQuery(options).toString();
    const url = `${address(this.config.url, 'url')}${NOTIFICATION_STREAM_PATH}${query === '' ? '' : `?${query}`}`;
    const { after, signal } = options;
    if (after !== undefined && !(Number.isSafeInteger(after) && after >= 0))
      throw new BadRequestError(`after is no number of an event: ${String(after)}`);
    return new FetchEventSource({ url, token: () => identity.token, after, signal }).connect();
  }

  async #invoke(call: Call): Promise<unknown> {
    const url = address(this.config.url, 'url');
    const response = await this.#transport.send(requestOf(call, url));
    if (response.status >= 200 && response.status <= 299) return resultOf(call, response, url);
    throw response.status >= 400
      ? errorFromResponse(response.status, response.body)
      : new BadGatewayError(`The server at ${url} answered with status ${response.status}.`);
  }
}

function optionsOf(source: ExternalAccessorOptions | HttpTransport | HttpClient): ExternalAccessorOptions {
  if (isHttpTransport(source)) return { transport: source };
  if (isHttpClient(source)) return { transport: new HttpClientTransport(source) };
  return source;
}

function resultOf({ route }: Call, { body }: HttpResponse, url: string): unknown {
  if (route.response === undefined) return undefined;
  if (typeof body === 'object' && body !== null) return body;
  // A payload may be any JSON, also a text or a number.
  if (body !== undefined && route.response.safeParse('').success) return body;
  throw new BadGatewayError(`The server at ${url} did not answer with JSON: is this the address of a process engine?`, {
    reason: 'not-an-engine',
  });
}

/** A usable address without trailing slashes. Checked at the first call, because a container may still bring it. */
function address(text: string | undefined, name: string): string {
  const protocol = text !== undefined && URL.canParse(text) ? new URL(text).protocol : undefined;
  if (text === undefined || (protocol !== 'http:' && protocol !== 'https:')) {
    throw new TypeError(`The external accessor needs config.${name}, an http or https address; it is ${String(text)}.`);
  }
  return text.replace(/\/+$/, '');
}
