import type { IIAMService, IIdentity } from '@process-engine/contracts';
import { StaticClaimsService } from '@process-engine/http';
import type { ClaimSettings } from './server-settings.js';

/** The server itself, when it deploys. Known by this object, so that nobody outside can claim to be it. */
export const SERVER_IDENTITY: IIdentity = Object.freeze({ token: '', userId: 'process-engine-server' });

/** The rights of a configuration; undefined: every identity may do everything. */
export function configuredRights({ checked, claims, allowGodToken }: ClaimSettings): IIAMService | undefined {
  return checked ? new StaticClaimsService(claims, { allowGodToken }) : undefined;
}

/** The same rights, and all of them for the server itself. */
export function withServerRights(rights: IIAMService): IIAMService {
  return {
    ensureHasClaim: async (identity, claimName) => {
      if (identity !== SERVER_IDENTITY) await rights.ensureHasClaim(identity, claimName);
    },
  };
}
