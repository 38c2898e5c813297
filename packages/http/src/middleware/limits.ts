import { errorOfStatus, type IIdentity, tenantOf } from '@process-engine/contracts';
import type { Middleware } from 'koa';
import { type RateOptions, TokenBuckets } from '../token-buckets.js';
import type { IdentityState } from './identity.js';

/** So many requests of a client address; beyond it TooManyRequestsError 429. */
export function addressLimit(options: RateOptions, seconds?: () => number): Middleware {
  const buckets = new TokenBuckets(options, seconds);
  return (ctx, next) => {
    pass(buckets.take(ctx.ip), 'this address');
    return next();
  };
}

/** So many requests of a user, wherever they come from; beyond it TooManyRequestsError 429. Needs `ctx.state.identity`. */
export function identityLimit(options: RateOptions, seconds?: () => number): Middleware<IdentityState> {
  const buckets = new TokenBuckets(options, seconds);
  return (ctx, next) => {
    pass(buckets.take(callerOf(ctx.state.identity)), 'this user');
    return next();
  };
}

/** What tells identities apart. */
export function callerOf(identity: IIdentity): string {
  return `${tenantOf(identity)}\0${identity.userId}`;
}

function pass(retryAfter: number, whose: string): void {
  if (retryAfter > 0) throw Object.assign(errorOfStatus(429, `too many requests from ${whose}`), { retryAfter });
}
