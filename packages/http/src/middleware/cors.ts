import koaCors from '@koa/cors';
import type { Middleware } from 'koa';
import type { CorsOptions } from '../http-options.js';

/** The options with their defaults; socket.io takes them as they are. */
export interface ResolvedCorsOptions {
  readonly origin: true | string | string[];
  readonly credentials: boolean;
  readonly methods: string[];
  readonly exposedHeaders: string[];
  readonly allowedHeaders?: string[];
  readonly maxAge?: number;
}

/** `undefined`: CORS is off. */
export function resolveCors(options: boolean | CorsOptions | undefined): ResolvedCorsOptions | undefined {
  if (options === false) return undefined;
  const { origin = true, allowedHeaders, maxAge, ...given } = options === true || options === undefined ? {} : options;
  return {
    origin: typeof origin === 'object' ? [...origin] : origin,
    credentials: given.credentials ?? true,
    methods: [...(given.methods ?? ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'])],
    exposedHeaders: [...(given.exposedHeaders ?? ['Retry-After'])],
    ...(allowedHeaders === undefined ? {} : { allowedHeaders: [...allowedHeaders] }),
    ...(maxAge === undefined ? {} : { maxAge }),
  };
}

export function cors(options: ResolvedCorsOptions): Middleware {
  const allowed = typeof options.origin === 'string' ? [options.origin] : options.origin;
  return koaCors({
    // An empty answer means: no CORS headers.
    origin: (ctx) => {
      const origin = ctx.get('Origin');
      return allowed === true || allowed.includes(origin) ? origin : '';
    },
    credentials: options.credentials,
    allowMethods: options.methods,
    exposeHeaders: options.exposedHeaders,
    ...(options.allowedHeaders === undefined ? {} : { allowHeaders: options.allowedHeaders }),
    ...(options.maxAge === undefined ? {} : { maxAge: options.maxAge }),
  });
}
