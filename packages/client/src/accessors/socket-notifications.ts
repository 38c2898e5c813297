import {
  ALL_NOTIFICATIONS,
  matchesFilter,
  type IIdentity,
  type INotificationApi,
  type Logger,
  type NotificationCallback,
  type NotificationFilter,
  type NotificationPayload,
  type Subscription,
} from '@process-engine/contracts';
import { identityOf } from '../identity.js';
import { SocketConnection, type SocketListener } from './socket-connection.js';

export interface SocketNotificationsOptions {
  /** Address of the notifications; asked for when a socket is opened. */
  readonly url: () => string;
  readonly connectTimeout: number;
  readonly logger: Logger;
}

interface UserSocket {
  readonly connection: SocketConnection;
  /** Listeners by subscription id. */
  readonly listeners: Map<string, SocketListener>;
}

/**
 * Notifications over socket.io. Owns one socket per user id, opened by the first subscription and kept until it is closed.
 * The server sends a user everything he may see; which events reach a callback is decided here, by name.
 */
export class SocketNotifications implements INotificationApi {
  readonly #options: SocketNotificationsOptions;
  readonly #sockets = new Map<string, UserSocket>();

  constructor(options: SocketNotificationsOptions) {
    this.#options = options;
  }

  /** Resolves when the socket is connected: from then on nothing is missed. */
  async subscribe(
    identity: IIdentity,
    eventName: string,
    callback: NotificationCallback,
    onlyReceiveOnce = false,
    filter: NotificationFilter = {},
  ): Promise<Subscription> {
    const socket = await this.connect(identity);
    const subscription = { id: globalThis.crypto.randomUUID(), eventName, onlyReceiveOnce };
    const listener = (name: string, payload: NotificationPayload) => {
      if ((name !== eventName && eventName !== ALL_NOTIFICATIONS) || !matchesFilter(filter, payload)) return;
      if (onlyReceiveOnce) remove(socket, subscription.id);
      void this.#deliver(callback, payload, name);
    };
    socket.listeners.set(subscription.id, listener);
    socket.connection.onAny(listener);
    return subscription;
  }

  async removeSubscription(identity: IIdentity, subscription: Subscription): Promise<void> {
    const socket = this.#sockets.get(identityOf(identity).userId);
    if (socket !== undefined) remove(socket, subscription.id);
  }

  /** The connected socket of the user. */
  async connect(caller: IIdentity): Promise<UserSocket> {
    const identity = identityOf(caller);
    const socket = this.#socketOf(identity);
    socket.connection.useToken(identity.token);
    try {
      await socket.connection.connected();
    } catch (error) {
      // A socket that serves nobody must not go on trying; one with subscriptions should.
      if (socket.listeners.size === 0) this.#drop(identity.userId, socket);
      throw error;
    }
    return socket;
  }

  disconnect(identity: IIdentity): void {
    const { userId } = identityOf(identity);
    const socket = this.#sockets.get(userId);
    if (socket !== undefined) this.#drop(userId, socket);
  }

  close(): void {
    for (const { connection } of this.#sockets.values()) connection.close();
    this.#sockets.clear();
  }

  #socketOf(identity: IIdentity): UserSocket {
    const known = this.#sockets.get(identity.userId);
    if (known !== undefined) return known;
    const { url, connectTimeout, logger } = this.#options;
    const socket = {
      connection: new SocketConnection(identity, { url: url(), connectTimeout, logger }),
      listeners: new Map(),
    };
    this.#sockets.set(identity.userId, socket);
    return socket;
  }

  #drop(userId: string, socket: UserSocket): void {
    socket.connection.close();
    if (this.#sockets.get(userId) === socket) this.#sockets.delete(userId);
  }

  async #deliver(callback: NotificationCallback, payload: NotificationPayload, eventName: string): Promise<void> {
    try {
      await callback(payload, eventName);
    } catch (error) {
      this.#options.logger.error({ error, eventName }, 'the callback of a notification failed');
    }
  }
}

function remove(socket: UserSocket, id: string): void {
  const listener = socket.listeners.get(id);
  if (listener === undefined) return;
  socket.listeners.delete(id);
  socket.connection.offAny(listener);
}
