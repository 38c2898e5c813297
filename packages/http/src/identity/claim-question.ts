import { BadRequestError, ForbiddenError, type IIdentity } from '@process-engine/contracts';

/** BadRequestError: nobody to ask about, or nothing to ask for. */
export function ensureQuestion(identity: IIdentity, claimName: string): void {
  if (typeof identity?.userId !== 'string' || identity.userId === '') throw new BadRequestError('identity is required');
  if (typeof claimName !== 'string' || claimName === '') throw new BadRequestError('claimName is required');
}

/** The refusal of somebody who lacks a claim. */
export function claimMissing(userId: string, claimName: string): Error {
  return new ForbiddenError(`access denied: user '${userId}' does not have the claim '${claimName}'`, {
    reason: 'claim-missing',
  });
}
