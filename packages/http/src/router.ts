import type { Router, RouterContext } from '@koa/router';
import { BadRequestError, StartCallbackType, type EngineApi, type ExternalTask } from '@process-engine/contracts';
import { pathOf, type Route, ROUTES } from '@process-engine/contracts/http';
import type { Middleware } from 'koa';
import { argumentReader, type RequestParts } from './argument-reader.js';
import { jsonReply } from './json-reply.js';
import type { IdentityState } from './middleware/identity.js';
import { type BodyLimits, bodyReader } from './body/request-body.js';
import { callerOf } from './middleware/limits.js';
import type { RequestBound } from './request-bound.js';
import { releaseUnlessSent } from './unsent-tasks.js';
import type { WaitingCalls } from './waiting-calls.js';

export interface ApiRouteOptions {
  /** Sets `ctx.state.identity`, or refuses. */
  readonly admission: readonly Middleware<IdentityState>[];
  readonly bodyLimits: BodyLimits;
  readonly waitingCalls: WaitingCalls;
  /** Of requests that do not wait. */
  readonly bound: RequestBound;
  /** True: `/info` is served at the root, too. */
  readonly rootRoutes: boolean;
}

type Operation = (...args: unknown[]) => Promise<unknown>;

/** Adds every row of the route table below its API's base path. */
export function addApiRoutes(router: Router<IdentityState>, engineApi: EngineApi, options: ApiRouteOptions): void {
  for (const route of ROUTES) {
    const path = pathOf(route);
    const paths = route.path === '/info' && options.rootRoutes ? [path, route.path] : path;
    const handler = handlerOf(route, engineApi, options);
    if (route.authenticated) router[route.method](paths, ...options.admission, handler);
    else router[route.method](paths, handler);
  }
}

/** Answers 400 where a path is not percent-encoded UTF-8 (RFC 3986, 2.1), before the router takes it literally. */
export const refuseMalformedPath: Middleware = (ctx, next) => {
  if (ctx.path.includes('%')) {
    try {
      decodeURIComponent(ctx.path);
    } catch {
      throw new BadRequestError('the path is not percent-encoded UTF-8');
    }
  }
  return next();
};

function handlerOf(route: Route, engineApi: EngineApi, options: ApiRouteOptions) {
  const readers = route.args.map(argumentReader);
  const usesBody = route.args.some((binding) => binding.in === 'body' || binding.in === 'field');
  const readBody = usesBody && route.request !== undefined ? bodyReader(route.request, options.bodyLimits) : undefined;
  const waitTime = route.args.findIndex((binding) => binding.in === 'field' && binding.name === route.waitTime);
  const api = engineApi[route.api] as unknown as Readonly<Record<string, Operation>>;

  const handle = async (ctx: RouterContext<IdentityState>): Promise<void> => {
    const { params } = ctx;
    const body = await readBody?.(ctx);
    const args = readers.map((read) => read({ params, query: ctx.query, body }));
    if (waitTime >= 0) args[waitTime] = Math.min(args[waitTime] as number, options.waitingCalls.time);
    const [workerId] = args;
    if (route.authenticated) args.unshift(ctx.state.identity);
    const result = route.waits
      ? await options.waitingCalls.run(callerOf(ctx.state.identity), ctx.res, (signal) =>
          api[route.operation]!(...args, { signal }),
        )
      : await api[route.operation]!(...args);
    if (route.response === undefined) ctx.status = 204;
    else jsonReply(ctx, 200, result);
    if (route.operation === 'fetchAndLockExternalTasks') {
      const tasks = result as readonly ExternalTask[];
      const fetched = { identity: ctx.state.identity, workerId: workerId as string, tasks };
      releaseUnlessSent(ctx.res, engineApi.externalTaskApi, fetched);
    }
  };
  const mayWait = waitingRequests(route);
  return (ctx: RouterContext<IdentityState>) =>
    mayWait(ctx.query) ? handle(ctx) : options.bound.run(() => handle(ctx));
}

/** Tells requests that may wait. A start that is answered once the instance is there does not. */
function waitingRequests({ waits, args }: Route): (query: RequestParts['query']) => boolean {
  const callbackType = args.find((binding) => binding.in === 'query' && binding.name === 'start_callback_type');
  if (!waits || callbackType === undefined) return () => waits;
  const read = argumentReader(callbackType);
  return (query) => read({ params: {}, query, body: undefined }) !== StartCallbackType.CallbackOnProcessInstanceCreated;
}
