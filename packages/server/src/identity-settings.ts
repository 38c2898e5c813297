/** What `iam:iam_service` means: who is believed to be whom, and who tells what he may do. */
import type { IIAMService, IIdentityService, Logger } from '@process-engine/contracts';
import {
  ClaimAuthorityService,
  DevelopmentIdentityService,
  isLoopbackHost,
  JwtIdentityService,
  type JwtOptions,
  jwtProblems,
  StaticClaimsService,
} from '@process-engine/http';
import { ConfigurationError } from './configuration/configuration-error.js';
import type { Configuration } from './configuration/configuration-schema.js';

const KEY = 'iam:iam_service';

type IamConfiguration = NonNullable<NonNullable<Configuration['iam']>['iam_service']>;
type Claims = Readonly<Record<string, readonly string[]>>;

export interface IdentitySettings {
  readonly auth: 'development' | 'jwt';
  readonly allowGodToken: boolean;
  /** With `auth: jwt`. */
  readonly jwt: JwtOptions | undefined;
  /** Who is asked for claims; `none`: nobody, everybody may do everything. */
  readonly rights: 'none' | 'authority' | 'static';
  readonly claimPath: string;
  readonly claims: Claims;
  readonly groupClaims: Claims;
  readonly cache: NonNullable<IamConfiguration['cache']>;
}

/** @throws ConfigurationError naming the key at fault. */
export function identitySettings({ iam, consumer_api_core }: Configuration): IdentitySettings {
  const service = iam?.iam_service ?? {};
  const { auth = 'development', allowGodToken = auth === 'development' } = service;
  return {
    auth,
    allowGodToken,
    jwt: auth === 'jwt' ? jwtOptions(service, allowGodToken) : undefined,
    rights: rightsOf(service),
    claimPath: absolute(service),
    claims: consumer_api_core?.consumer_api_iam_service?.claimConfig ?? {},
    groupClaims: service.groupClaims ?? {},
    cache: service.cache ?? {},
  };
}

function rightsOf({ auth, claimPath, disableClaimCheck = false }: IamConfiguration): IdentitySettings['rights'] {
  if (disableClaimCheck) return 'none';
  return auth === 'jwt' && claimPath !== undefined ? 'authority' : 'static';
}

/** What was configured and has no effect. */
export function ignoredIdentityKeys({ iam }: Configuration): string[] {
  const { auth = 'development', claimPath, cache, jwt } = iam?.iam_service ?? {};
  if (auth === 'jwt') return [];
  const ignored = Object.entries({ claimPath, cache, jwt }).filter(([, value]) => value !== undefined);
  return ignored.map(([name]) => `${KEY}.${name} is ignored: with development authentication no authority is asked`);
}

/** Tokens that anybody can make are for this machine only. ConfigurationError: others could reach the server. */
export function refuseOpenAddress({ auth, allowGodToken }: IdentitySettings, host: string): void {
  if (isLoopbackHost(host) || (auth === 'jwt' && !allowGodToken)) return;
  const why =
    auth === 'jwt'
      ? `${KEY}.allowGodToken lets everybody do everything`
      : 'development authentication believes every token';
  const remedy =
    auth === 'jwt'
      ? 'set allowGodToken to false'
      : `set ${KEY}.auth to jwt, or embed the server with an identityService of your own`;
  throw new ConfigurationError(
    `http:http_extension.server.host is '${host}', but ${why}, so only a loopback address may be used: set 127.0.0.1, or ${remedy}`,
  );
}

export function configuredIdentityService({ jwt }: IdentitySettings, logger: Logger): IIdentityService {
  return jwt === undefined ? new DevelopmentIdentityService() : new JwtIdentityService(jwt, logger);
}

/** Undefined: every identity may do everything. ConfigurationError: nobody could do anything. */
export function configuredRights(settings: IdentitySettings): IIAMService | undefined {
  const { auth, rights, allowGodToken, claims, groupClaims, claimPath } = settings;
  if (rights === 'none') return undefined;
  refuseNobody(settings);
  if (rights === 'static')
    return new StaticClaimsService(claims, { allowGodToken, groupClaims, strict: auth === 'jwt' });
  const { enabled = true, cacheLifetimeInSeconds = 300, maxEntries = 10_000 } = settings.cache;
  const cache = enabled ? { lifetime: cacheLifetimeInSeconds * 1000, maxEntries } : false;
  try {
    return new ClaimAuthorityService({ claimPath, cache, allowGodToken });
  } catch (error) {
    throw new ConfigurationError(`${KEY}.${(error as Error).message}`, { cause: error });
  }
}

function jwtOptions({ jwt }: IamConfiguration, allowGodToken: boolean): JwtOptions {
  if (jwt === undefined)
    throw new ConfigurationError(`${KEY}.jwt is missing: issuer and audience say which tokens are accepted`);
  const options = { ...jwt, allowGodToken } as JwtOptions;
  const [problem] = jwtProblems(options);
  if (problem === undefined) return options;
  throw new ConfigurationError(`${KEY}.jwt.${problem.option} ${problem.complaint}`);
}

/** A path of the authority, or a whole address. */
function absolute({ claimPath = '', basePath = '' }: IamConfiguration): string {
  return claimPath.startsWith('/') ? basePath.replace(/\/+$/, '') + claimPath : claimPath;
}

function refuseNobody({ auth, rights, jwt, claims, groupClaims, allowGodToken }: IdentitySettings): void {
  const hasTable = Object.keys(claims).length > 0 || Object.keys(groupClaims).length > 0;
  if (auth !== 'jwt' || rights !== 'static' || hasTable || allowGodToken || jwt?.claims?.claims !== undefined) return;
  throw new ConfigurationError(
    `with ${KEY}.auth jwt nobody has any claim: set ${KEY}.claimPath (an authority that is asked), ${KEY}.jwt.claims.claims ` +
      `(a claim of the token that lists them), ${KEY}.groupClaims or consumer_api_core:consumer_api_iam_service.claimConfig`,
  );
}
