import type { IIdentity, IIdentityService } from '@process-engine/contracts';
import type { Middleware } from 'koa';
import { identityOf } from '../identity/bearer-token.js';

export interface IdentityState {
  identity: IIdentity;
}

/** Sets `ctx.state.identity`, or answers 401 or 400. */
export function identity(service: IIdentityService): Middleware<IdentityState> {
  return async (ctx, next) => {
    ctx.state.identity = await identityOf(ctx.req.headers.authorization, service);
    await next();
  };
}
