import helmet, { type HelmetOptions } from 'helmet';
import type { Middleware } from 'koa';

/** Helmet's headers on every answer. */
export function securityHeaders(options: Readonly<HelmetOptions> = {}): Middleware {
  const set = helmet(options);
  return async (ctx, next) => {
    await new Promise<void>((resolve, reject) => {
      set(ctx.req, ctx.res, (error?: unknown) =>
        error === undefined
          ? resolve()
          : reject(error instanceof Error ? error : new Error('the security headers could not be set')),
      );
    });
    await next();
  };
}
