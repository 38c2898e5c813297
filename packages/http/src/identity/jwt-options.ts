import { isLoopbackHost } from './loopback.js';

/** How a token that an issuer signed becomes an identity. */
export interface JwtOptions {
  /** `iss` of the tokens (RFC 7519); without `jwksUri` and `sharedSecret` also where OpenID Connect discovery asks. */
  readonly issuer: string;
  /** One of these must be in the token's `aud`: tokens made for another service are refused. */
  readonly audience: string | readonly string[];
  /** Address of the issuer's public keys (RFC 7517). Default: the one discovery names. */
  readonly jwksUri?: string;
  /** Instead of public keys: the secret both sides know, UTF-8, at least 32 bytes. */
  readonly sharedSecret?: string;
  /** Signature algorithms that are accepted. Default: RS256, PS256, ES256, EdDSA; with a shared secret HS256. */
  readonly algorithms?: readonly string[];
  /** Seconds the clocks may differ. Default 30. */
  readonly clockTolerance?: number;
  /** Names of the token's claims. A dot leads into an object: `realm_access.roles`. */
  readonly claims?: JwtClaimNames;
  /** True: the dummy token stands for the user `dummy_token`. Only for servers that others cannot reach. Default false. */
  readonly allowGodToken?: boolean;
}

export interface JwtClaimNames {
  /** Default `sub`. */
  readonly userId?: string;
  /** Default: no tenants. A token without this claim is refused. */
  readonly tenantId?: string;
  /** A list of texts, or one text with spaces between the names. */
  readonly groups?: string;
  /** Like `groups`: claims of the engine the token itself grants. */
  readonly claims?: string;
}

const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const SYMMETRIC = ['HS256', 'HS384', 'HS512'];
const MIN_SECRET_BYTES = 32;

/** The algorithms that are accepted. A key never serves the other family: a public key is no secret. */
export function algorithmsOf({ algorithms, sharedSecret }: JwtOptions): string[] {
  if (algorithms === undefined) return sharedSecret === undefined ? ['RS256', 'PS256', 'ES256', 'EdDSA'] : ['HS256'];
  return [...algorithms];
}

/** What is wrong with the options: the option's name and the complaint. Empty: nothing. Never holds the secret. */
export function problemsOf(options: JwtOptions): { readonly option: keyof JwtOptions; readonly complaint: string }[] {
  const { issuer, audience, jwksUri, sharedSecret, clockTolerance = 30 } = options;
  const known = sharedSecret === undefined ? ASYMMETRIC : SYMMETRIC;
  const algorithms = algorithmsOf(options);
  const foreign = algorithms.filter((name) => !known.includes(name));
  const usesDiscovery = jwksUri === undefined && sharedSecret === undefined;
  const checks: [keyof JwtOptions, boolean, string][] = [
    ['issuer', issuer === '', 'is required: the iss of the tokens'],
    [
      'issuer',
      usesDiscovery && !isSafeAddress(issuer),
      'must be an https address (http only on this machine), or set jwksUri or sharedSecret',
    ],
    ['audience', [audience].flat().filter(Boolean).length === 0, 'is required: the aud of tokens made for this engine'],
    ['jwksUri', jwksUri !== undefined && sharedSecret !== undefined, 'and sharedSecret exclude each other'],
    [
      'jwksUri',
      jwksUri !== undefined && !isSafeAddress(jwksUri),
      'must be an https address (http only on this machine)',
    ],
    [
      'sharedSecret',
      sharedSecret !== undefined && Buffer.byteLength(sharedSecret) < MIN_SECRET_BYTES,
      `must have ${MIN_SECRET_BYTES} bytes at least`,
    ],
    [
      'algorithms',
      algorithms.length === 0 || foreign.length > 0,
      `must be some of ${known.join(', ')}, not ${foreign.join(', ') || 'none'}`,
    ],
    ['clockTolerance', !(clockTolerance >= 0 && clockTolerance <= 600), 'must be from 0 to 600 seconds'],
  ];
  return checks.filter(([, wrong]) => wrong).map(([option, , complaint]) => ({ option, complaint }));
}

/** https, or http that does not leave the machine: keys and tokens travel there. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
