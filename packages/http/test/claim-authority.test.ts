import { isProcessEngineError } from '@process-engine/contracts';
import { ClaimAuthorityService, DUMMY_USER_ID, StaticClaimsService } from '@process-engine/http';
import { expect } from 'chai';
import { TokenIssuer } from './support/token-issuer.js';

const SECRET = 'header.payload.signature-of-alice';
const alice = { token: SECRET, userId: 'alice' };

async function outcome(call: Promise<void>): Promise<number> {
  try {
    await call;
    return 204;
  } catch (error) {
    expect(String(error)).not.to.contain(SECRET);
    return isProcessEngineError(error) ? error.code : -1;
  }
}

describe('The claim authority', () => {
  const authority = new TokenIssuer();
  let time = 0;
  const create = (more: object = {}) =>
    new ClaimAuthorityService({
      claimPath: `${authority.issuer}/claims/`,
      cache: { lifetime: 1_000, maxEntries: 3, now: () => time },
      ...more,
    });

  before(() => authority.start());
  after(() => authority.stop());
  beforeEach(() => {
    authority.asked.length = 0;
    authority.claims.clear();
    time = 0;
  });

  it('grants with 204, denies with 401 and 403; anything else is an error', async () => {
    authority.claims.set('yes', 204).set('no', 401).set('odd', 200).set('moved', 302).set('broken', 500);
    const service = create();
    const of = (claim: string) => outcome(service.ensureHasClaim(alice, claim));
    expect(await of('yes')).to.equal(204);
    for (const claim of ['no', 'unknown']) expect(await of(claim), claim).to.equal(403);
    for (const claim of ['odd', 'moved', 'broken']) expect(await of(claim), claim).to.equal(500);
    expect(authority.asked).not.to.include('/elsewhere');
    expect(await of('')).to.equal(400);
    expect(await outcome(service.ensureHasClaim({ token: '', userId: '' }, 'yes'))).to.equal(400);
  });

  it('is asked for a claim by its name, whatever characters it has', async () => {
    authority.claims.set('Büro / Ost', 204);
    await create().ensureHasClaim(alice, 'Büro / Ost');
    expect(authority.asked).to.deep.equal(['/claims/B%C3%BCro%20%2F%20Ost']);
  });

  it('is asked once for the same token and claim, until the answer is too old', async () => {
    authority.claims.set('a', 204);
    const service = create();
    await Promise.all([service.ensureHasClaim(alice, 'a'), service.ensureHasClaim(alice, 'a')]);
    time = 999;
    await service.ensureHasClaim(alice, 'a');
    expect(authority.asked).to.have.length(1);
    await service.ensureHasClaim({ ...alice, token: 'another' }, 'a');
    expect(authority.asked).to.have.length(2);
    authority.claims.delete('a');
    time = 1_000;
    expect(await outcome(service.ensureHasClaim(alice, 'a'))).to.equal(403);
  });

  it('is asked again where the cache is full, off, or the last answer was an error', async () => {
    for (const claim of ['a', 'b', 'c', 'd']) authority.claims.set(claim, 204);
    const full = create();
    for (const claim of ['a', 'b', 'c', 'd', 'a']) await full.ensureHasClaim(alice, claim);
    expect(authority.asked).to.have.length(5);
    const off = create({ cache: false });
    for (const claim of ['a', 'a']) await off.ensureHasClaim(alice, claim);
    expect(authority.asked).to.have.length(7);
    authority.claims.set('a', 500);
    const failing = create();
    expect(await outcome(failing.ensureHasClaim(alice, 'a'))).to.equal(500);
    authority.claims.set('a', 204);
    expect(await outcome(failing.ensureHasClaim(alice, 'a'))).to.equal(204);
  });

  it('cannot be reached: 503, and nothing is granted', async () => {
    expect(await outcome(create({ claimPath: 'http://127.0.0.1:1/claims' }).ensureHasClaim(alice, 'a'))).to.equal(503);
    expect(() => create({ claimPath: 'http://authority.example/claims' })).to.throw(RangeError, /https/);
  });

  it('is not asked about the dummy user where it may do everything, nor about somebody without a token', async () => {
    const dummy = { token: 'x', userId: DUMMY_USER_ID };
    expect(await outcome(create({ allowGodToken: true }).ensureHasClaim(dummy, 'a'))).to.equal(204);
    expect(await outcome(create().ensureHasClaim({ token: '', userId: 'alice' }, 'a'))).to.equal(403);
    expect(authority.asked).to.deep.equal([]);
  });
});

describe('Static claims', () => {
  it('come from the table, the groups and the token of a user', async () => {
    const service = new StaticClaimsService({ alice: ['a'] }, { strict: true, groupClaims: { staff: ['b'] } });
    const member = { token: '', userId: 'bob', groups: ['staff', '__proto__'], claims: ['c'] };
    const claims = async (identity: { token: string; userId: string }) => {
      const results = ['a', 'b', 'c', 'toString'].map((claim) => outcome(service.ensureHasClaim(identity, claim)));
      return Promise.all(results);
    };
    expect(await claims(alice)).to.deep.equal([204, 403, 403, 403]);
    expect(await claims(member)).to.deep.equal([403, 204, 204, 403]);
  });
});
