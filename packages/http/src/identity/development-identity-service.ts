import { BadRequestError, type IIdentity, type IIdentityService, UnauthorizedError } from '@process-engine/contracts';
import { refuseInternalUser } from './bearer-token.js';

const JWT = /^[\w-]+\.([\w-]+)\.[\w-]*$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Believes every token that can be decoded: of a JWT (RFC 7519) the claim `sub`, its signature unverified; of base64
 * text the text, as user id. For development and tests on the own machine only: whoever reaches the port may be anybody.
 * BadRequestError: the token cannot be decoded; UnauthorizedError: there is none, or it names the engine's own user.
 */
export class DevelopmentIdentityService implements IIdentityService {
  async getIdentity(token: string): Promise<IIdentity> {
    if (typeof token !== 'string' || token === '') throw new UnauthorizedError('no auth token provided');
    const userId = JWT.test(token) ? subjectOf(token) : textOf(token);
    if (userId === undefined || userId === '' || /\p{Cc}/u.test(userId)) {
      throw new BadRequestError('the auth token could not be parsed: a JWT with a subject or base64 text is expected');
    }
    refuseInternalUser(userId);
    return { token, userId };
  }
}

function subjectOf(jwt: string): string | undefined {
  const payload = textOf(JWT.exec(jwt)?.[1] ?? '');
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(payload);
    if (typeof claims !== 'object' || claims === null || !('sub' in claims)) return undefined;
    return typeof claims.sub === 'string' ? claims.sub : undefined;
  } catch {
    return undefined;
  }
}

function textOf(base64: string): string | undefined {
  if (!BASE64.test(base64)) return undefined;
  try {
    return utf8.decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
