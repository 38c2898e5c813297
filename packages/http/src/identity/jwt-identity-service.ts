import {
  BadRequestError,
  type IIdentity,
  type IIdentityService,
  type Logger,
  ServiceUnavaliableError,
  silentLogger,
  UnauthorizedError,
} from '@process-engine/contracts';
import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { refuseInternalUser } from './bearer-token.js';
import { algorithmsOf, type JwtClaimNames, type JwtOptions, problemsOf } from './jwt-options.js';
import { signingKeys } from './signing-keys.js';
import { DUMMY_TOKEN, DUMMY_USER_ID } from './static-claims-service.js';

/** Columns that hold ids and names have this length. */
const MAX_NAME = 255;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Believes tokens an issuer has signed for this service: signature, algorithm, issuer, audience, `exp` and `nbf` are
 * checked at every call.
 * BadRequestError: the token is no JWT; UnauthorizedError: no token, or one that does not hold (`token-expired`,
 * `token-invalid`); ServiceUnavailableError: the issuer's keys cannot be fetched. No error says anything of the token.
 */
export class JwtIdentityService implements IIdentityService {
  readonly #keys: JWTVerifyGetKey;
  readonly #verification: Parameters<typeof jwtVerify>[2];

  /** @throws RangeError naming the option that cannot be used. */
  constructor(
    private readonly options: JwtOptions,
    private readonly logger: Logger = silentLogger,
  ) {
    const [problem] = problemsOf(options);
    if (problem !== undefined) throw new RangeError(`${problem.option} ${problem.complaint}`);
    this.#keys = signingKeys(options);
    this.#verification = {
      issuer: options.issuer,
      audience: typeof options.audience === 'string' ? options.audience : [...options.audience],
      algorithms: algorithmsOf(options),
      clockTolerance: options.clockTolerance ?? 30,
      requiredClaims: ['exp'],
    };
  }

  async getIdentity(token: string): Promise<IIdentity> {
    if (typeof token !== 'string' || token === '') throw new UnauthorizedError('no auth token provided');
    if (this.options.allowGodToken === true && token === DUMMY_TOKEN) return { token, userId: DUMMY_USER_ID };
    if (!JWT.test(token)) throw new BadRequestError('the auth token could not be parsed: a signed JWT is expected');
    return identityIn(await this.#verified(token), token, this.options);
  }

  async #verified(token: string): Promise<JWTPayload> {
    try {
      return (await jwtVerify(token, this.#keys, this.#verification)).payload;
    } catch (error) {
      if (isAboutToken(error)) throw refusal(error);
      this.logger.error({ err: error }, 'the keys of the token issuer could not be fetched');
      throw new ServiceUnavaliableError('the keys of the token issuer cannot be fetched now', {
        reason: 'token-issuer-unavailable',
      });
    }
  }
}

function isAboutToken(error: unknown): error is errors.JOSEError {
  const ofKeys = [errors.JWKSInvalid, errors.JWKInvalid, errors.JWKSTimeout];
  if (!(error instanceof errors.JOSEError) || ofKeys.some((type) => error instanceof type)) return false;
  // What the key server answered wrongly has the general code.
  return error.code !== 'ERR_JOSE_GENERIC';
}

function refusal(error: errors.JOSEError): Error {
  if (error instanceof errors.JWTExpired)
    return new UnauthorizedError('the auth token has expired', { reason: 'token-expired' });
  if (error instanceof errors.JWTClaimValidationFailed) return invalid(`its claim '${error.claim}' does not fit`);
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid('its signature algorithm is not accepted');
  return invalid('its signature or form is wrong');
}

function identityIn(payload: JWTPayload, token: string, { claims = {}, clockTolerance = 30 }: JwtOptions): IIdentity {
  const userId = nameIn(payload, claims.userId ?? 'sub');
  refuseInternalUser(userId);
  if (userId === DUMMY_USER_ID) throw new UnauthorizedError('this user is reserved', { reason: 'reserved-user' });
  return {
    token,
    userId,
    ...(claims.tenantId === undefined ? {} : { tenantId: nameIn(payload, claims.tenantId) }),
    ...listIn(payload, claims, 'groups'),
    ...listIn(payload, claims, 'claims'),
    expiresAt: (payload.exp! + clockTolerance) * 1000,
  };
}

function nameIn(payload: JWTPayload, claim: string): string {
  const value = valueAt(payload, claim);
  if (typeof value !== 'string' || value === '' || value.length > MAX_NAME || /\p{Cc}/u.test(value)) {
    throw invalid(`its claim '${claim}' must be a text of up to ${MAX_NAME} characters`);
  }
  return value;
}

function listIn(payload: JWTPayload, names: JwtClaimNames, field: 'groups' | 'claims'): Partial<IIdentity> {
  const claim = names[field];
  if (claim === undefined) return {};
  const value = valueAt(payload, claim) ?? [];
  const list = typeof value === 'string' ? value.split(' ').filter((name) => name !== '') : value;
  if (!Array.isArray(list) || !list.every((name): name is string => typeof name === 'string')) {
    throw invalid(`its claim '${claim}' must be a list of texts`);
  }
  return { [field]: list };
}

/** The claim of this name, else what a dotted path leads to. Own properties only. */
function valueAt(payload: JWTPayload, claim: string): unknown {
  if (Object.hasOwn(payload, claim)) return payload[claim];
  return claim.split('.').reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    return (value as Readonly<Record<string, unknown>>)[step];
  }, payload);
}

function invalid(why: string): Error {
  return new UnauthorizedError(`the auth token does not hold: ${why}`, { reason: 'token-invalid' });
}
