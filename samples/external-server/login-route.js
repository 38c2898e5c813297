// @ts-check
import { BadRequestError } from '@process-engine/contracts';

const LONGEST_BODY = 10_000;

/**
 * `POST /iam/login` with `{username, password}` answers `{token, identity}`, or 401. The server is a Koa application; other
 * paths go on to the next middleware. A thrown error becomes the answer of its status.
 *
 * @param {import('./sessions.js').Sessions} sessions
 * @returns {Parameters<import('@process-engine/server').Server['app']['use']>[0]}
 */
export function loginRoute(sessions) {
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || ctx.path !== '/iam/login') return next();
    const { username, password } = await credentials(ctx.req);
    ctx.body = sessions.login(username, password);
  };
}

/** @param {import('node:http').IncomingMessage} request */
async function credentials(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > LONGEST_BODY) throw new BadRequestError('the body is too long');
  }
  try {
    const { username, password } = JSON.parse(text);
    return { username, password };
  } catch (cause) {
    throw new BadRequestError('the body must be JSON: {"username": "…", "password": "…"}', { cause });
  }
}
