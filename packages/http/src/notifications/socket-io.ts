import type { Server as HttpServer } from 'node:http';
import { ALL_NOTIFICATIONS, type EngineApi, type IIdentityService, type Logger } from '@process-engine/contracts';
import { MANAGEMENT_SOCKET_NAMESPACE, SOCKET_NAMESPACE } from '@process-engine/contracts/http';
import { Server, type Socket } from 'socket.io';
import { deadline } from '../deadline.js';
import { identityOf } from '../identity/bearer-token.js';
import type { ResolvedCorsOptions } from '../middleware/cors.js';
import { isUnexpected, toProcessEngineError } from '../middleware/errors.js';

export interface NotificationOptions {
  readonly identityService: IIdentityService;
  readonly logger: Logger;
  readonly cors: ResolvedCorsOptions | undefined;
  /** Milliseconds a connection has until one of its sockets is admitted. */
  readonly admittedWithin: number;
  /** Packets, and bytes of them, one slow socket may have outstanding before it is dropped. */
  readonly maxPendingPackets: number;
  readonly maxPendingBytes: number;
}

type Connection = Socket['conn'];
type NamesOf = (eventName: string) => readonly string[];

const MISSPELT = 'intermediate_catch_event_reacbed';
const UNSUBSCRIBE_WITHIN = 2_000;

/**
 * Sends the engine's notifications to every socket of the namespaces `/consumer_api` and `/management_api`. Each socket subscribes with its own
 * identity, so the engine checks the rights of each and decides what it may see.
 *
 * Invariants:
 * 1. A socket is connected only after its subscription stands: from its `connect` event on it misses nothing.
 * 2. The subscription is removed when the socket, or the connection below it, is gone, however far it had come.
 * 3. Nothing waits for a socket: what it does not take is buffered up to a limit, then it is dropped.
 * 4. A connection is closed when none of its sockets is admitted in time.
 */
export class NotificationServer {
  readonly #io: Server;
  readonly #unsubscribing = new Set<Promise<void>>();
  /** Connections none of whose sockets was admitted yet. */
  readonly #unknown = new Map<Connection, NodeJS.Timeout>();

  constructor(
    server: HttpServer,
    private readonly engineApi: EngineApi,
    private readonly options: NotificationOptions,
  ) {
    this.#io = new Server(server, {
      // Published clients speak Engine.IO 3.
      allowEIO3: true,
      serveClient: false,
      // Clients send nothing but their handshake.
      maxHttpBufferSize: 10_000,
      ...(options.cors === undefined ? {} : { cors: options.cors }),
    });
    this.#io.engine.on('connection', (connection: Connection) => {
      this.#dropWhenUnknown(connection);
      this.#dropWhenSlow(connection);
    });
    this.#serve(SOCKET_NAMESPACE, (eventName) => [eventName]);
    this.#serve(MANAGEMENT_SOCKET_NAMESPACE, managementNames);
  }

  #serve(namespace: string, namesOf: NamesOf): void {
    this.#io.of(namespace).use((socket, next) => {
      this.#admit(socket, namesOf).then(
        () => {
          this.#known(socket.conn);
          next();
        },
        (error: unknown) => next(this.#refusal(error)),
      );
    });
  }

  /** Disconnects all sockets and closes the HTTP server below; resolves when the latter has no connection left. */
  async close(): Promise<void> {
    await this.#io.close();
    await deadline(
      Promise.all(this.#unsubscribing),
      UNSUBSCRIBE_WITHIN,
      'the subscriptions of closed sockets could not be removed in time',
    ).catch((error: unknown) => this.options.logger.warn({ err: error }, 'closing the notifications'));
  }

  async #admit(socket: Socket, namesOf: NamesOf): Promise<void> {
    const identity = await identityOf(authorizationOf(socket), this.options.identityService);
    const api = this.engineApi.notificationApi;
    const subscribing = api.subscribe(identity, ALL_NOTIFICATIONS, (payload, eventName) => {
      if (socket.connected) for (const name of namesOf(eventName)) socket.emit(name, payload);
    });
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      socket.conn.off('close', release);
      this.#track(subscribing.then((subscription) => api.removeSubscription(identity, subscription)));
    };
    socket.once('disconnect', release);
    socket.conn.once('close', release);
    await subscribing;
    if (socket.conn.readyState !== 'open') release();
  }

  #dropWhenUnknown(connection: Connection): void {
    this.#unknown.set(
      connection,
      setTimeout(() => connection.close(), this.options.admittedWithin),
    );
    connection.once('close', () => this.#known(connection));
  }

  #known(connection: Connection): void {
    clearTimeout(this.#unknown.get(connection));
    this.#unknown.delete(connection);
  }

  #dropWhenSlow(connection: Connection): void {
    const { maxPendingPackets, maxPendingBytes, logger } = this.options;
    let pending = 0;
    let bytes = 0;
    connection.on('flush', () => (pending = bytes = 0));
    connection.on('packetCreate', ({ data }: { data?: unknown }) => {
      pending += 1;
      bytes += typeof data === 'string' ? data.length : 0;
      if (pending <= maxPendingPackets && bytes <= maxPendingBytes) return;
      logger.warn({ pending, bytes }, 'a socket that takes no notifications is dropped');
      connection.close(true);
    });
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.options.logger.debug({ err: error }, 'a subscription could not be removed'))
      .finally(() => this.#unsubscribing.delete(tracked));
    this.#unsubscribing.add(tracked);
  }

  #refusal(error: unknown): Error {
    if (isUnexpected(error)) this.options.logger.error({ err: error }, 'a socket could not be admitted');
    const known = toProcessEngineError(error);
    return Object.assign(new Error(known.message), { data: known.toJSON() });
  }
}

/** The header of the handshake, `Bearer <token>` or the bare token; browsers may use socket.io's `auth: {token}`. */
function authorizationOf(socket: Socket): string | undefined {
  const { headers, auth } = socket.handshake;
  const token: unknown = headers.authorization ?? auth['token'];
  if (typeof token !== 'string' || token === '') return undefined;
  return /^bearer /i.test(token) ? token : `Bearer ${token}`;
}

/** Published clients of the management API listen under a misspelt name, besides. */
function managementNames(eventName: string): readonly string[] {
  return eventName === 'intermediate_catch_event_reached' ? [eventName, MISSPELT] : [eventName];
}
