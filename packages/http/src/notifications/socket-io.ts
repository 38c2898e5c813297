import type { Server as HttpServer } from 'node:http';
import {
  type EngineApi,
  type IIdentity,
  type IIdentityService,
  type INotificationApi,
  type Logger,
  type NotificationKind,
  type NotificationPayload,
  NOTIFICATIONS,
  ownerEventName,
  processStartedEventName,
  type Subscription,
} from '@process-engine/contracts';
import { SOCKET_NAMESPACE } from '@process-engine/contracts/http';
import { Server, type Socket } from 'socket.io';
import { deadline } from '../deadline.js';
import { identityOf } from '../identity/bearer-token.js';
import type { ResolvedCorsOptions } from '../middleware/cors.js';
import { isUnexpected, toProcessEngineError } from '../middleware/errors.js';

export interface NotificationOptions {
  readonly identityService: IIdentityService;
  readonly logger: Logger;
  readonly cors: ResolvedCorsOptions | undefined;
  /** Packets one slow socket may have outstanding before it is dropped. */
  readonly maxPendingPackets: number;
}

type Connection = Socket['conn'];

const KINDS = Object.keys(NOTIFICATIONS) as NotificationKind[];
const UNSUBSCRIBE_WITHIN = 2_000;

/**
 * Sends the engine's notifications to every socket of the namespace `/consumer_api`. Each socket subscribes with its own
 * identity, so the engine checks the rights of each and decides what it may see.
 *
 * Invariants:
 * 1. A socket is connected only after its subscriptions stand: from its `connect` event on it misses nothing.
 * 2. Every subscription is removed when the socket, or the connection below it, is gone, however far it had come.
 * 3. Nothing waits for a socket: what it does not take is buffered up to a limit, then it is dropped.
 */
export class NotificationServer {
  readonly #io: Server;
  readonly #unsubscribing = new Set<Promise<void>>();

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
    this.#io.engine.on('connection', (connection: Connection) => this.#dropWhenSlow(connection));
    this.#io.of(SOCKET_NAMESPACE).use((socket, next) => {
      this.#admit(socket).then(
        () => next(),
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

  async #admit(socket: Socket): Promise<void> {
    const identity = await identityOf(authorizationOf(socket), this.options.identityService);
    const api = this.engineApi.notificationApi;
    const subscribing = subscribeAll(api, identity, (eventName, payload) => {
      if (socket.connected) socket.emit(eventName, payload);
    });
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      socket.conn.off('close', release);
      this.#track(subscribing.then((subscriptions) => unsubscribeAll(api, identity, subscriptions)));
    };
    socket.once('disconnect', release);
    socket.conn.once('close', release);
    await subscribing;
    if (socket.conn.readyState !== 'open') release();
  }

  #dropWhenSlow(connection: Connection): void {
    let pending = 0;
    connection.on('flush', () => (pending = 0));
    connection.on('packetCreate', () => {
      pending += 1;
      if (pending <= this.options.maxPendingPackets) return;
      this.options.logger.warn({ pending }, 'a socket that takes no notifications is dropped');
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

type Emit = (eventName: string, payload: NotificationPayload) => void;

/** All of them, or none and the first error. */
async function subscribeAll(api: INotificationApi, identity: IIdentity, emit: Emit): Promise<Subscription[]> {
  const results = await Promise.allSettled(
    KINDS.flatMap((kind) => {
      const own = ownerEventName(kind, identity.userId);
      const all = api.subscribe(identity, kind, (payload) => emitAll(kind, payload, emit));
      return NOTIFICATIONS[kind].task ? [all, api.subscribe(identity, own, (payload) => emit(own, payload))] : [all];
    }),
  );
  const subscriptions = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure === undefined) return subscriptions;
  await unsubscribeAll(api, identity, subscriptions);
  throw failure.reason;
}

function emitAll(kind: NotificationKind, payload: NotificationPayload, emit: Emit): void {
  emit(kind, payload);
  if (kind === 'process_started') emit(processStartedEventName(payload.processModelId), payload);
}

async function unsubscribeAll(
  api: INotificationApi,
  identity: IIdentity,
  subscriptions: readonly Subscription[],
): Promise<void> {
  await Promise.all(subscriptions.map((subscription) => api.removeSubscription(identity, subscription)));
}
