import type { IIdentityService, Logger } from '@process-engine/contracts';
import type { HelmetOptions } from 'helmet';

/** Which other origins' pages may call. The names are those of the Express `cors` middleware, as configurations have them. */
export interface CorsOptions {
  /** `true` (default): every origin is reflected · one origin or a list: only these. */
  readonly origin?: true | string | readonly string[];
  /** Default true. */
  readonly credentials?: boolean;
  /** Default GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE. */
  readonly methods?: readonly string[];
  /** Default: what the preflight request asks for. */
  readonly allowedHeaders?: readonly string[];
  /** Default `Retry-After`. */
  readonly exposedHeaders?: readonly string[];
  /** Seconds a preflight answer may be kept. */
  readonly maxAge?: number;
}

export interface LimitOptions {
  /** Of a request body: a number of bytes or a text as `50mb`. Default 50mb; beyond it 413. */
  readonly body?: number | string;
  /** Levels JSON in a body may be nested. Default 100; beyond it 400. */
  readonly depth?: number;
  /** Of all headers of a request: a number of bytes or a text as `16kb`. Default 16kb; beyond it 431. */
  readonly headers?: number | string;
  /** Milliseconds a client has to send a request. Default 300,000; beyond it 408. */
  readonly requestTime?: number;
  /** Milliseconds a client has to take an answer that is ready. Default 60,000; beyond it the connection is cut. */
  readonly sendTime?: number;
  /** Requests under way at once in operations that do not wait. Default 1,000; beyond it 503. */
  readonly concurrentRequests?: number;
  /** Calls that may be under way at once in operations that can wait (starts, long polls). Default 10,000; beyond it 503. */
  readonly waitingCalls?: number;
  /** The same of one identity. Default 1,000; beyond it 429. */
  readonly waitingCallsPerIdentity?: number;
  /** Streams of server-sent events at once. Default 10,000; beyond it 503. */
  readonly eventStreams?: number;
  /** Milliseconds a call may wait: long polls end without tasks then, starts with 504. Default: no limit. */
  readonly waitingTime?: number;
  /** Requests per second and client address. Default: no limit; beyond it 429. */
  readonly requestsPerSecond?: number;
  /** Requests one client address may send at once before `requestsPerSecond` holds it. Default: `requestsPerSecond`. */
  readonly burst?: number;
  /** Requests per second and identity. Default: no limit; beyond it 429. */
  readonly requestsPerSecondPerIdentity?: number;
  /** Requests of one identity at once before that rate holds it. Default: the rate. */
  readonly burstPerIdentity?: number;
}

/** What `GET /` and `GET /process_engine` tell about the hosting application: fields of its package.json. */
export interface ApplicationDescription {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly license?: string;
  readonly homepage?: string;
  readonly author?: unknown;
  readonly contributors?: unknown;
  readonly repository?: unknown;
  readonly bugs?: unknown;
}

export interface HttpOptions {
  /** Turns the bearer token of a request into an identity. */
  readonly identityService: IIdentityService;
  /** Default: nothing is logged. Every request at debug, unexpected errors at error. */
  readonly logger?: Logger;
  /** `false` switches CORS off. */
  readonly cors?: boolean | CorsOptions;
  /** Security headers: options of helmet; `false` switches them off. */
  readonly helmet?: boolean | Readonly<HelmetOptions>;
  readonly limits?: LimitOptions;
  /** `false` leaves `/`, `/info` and `/security/authority` to the embedding application. Default true. */
  readonly rootRoutes?: boolean;
  /** Name and version default to those of `getApplicationInfo`. */
  readonly application?: ApplicationDescription;
  /** Base address of the authority that issues tokens, answered at `/security/authority`. Default `''`. */
  readonly authority?: string;
  /** Milliseconds between the signs of life of a stream of server-sent events. Default 15,000. */
  readonly heartbeat?: number;
  /** Asked by `/health/ready`; default: always ready. An answer that takes over five seconds counts as no. */
  readonly ready?: () => Promise<boolean>;
  /** True: the addresses in `X-Forwarded-For` are believed. Only behind a proxy that sets them. */
  readonly trustProxy?: boolean;
  /** Aborted: waiting calls are answered with 503, and so are later calls that would wait. */
  readonly signal?: AbortSignal;
}

export interface HttpServerOptions extends HttpOptions {
  /** `false`: no socket.io endpoint. */
  readonly notifications?: boolean;
  /** Milliseconds a socket.io connection has to show a token that is accepted; then it is closed. Default 10,000. */
  readonly admittedWithin?: number;
  /** Packets one slow socket may have outstanding before it is dropped; its client connects again. Default 10,000. */
  readonly maxPendingPackets?: number;
  /** Bytes of notifications one slow subscriber (socket.io or SSE) may have outstanding before it is dropped. Default 8 MB. */
  readonly maxPendingBytes?: number;
  /** Milliseconds an idle connection is kept. Default 65,000: longer than the usual proxy. */
  readonly keepAliveTimeout?: number;
  /** Milliseconds `close()` gives requests under way before it cuts them. Default 5,000. */
  readonly closeTimeout?: number;
}
