import { Stream } from 'node:stream';
import type { Logger } from '@process-engine/contracts';
import type { Middleware } from 'koa';

/**
 * Cuts the connection of a client that does not take its answer in time: a slow reader would keep the answer in memory.
 * Answers that are streams last as long as what they tell.
 */
export function sendLimit(milliseconds: number, logger: Logger): Middleware {
  return async (ctx, next) => {
    await next();
    if (ctx.body instanceof Stream || ctx.res.closed) return;
    const cut = setTimeout(() => {
      logger.warn({ method: ctx.method, path: ctx.path }, 'a client that does not take its answer is dropped');
      ctx.req.socket.destroy();
    }, milliseconds);
    cut.unref();
    ctx.res.once('close', () => clearTimeout(cut));
  };
}
