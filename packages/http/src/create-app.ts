import { Router } from '@koa/router';
import { type EngineApi, type Logger, silentLogger } from '@process-engine/contracts';
import { BASE_PATHS } from '@process-engine/contracts/http';
import Koa, { type Middleware } from 'koa';
import { byteSize } from './byte-size.js';
import { addEventStream } from './notifications/add-event-stream.js';
import { EventStreams } from './notifications/event-streams.js';
import { addHealthRoutes } from './health.js';
import type { HttpOptions } from './http-options.js';
import { jsonReply } from './json-reply.js';
import { cors, resolveCors } from './middleware/cors.js';
import { errors } from './middleware/errors.js';
import { identity, type IdentityState } from './middleware/identity.js';
import { addressLimit, identityLimit } from './middleware/limits.js';
import { requestLog } from './middleware/request-log.js';
import { securityHeaders } from './middleware/security-headers.js';
import { sendLimit } from './middleware/send-limit.js';
import { openApiDocument } from './openapi.js';
import { addRootRoutes } from './root-routes.js';
import { RequestBound } from './request-bound.js';
import { addApiRoutes, refuseMalformedPath } from './router.js';
import { WaitingCalls } from './waiting-calls.js';

const DEFAULT_CONCURRENT_REQUESTS = 1_000;
const DEFAULT_WAITING_CALLS = 10_000;
const DEFAULT_EVENT_STREAMS = 10_000;
const DEFAULT_WAITING_CALLS_PER_IDENTITY = 1_000;
const DEFAULT_DEPTH = 100;
const DEFAULT_SEND_TIME = 60_000;

/**
 * The REST API over any engine: the three APIs of the route table, `/health/live`, `/health/ready`, `/openapi.json`, and
 * the root routes. Middleware the embedding application adds to the app sees the requests that match no route.
 * RangeError: an option is out of range.
 */
export function createApp(engineApi: EngineApi, options: HttpOptions): Koa {
  const logger = options.logger ?? silentLogger;
  const app = new Koa({ proxy: options.trustProxy ?? false });
  app.on('error', (error: unknown) => logger.debug({ err: error }, 'a response could not be sent'));

  if (logger !== silentLogger) app.use(requestLog(logger));
  app.use(sendLimit(options.limits?.sendTime ?? DEFAULT_SEND_TIME, logger));
  app.use(errors(logger));
  if (options.helmet !== false) app.use(securityHeaders(options.helmet === true ? undefined : options.helmet));
  const corsOptions = resolveCors(options.cors);
  if (corsOptions !== undefined) app.use(cors(corsOptions));
  const { requestsPerSecond, burst } = options.limits ?? {};
  if (requestsPerSecond !== undefined) app.use(addressLimit({ requestsPerSecond, burst }));

  const router = routerOf(engineApi, options, logger);
  app.use(refuseMalformedPath);
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}

function routerOf(engineApi: EngineApi, options: HttpOptions, logger: Logger): Router<IdentityState> {
  const router = new Router<IdentityState>();
  const { body = '50mb', depth = DEFAULT_DEPTH } = options.limits ?? {};
  addApiRoutes(router, engineApi, {
    admission: admissionOf(options),
    bodyLimits: { size: byteSize(body, 'limits.body'), depth },
    waitingCalls: waitingCallsOf(options),
    bound: new RequestBound(options.limits?.concurrentRequests ?? DEFAULT_CONCURRENT_REQUESTS),
    rootRoutes: options.rootRoutes ?? true,
  });
  addEventStream(router, engineApi, { admission: admissionOf(options), streams: eventStreamsOf(options, logger) });
  addHealthRoutes(router, options.ready ?? (() => Promise.resolve(true)), logger);
  addRootRoutes(router, engineApi, options);
  addOpenApiRoutes(router, engineApi);
  return router;
}

/** `/openapi.json`, and `/swagger` below each base path, where older clients look. */
function addOpenApiRoutes(router: Router<IdentityState>, engineApi: EngineApi): void {
  let document: object | undefined;
  const paths = ['/openapi.json', ...Object.values(BASE_PATHS).map((base) => `${base}/swagger`)];
  router.get(paths, async (ctx) => {
    document ??= openApiDocument(await engineApi.consumerApi.getApplicationInfo());
    jsonReply(ctx, 200, document);
  });
}

/** Who calls, and whether not too often. */
function admissionOf({ identityService, limits = {} }: HttpOptions): Middleware<IdentityState>[] {
  const { requestsPerSecondPerIdentity: requestsPerSecond, burstPerIdentity: burst } = limits;
  const known = identity(identityService);
  return requestsPerSecond === undefined ? [known] : [known, identityLimit({ requestsPerSecond, burst })];
}

function eventStreamsOf({ limits = {}, signal, heartbeat }: HttpOptions, logger: Logger): EventStreams {
  const { eventStreams: maximum = DEFAULT_EVENT_STREAMS, sendTime: takesWithin } = limits;
  if (!(maximum > 0)) throw new RangeError('limits.eventStreams must be greater than 0');
  return new EventStreams({ maximum, logger, heartbeat, takesWithin, signal });
}

function waitingCallsOf({ limits = {}, signal }: HttpOptions): WaitingCalls {
  const calls = new WaitingCalls({
    maximum: limits.waitingCalls ?? DEFAULT_WAITING_CALLS,
    perCaller: limits.waitingCallsPerIdentity ?? DEFAULT_WAITING_CALLS_PER_IDENTITY,
    time: limits.waitingTime,
  });
  if (signal?.aborted === true) calls.close();
  signal?.addEventListener('abort', () => calls.close(), { once: true });
  return calls;
}
