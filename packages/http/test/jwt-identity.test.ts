import { isProcessEngineError, type IIdentityService, type ProcessEngineError } from '@process-engine/contracts';
import { DUMMY_TOKEN, JwtIdentityService, type JwtOptions } from '@process-engine/http';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import { TokenIssuer } from './support/token-issuer.js';

async function refusal(service: IIdentityService, token: string): Promise<ProcessEngineError> {
  const error: unknown = await service.getIdentity(token).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isProcessEngineError(error)) throw new Error(`refused with an error of the contracts, not ${String(error)}`);
  expect(error.message).not.to.contain(token);
  return error;
}

describe('Identities of signed tokens', () => {
  const issuer = new TokenIssuer();
  let service: JwtIdentityService;
  const create = (options: Partial<JwtOptions> = {}) =>
    new JwtIdentityService({ issuer: issuer.issuer, audience: 'engine', ...options });

  before(async () => {
    await issuer.start();
    service = create();
  });
  after(() => issuer.stop());

  it('are their subject and the time they end', async () => {
    const token = await issuer.token({ exp: 4_000_000_000 });
    const identity = await service.getIdentity(token);
    expect(identity).to.deep.equal({ token, userId: 'alice', expiresAt: 4_000_000_030_000 });
  });

  it('take user, tenant, groups and claims from the claims that are configured', async () => {
    const claims = { userId: 'email', tenantId: 'org.id', groups: 'scope', claims: 'realm_access.roles' };
    const token = await issuer.token({
      email: 'a@x',
      org: { id: 'acme' },
      scope: 'staff  admins',
      realm_access: { roles: ['can_read_process_model'] },
    });
    expect(await create({ claims }).getIdentity(token)).to.deep.include({
      userId: 'a@x',
      tenantId: 'acme',
      groups: ['staff', 'admins'],
      claims: ['can_read_process_model'],
    });
  });

  const wrong: Record<string, [Record<string, unknown>, RegExp, string?]> = {
    'has expired': [{ exp: 1_000_000_000 }, /expired/, 'token-expired'],
    'is not valid yet': [{ nbf: 4_000_000_000 }, /nbf/],
    'has no end': [{ exp: undefined }, /exp/],
    'is for another audience': [{ aud: 'other' }, /aud/],
    'has no audience': [{ aud: undefined }, /aud/],
    'is of another issuer': [{ iss: 'https://evil.example' }, /iss/],
    'has no subject': [{ sub: undefined }, /sub/],
    'has a subject that is no text': [{ sub: 5 }, /sub/],
    'has an empty subject': [{ sub: '' }, /sub/],
    'has a subject with a line break': [{ sub: 'a\nb' }, /sub/],
    'has a subject no column holds': [{ sub: 'x'.repeat(256) }, /sub/],
    'names the user of the engine': [{ sub: 'ProcessEngineInternalUser' }, /reserved/, 'reserved-user'],
    'names the dummy user': [{ sub: 'dummy_token' }, /reserved/, 'reserved-user'],
  };
  for (const [what, [claims, message, reason = 'token-invalid']] of Object.entries(wrong)) {
    it(`are refused with 401 where the token ${what}`, async () => {
      const error = await refusal(service, await issuer.token(claims));
      expect(error).to.include({ code: 401, reason });
      expect(error.message).to.match(message);
    });
  }

  it('are refused where the signature is wrong, missing, or made otherwise', async () => {
    const token = await issuer.token();
    const [header, payload, signature] = token.split('.');
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const other = await new TokenIssuer().start();
    const foreign = await other.token({ iss: issuer.issuer });
    await other.stop();
    const publicKey = new TextEncoder().encode(JSON.stringify(issuer.publicKeyOf('first')));
    const confused = await new SignJWT({ sub: 'alice', aud: 'engine', iss: issuer.issuer, exp: 4_000_000_000 })
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(publicKey);
    for (const forged of [
      `${header}.${part({ sub: 'root', aud: 'engine', iss: issuer.issuer, exp: 4_000_000_000 })}.${signature}`,
      `${part({ alg: 'none' })}.${payload}.`,
      `${part({ alg: 'none' })}.${payload}.${signature}`,
      `${part({ alg: 'RS256', kid: 'unknown' })}.${payload}.${signature}`,
      `${header}.${payload}.`,
      confused,
      foreign,
    ]) {
      expect(await refusal(service, forged)).to.include({ code: 401, reason: 'token-invalid' });
    }
  });

  it('are refused with 400 where the token is no JWT', async () => {
    for (const token of ['%%%', 'YWxpY2U=', 'a.b', DUMMY_TOKEN]) {
      const error = await refusal(service, token);
      expect(error).to.include({ code: 400 });
      expect(error.message).to.match(/could not be parsed/);
    }
  });

  it('accept the dummy token only where it is configured', async () => {
    expect(await create({ allowGodToken: true }).getIdentity(DUMMY_TOKEN)).to.include({ userId: 'dummy_token' });
  });

  it('are refused without the tenant that is asked for', async () => {
    const tenants = create({ claims: { tenantId: 'tenant' } });
    expect((await refusal(tenants, await issuer.token())).message).to.match(/tenant/);
    expect((await refusal(tenants, await issuer.token({ tenant: '' }))).code).to.equal(401);
  });

  it('follow a new key of the issuer, of an algorithm that is accepted', async () => {
    const fresh = create();
    await issuer.rotate('curve', 'ES256');
    expect(await fresh.getIdentity(await issuer.token({}, { kid: 'curve' }))).to.include({ userId: 'alice' });
    const strict = create({ algorithms: ['RS256'] });
    expect((await refusal(strict, await issuer.token({}, { kid: 'curve' }))).message).to.match(/algorithm/);
  });

  it('are verified with a shared secret just as well', async () => {
    const sharedSecret = 's'.repeat(32);
    const sign = (secret: string, alg = 'HS256') =>
      new SignJWT({ sub: 'alice', aud: 'engine', iss: 'me', exp: 4_000_000_000 })
        .setProtectedHeader({ alg })
        .sign(new TextEncoder().encode(secret));
    const secret = new JwtIdentityService({ issuer: 'me', audience: ['x', 'engine'], sharedSecret });
    expect(await secret.getIdentity(await sign(sharedSecret))).to.include({ userId: 'alice' });
    expect((await refusal(secret, await sign('t'.repeat(32)))).code).to.equal(401);
    expect((await refusal(secret, await sign(sharedSecret, 'HS512'))).code).to.equal(401);
  });

  it('give 503, and no token holds, while the issuer gives no keys or the keys of another', async () => {
    const token = await issuer.token();
    issuer.givesKeys = false;
    const withoutKeys = create({ jwksUri: `${issuer.issuer}/keys` });
    expect(await refusal(withoutKeys, token)).to.include({ code: 503, reason: 'token-issuer-unavailable' });
    issuer.givesKeys = true;
    expect(await withoutKeys.getIdentity(token)).to.include({ userId: 'alice' });
    for (const discovered of [{ issuer: 'https://evil.example' }, { jwks_uri: 'http://evil.example/keys' }]) {
      issuer.discovered = discovered;
      expect(await refusal(create(), token)).to.include({ code: 503 });
    }
    issuer.discovered = {};
  });

  it('need options that are safe', () => {
    const secret = 's'.repeat(32);
    const cases: [Partial<JwtOptions>, RegExp][] = [
      [{ issuer: 'http://evil.example' }, /issuer must be an https address/],
      [{ issuer: '' }, /issuer is required/],
      [{ audience: '' }, /audience is required/],
      [{ jwksUri: 'ftp://x/keys' }, /jwksUri must be an https address/],
      [{ jwksUri: 'https://x/keys', sharedSecret: secret }, /exclude each other/],
      [{ sharedSecret: 'short' }, /32 bytes/],
      [{ algorithms: ['none'] }, /algorithms must be some of RS256/],
      [{ algorithms: ['HS256'] }, /algorithms/],
      [{ sharedSecret: secret, algorithms: ['RS256'] }, /HS256/],
      [{ clockTolerance: -1 }, /clockTolerance/],
    ];
    for (const [options, message] of cases) expect(() => create(options)).to.throw(RangeError, message);
  });
});
