import type { Router } from '@koa/router';
import type { Logger } from '@process-engine/contracts';
import { deadline } from './deadline.js';
import { jsonReply } from './json-reply.js';
import type { IdentityState } from './middleware/identity.js';

const READY_WITHIN = 5_000;

/** `/health/live`: the process answers. `/health/ready`: it can work; else 503. Neither needs an identity. */
export function addHealthRoutes(router: Router<IdentityState>, ready: () => Promise<boolean>, logger: Logger): void {
  router.get('/health/live', (ctx) => jsonReply(ctx, 200, { status: 'live' }));
  router.get('/health/ready', async (ctx) => {
    const isReady = await asked(ready, logger);
    if (!isReady) ctx.set('Retry-After', '1');
    jsonReply(ctx, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready' });
  });
}

async function asked(ready: () => Promise<boolean>, logger: Logger): Promise<boolean> {
  try {
    return await deadline(ready(), READY_WITHIN, `the readiness check took over ${READY_WITHIN} ms`);
  } catch (error) {
    logger.warn({ err: error }, 'the readiness check failed');
    return false;
  }
}
