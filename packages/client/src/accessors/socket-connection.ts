import {
  errorFromResponse,
  ServiceUnavaliableError,
  UnauthorizedError,
  type IIdentity,
  type Logger,
  type NotificationPayload,
} from '@process-engine/contracts';
import { SOCKET_NAMESPACE } from '@process-engine/contracts/http';
import { io, type Socket } from 'socket.io-client';

export interface SocketOptions {
  /** Address of the notifications, without a trailing slash. */
  readonly url: string;
  /** Milliseconds to wait for the connection. */
  readonly connectTimeout: number;
  readonly logger: Logger;
}

export type SocketListener = (eventName: string, payload: NotificationPayload) => void;

/** The one socket of a user. After a lost connection socket.io connects again by itself; what was sent meanwhile is lost. */
export class SocketConnection {
  readonly #socket: Socket;
  readonly #options: SocketOptions;
  /** Gives up the waits for a connection. */
  readonly #closing = new AbortController();

  constructor(identity: IIdentity, options: SocketOptions) {
    this.#options = options;
    const { origin, pathname } = new URL(options.url);
    this.#socket = io(`${origin}${SOCKET_NAMESPACE}`, {
      // A prefix in the address is where a proxy serves the engine, not part of the namespace.
      path: `${pathname.replace(/\/$/, '')}/socket.io/`,
      // Shared connections would carry the first user's token for all.
      forceNew: true,
      autoConnect: false,
      extraHeaders: { Authorization: identity.token },
    });
    this.#socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') {
        options.logger.warn({ reason, url: options.url }, 'lost the connection for notifications');
      }
    });
  }

  /** The token of the next handshake; the running connection keeps its own. */
  useToken(token: string): void {
    this.#socket.io.opts.extraHeaders = { Authorization: token };
  }

  /**
   * Resolves when the socket is connected. Rejects at the first failure: the server's own error where it refused the
   * socket, else a ServiceUnavaliableError.
   */
  async connected(): Promise<void> {
    const socket = this.#socket;
    if (socket.connected) return;
    if (!socket.active) socket.connect();
    await new Promise<void>((resolve, reject) => {
      const done = (settle: () => void) => {
        clearTimeout(timer);
        this.#closing.signal.removeEventListener('abort', close);
        socket.off('connect', connect);
        socket.off('connect_error', fail);
        settle();
      };
      const connect = () => done(resolve);
      const fail = (error: Error) => done(() => reject(this.#connectError(error)));
      const close = () => fail(new Error('the socket was closed'));
      const timer = setTimeout(() => fail(new Error('time-out')), this.#options.connectTimeout);
      this.#closing.signal.addEventListener('abort', close);
      socket.once('connect', connect);
      socket.once('connect_error', fail);
    });
  }

  /** Tells the listener of everything that comes. */
  onAny(listener: SocketListener): void {
    this.#socket.onAny(listener);
  }

  offAny(listener: SocketListener): void {
    this.#socket.offAny(listener);
  }

  close(): void {
    this.#closing.abort();
    this.#socket.disconnect();
  }

  #connectError(error: Error & { data?: unknown }): Error {
    const { data } = error;
    if (typeof data === 'object' && data !== null && 'code' in data && typeof data.code === 'number') {
      return errorFromResponse(data.code, data);
    }
    // Only a refusal by the server makes socket.io give up.
    if (!this.#socket.active) return new UnauthorizedError(error.message, { cause: error });
    return new ServiceUnavaliableError(
      `The notifications at ${this.#options.url} cannot be reached: ${error.message}`,
      {
        reason: 'engine-unreachable',
        cause: error,
      },
    );
  }
}
