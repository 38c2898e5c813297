import type { Logger } from '@process-engine/contracts';
import type { Middleware } from 'koa';

/** One debug line per request, without its query, headers and body: these may hold what must not be kept. */
export function requestLog(logger: Logger): Middleware {
  return async (ctx, next) => {
    const start = performance.now();
    try {
      await next();
    } finally {
      const milliseconds = Math.round((performance.now() - start) * 1000) / 1000;
      logger.debug({ method: ctx.method, path: ctx.path, status: ctx.status, milliseconds }, 'request');
    }
  };
}
