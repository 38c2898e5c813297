import type { JwtClaimNames, JwtOptions } from '@process-engine/http';
import { z } from 'zod';

const name = z.string().min(1);
const seconds = z.number().min(0);

const jwtClaimsSchema = z.strictObject({
  userId: name.optional(),
  tenantId: name.optional(),
  groups: name.optional(),
  claims: name.optional(),
} satisfies Record<keyof JwtClaimNames, z.ZodType>);

/** What else is wrong with these is said by the identity service itself. */
const jwtSchema = z.strictObject({
  issuer: name,
  audience: z.union([name, z.array(name).min(1)], { error: 'expected a text or a list of texts' }),
  jwksUri: name.optional(),
  sharedSecret: z.string().optional(),
  algorithms: z.array(name).optional(),
  clockTolerance: seconds.optional(),
  claims: jwtClaimsSchema.optional(),
} satisfies Record<Exclude<keyof JwtOptions, 'allowGodToken'>, z.ZodType>);

/** `iam:iam_service` */
export const iamServiceSchema = z.strictObject({
  auth: z.enum(['development', 'jwt']).optional(),
  jwt: jwtSchema.optional(),
  basePath: z.string().optional(),
  claimPath: z.string().optional(),
  disableClaimCheck: z.boolean().optional(),
  allowGodToken: z.boolean().optional(),
  groupClaims: z.record(z.string(), z.array(z.string())).optional(),
  cache: z
    .strictObject({
      enabled: z.boolean().optional(),
      cacheLifetimeInSeconds: seconds.optional(),
      cleanupIntervalInSeconds: seconds.optional(),
      maxEntries: z.number().int().min(1).optional(),
    })
    .optional(),
});
