import type { Router } from '@koa/router';
import type { EngineApi } from '@process-engine/contracts';
import type { Context } from 'koa';
import type { ApplicationDescription, HttpOptions } from './http-options.js';
import { jsonReply } from './json-reply.js';
import type { IdentityState } from './middleware/identity.js';

/** What the server tells about itself to anybody: `/`, `/process_engine` and `/security/authority`. */
export function addRootRoutes(router: Router<IdentityState>, engineApi: EngineApi, options: HttpOptions): void {
  const ownRoot = options.rootRoutes ?? true;
  const describe = async (): Promise<ApplicationDescription> => ({
    ...(await engineApi.consumerApi.getApplicationInfo()),
    ...options.application,
  });

  router.get('/process_engine', async (ctx) => jsonReply(ctx, 200, await describe()));
  const authorityPaths = ['/process_engine/security/authority', ...(ownRoot ? ['/security/authority'] : [])];
  router.get(authorityPaths, (ctx) => jsonReply(ctx, 200, { authority: options.authority ?? '' }));
  if (!ownRoot) return;

  router.get('/', async (ctx) => {
    if (wantsJson(ctx)) return jsonReply(ctx, 200, await describe());
    ctx.type = 'html';
    ctx.body = page(await describe());
  });
}

/** Older clients ask for JSON with the content type of their bodiless request. */
function wantsJson(ctx: Context): boolean {
  return ctx.get('Content-Type').startsWith('application/json') || ctx.accepts('html', 'json') === 'json';
}

function page({ name = 'process engine', version = '', description = '' }: ApplicationDescription): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(name)}</title></head>
<body>
<h1>${escaped(name)} ${escaped(version)}</h1>
<p>${escaped(description)}</p>
<p><a href="/openapi.json">OpenAPI document</a> · <a href="/health/ready">health</a></p>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
