import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { jsonAt } from './json-request.js';
import { isSafeAddress, type JwtOptions } from './jwt-options.js';

/** How long a failed discovery is not tried again, ms. */
const DISCOVERY_PAUSE = 5_000;

/**
 * The keys tokens are verified with: the shared secret, or the issuer's public keys, which are fetched when they are
 * first needed and again when a token names one that is not known (twice a minute at most).
 */
export function signingKeys(options: JwtOptions): JWTVerifyGetKey {
  const { issuer, jwksUri, sharedSecret } = options;
  if (sharedSecret !== undefined) {
    const secret = new TextEncoder().encode(sharedSecret);
    return () => Promise.resolve(secret);
  }
  if (jwksUri !== undefined) return createRemoteJWKSet(new URL(jwksUri));
  const discovery = new Discovery(issuer);
  return async (header, token) => (await discovery.keys())(header, token);
}

/** OpenID Connect Discovery 1.0: the issuer says where its keys are. */
class Discovery {
  #found: Promise<JWTVerifyGetKey> | undefined;

  constructor(private readonly issuer: string) {}

  keys(): Promise<JWTVerifyGetKey> {
    this.#found ??= this.#discover().catch((error: unknown) => {
      const pause = setTimeout(() => (this.#found = undefined), DISCOVERY_PAUSE);
      pause.unref();
      throw error;
    });
    return this.#found;
  }

  async #discover(): Promise<JWTVerifyGetKey> {
    const document = await jsonAt(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { issuer, jwks_uri: address } = (document ?? {}) as Readonly<Record<string, unknown>>;
    // Section 4.3: an issuer that names itself otherwise is another one.
    if (issuer !== this.issuer) throw new Error(`the discovery document of '${this.issuer}' names another issuer`);
    if (typeof address !== 'string' || !isSafeAddress(address)) {
      throw new Error(`the discovery document of '${this.issuer}' names no https address of keys`);
    }
    return createRemoteJWKSet(new URL(address));
  }
}
