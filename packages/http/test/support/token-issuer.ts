import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type CryptoKey, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

/** An OpenID provider on loopback: discovery, keys, and the tokens it signs. Also answers questions about claims. */
export class TokenIssuer {
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  /** Status of answers about claims, by claim; else 403. */
  readonly claims = new Map<string, number>();
  /** What discovery says besides the right things. */
  discovered: object = {};
  /** False: the keys are answered with 500. */
  givesKeys = true;
  readonly #keys = new Map<string, { readonly alg: string; readonly privateKey: CryptoKey; readonly jwk: object }>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? '';
      this.asked.push(path);
      const answer = this.#answer(path);
      const isDocument = typeof answer === 'object';
      response.writeHead(isDocument ? 200 : answer, { 'content-type': 'application/json', location: '/elsewhere' });
      response.end(isDocument ? JSON.stringify(answer) : undefined);
    });
  }

  async start(): Promise<this> {
    await this.rotate('first', 'RS256');
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => void this.#server.close(resolve));
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** One more key. */
  async rotate(kid: string, alg: string): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    this.#keys.set(kid, { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } });
  }

  /** A token for alice, valid for an hour; `claims` over it (undefined: left out). */
  async token(
    claims: Readonly<Record<string, unknown>> = {},
    header: Partial<JWTHeaderParameters> = {},
  ): Promise<string> {
    const kid = header.kid ?? 'first';
    const { alg, privateKey } = this.#keys.get(kid)!;
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: this.issuer, aud: 'engine', sub: 'alice', iat: now, exp: now + 3600, ...claims };
    return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
      .setProtectedHeader({ alg, kid, ...header })
      .sign(privateKey);
  }

  /** The public key of RS256 in the form attackers use as a secret. */
  publicKeyOf(kid: string): object {
    return this.#keys.get(kid)!.jwk;
  }

  #answer(path: string): object | number {
    if (path === '/.well-known/openid-configuration')
      return { issuer: this.issuer, jwks_uri: `${this.issuer}/keys`, ...this.discovered };
    if (path === '/keys') return this.givesKeys ? { keys: [...this.#keys.values()].map(({ jwk }) => jwk) } : 500;
    if (path.startsWith('/claims/')) return this.claims.get(decodeURIComponent(path.slice('/claims/'.length))) ?? 403;
    return 404;
  }
}
