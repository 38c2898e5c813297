import { UnauthorizedError, type IIdentity } from '@process-engine/contracts';

/** The older way to say who calls: the token alone, as text. Accepted wherever an identity is. */
export interface ConsumerContext {
  readonly identity: string;
}

/** Who calls, in one of the forms the clients accept. */
export type Caller = IIdentity | ConsumerContext;

/**
 * The caller as an identity of its own; a missing user id is read from the token.
 * UnauthorizedError: there is no identity, or its token is no text.
 */
export function identityOf(caller: unknown): IIdentity {
  const { token, userId, identity } = (caller ?? {}) as Record<string, unknown>;
  const bearer = token ?? identity;
  if (typeof bearer !== 'string') throw new UnauthorizedError('No auth token provided.', { reason: 'no-token' });
  return { ...limitsOf(caller), token: bearer, userId: typeof userId === 'string' ? userId : userIdOfToken(bearer) };
}

/** What else an identity says of itself; an engine in the same process believes it. */
function limitsOf(caller: unknown): Partial<IIdentity> {
  const { tenantId, groups, claims, expiresAt } = (caller ?? {}) as Partial<IIdentity>;
  const given = { tenantId, groups, claims, expiresAt };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The subject of a JWT, or the text of a base64 token; '' where the token tells neither. Proves nothing about the caller. */
function userIdOfToken(token: string): string {
  try {
    const segments = token.split('.');
    const claims = segments[1];
    if (segments.length !== 3 || claims === undefined) return decode(token);
    const { sub } = JSON.parse(decode(claims)) as { sub?: unknown };
    return typeof sub === 'string' ? sub : '';
  } catch {
    return '';
  }
}

/** Base64 or base64url (RFC 4648) to UTF-8 text; throws where it is neither. */
function decode(text: string): string {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
