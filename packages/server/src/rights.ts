import type { IIAMService, IIdentity } from '@process-engine/contracts';

/** The server itself, when it deploys. Known by this object, so that nobody outside can claim to be it. */
export const SERVER_IDENTITY: IIdentity = Object.freeze({ token: '', userId: 'process-engine-server' });

/** The same rights, and all of them for the server itself. */
export function withServerRights(rights: IIAMService): IIAMService {
  return {
    ensureHasClaim: async (identity, claimName) => {
      if (identity !== SERVER_IDENTITY) await rights.ensureHasClaim(identity, claimName);
    },
  };
}
