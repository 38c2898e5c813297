import type { Router, RouterContext } from '@koa/router';
import { BadRequestError, type EngineApi, NotImplementedError } from '@process-engine/contracts';
import { NOTIFICATION_STREAM_PATH, readStreamQuery } from '@process-engine/contracts/http';
import type { Middleware } from 'koa';
import type { IdentityState } from '../middleware/identity.js';
import type { EventStreams } from './event-streams.js';

/** Adds the route of server-sent events. */
export function addEventStream(
  router: Router<IdentityState>,
  { notificationApi }: EngineApi,
  { admission, streams }: { admission: Middleware<IdentityState>[]; streams: EventStreams },
): void {
  router.get(NOTIFICATION_STREAM_PATH, ...admission, async (ctx: RouterContext<IdentityState>) => {
    if (notificationApi.followEvents === undefined) throw new NotImplementedError('the engine keeps no event log');
    const options = readStreamQuery(queryOf(ctx), ctx.get('Last-Event-ID') || undefined);
    const caller = ctx.state.identity;
    // HEAD gets the checks, and no stream.
    if (ctx.method === 'HEAD') return void (ctx.status = 200);
    await streams.serve(ctx.res, caller, async (signal) => {
      const events = await notificationApi.followEvents!(caller, { ...options, signal });
      ctx.respond = false;
      return events;
    });
  });
}

function queryOf({ query }: RouterContext<IdentityState>): Record<string, string | undefined> {
  const entries = Object.entries(query).map(([name, value]): [string, string | undefined] => {
    if (Array.isArray(value)) throw new BadRequestError(`the query parameter ${name} must be given once`);
    return [name, value];
  });
  return Object.fromEntries(entries);
}
