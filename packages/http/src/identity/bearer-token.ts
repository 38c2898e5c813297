import {
  BadRequestError,
  type IIdentity,
  type IIdentityService,
  INTERNAL_USER_ID,
  UnauthorizedError,
} from '@process-engine/contracts';

/**
 * The identity of an `Authorization` header. UnauthorizedError: no token, or the engine's own user;
 * BadRequestError: several values; else what the identity service rejects with.
 */
export async function identityOf(authorization: string | undefined, service: IIdentityService): Promise<IIdentity> {
  const identity = await service.getIdentity(bearerToken(authorization));
  refuseInternalUser(identity.userId);
  return identity;
}

/** `ProcessEngineInternalUser` owns what the engine starts itself; from outside anybody could claim to be it. */
export function refuseInternalUser(userId: string): void {
  if (userId === INTERNAL_USER_ID) {
    throw new UnauthorizedError('this user is reserved for the engine', { reason: 'reserved-user' });
  }
}

function bearerToken(authorization: string | undefined): string {
  if (authorization?.includes(',') === true) {
    throw new BadRequestError('several values were found in the Authorization header; one bearer token is expected');
  }
  const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    throw new UnauthorizedError('no auth token provided: the header "Authorization: Bearer <token>" is required');
  }
  return token;
}
