import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type EngineApi, type Logger, silentLogger } from '@process-engine/contracts';
import type Koa from 'koa';
import { createApp } from './create-app.js';
import type { HttpServerOptions } from './http-options.js';
import { answerBrokenRequest } from './broken-request.js';
import { byteSize } from './byte-size.js';
import { resolveCors } from './middleware/cors.js';
import { NotificationServer } from './notifications/socket-io.js';

export interface HttpServer {
  /** For middleware of the embedding application, added before the first request. */
  readonly app: Koa;
  readonly server: Server;
  /** Default port 8000 on loopback; port 0: any free one. Rejects where the address cannot be bound. */
  listen(port?: number, host?: string): Promise<AddressInfo>;
  /**
   * Takes no more connections, answers waiting calls with 503, disconnects sockets, lets the other requests end and cuts
   * those that take longer than `closeTimeout`. May be called again.
   */
  close(): Promise<void>;
}

/** Milliseconds a client has to send the headers of a request. */
const HEADERS_TIMEOUT = 30_000;

/** REST and notifications on one node HTTP server. */
export function createHttpServer(engineApi: EngineApi, options: HttpServerOptions): HttpServer {
  const logger = options.logger ?? silentLogger;
  const closing = new AbortController();
  const signals = options.signal === undefined ? [closing.signal] : [closing.signal, options.signal];
  const app = createApp(engineApi, { ...options, signal: AbortSignal.any(signals) });

  const { limits = {} } = options;
  const server = createServer({
    // Only idle connections time out: a start may wait for hours.
    keepAliveTimeout: options.keepAliveTimeout ?? 65_000,
    requestTimeout: limits.requestTime ?? 300_000,
    headersTimeout: Math.min(HEADERS_TIMEOUT, limits.requestTime ?? HEADERS_TIMEOUT),
    connectionsCheckingInterval: Math.min(HEADERS_TIMEOUT, limits.requestTime ?? HEADERS_TIMEOUT),
    maxHeaderSize: byteSize(limits.headers ?? '16kb', 'limits.headers'),
  });
  server.on('clientError', answerBrokenRequest);
  server.timeout = 0;
  const connections = new Connections(server, closing.signal);
  // Composed at the first request, so that the embedding application can add middleware before.
  let handle: ReturnType<Koa['callback']> | undefined;
  server.on('request', (request, response) => void (handle ??= app.callback())(request, response));
  const notifications =
    options.notifications === false ? undefined : serveNotifications(server, engineApi, { ...options, logger });

  async function close(): Promise<void> {
    closing.abort();
    const closed = server.listening ? once(server, 'close') : undefined;
    if (closed !== undefined) server.close();
    const cut = setTimeout(() => connections.cut(), options.closeTimeout ?? 5_000);
    await Promise.all([closed, notifications?.close()]);
    clearTimeout(cut);
  }
  let closed: Promise<void> | undefined;

  return {
    app,
    server,
    listen: (port = 8000, host = '127.0.0.1') => listen(server, { port, host, logger }),
    close: () => (closed ??= close()),
  };
}

function serveNotifications(
  server: Server,
  engineApi: EngineApi,
  options: HttpServerOptions & { logger: Logger },
): NotificationServer {
  return new NotificationServer(server, engineApi, {
    identityService: options.identityService,
    logger: options.logger,
    cors: resolveCors(options.cors),
    admittedWithin: options.admittedWithin ?? 10_000,
    maxPendingPackets: options.maxPendingPackets ?? 10_000,
    maxPendingBytes: options.maxPendingBytes ?? 8_000_000,
  });
}

async function listen(
  server: Server,
  { port, host, logger }: { port: number; host: string; logger: Logger },
): Promise<AddressInfo> {
  server.listen(port, host);
  await once(server, 'listening');
  server.on('error', (error) => logger.error({ err: error }, 'the HTTP server failed'));
  return server.address() as AddressInfo;
}

/** Knows the open connections and the answers under way, so that neither keeps a closing server alive. */
class Connections {
  readonly #sockets = new Set<Socket>();
  readonly #responses = new Set<ServerResponse>();

  constructor(server: Server, closing: AbortSignal) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (_request, response: ServerResponse) => {
      if (closing.aborted) endConnectionAfter(response);
      this.#responses.add(response);
      response.once('close', () => this.#responses.delete(response));
    });
    closing.addEventListener('abort', () => this.#responses.forEach(endConnectionAfter), { once: true });
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function endConnectionAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
