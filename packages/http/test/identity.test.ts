import type { IIdentity } from '@process-engine/contracts';
import { DevelopmentIdentityService, ORDINARY_CLAIMS, StaticClaimsService } from '@process-engine/http';
import { expect } from 'chai';
import { CONSUMER, HttpFixture } from './support/http-fixture.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const jwt = (claims: unknown) =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('The Authorization header', () => {
  const http = new HttpFixture();
  before(() => http.start());
  after(() => http.stop());
  beforeEach(() => (http.engine.calls.length = 0));

  const send = (authorization?: string | string[]) =>
    http.get(`${CONSUMER}/process_models`, {
      authorized: false,
      headers: authorization === undefined ? {} : { Authorization: authorization },
    });

  for (const header of [undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'ZHVtbXlfdG9rZW4=', 'Bearer a b']) {
    it(`gives 401 where it is ${header === undefined ? 'absent' : `'${header}'`}`, async () => {
      const answer = await send(header);

      expect(answer.status).to.equal(401);
      expect(answer.json).to.include({ code: 401, reason: 'unauthorized' });
      expect(answer.json.message).to.match(/no auth token provided/i);
      expect(answer.headers['www-authenticate']).to.equal('Bearer');
    });
  }

  it('gives 400 where it has several values', async () => {
    const answer = await send(`Bearer ${base64('a')}, Bearer ${base64('b')}`);

    expect(answer.status).to.equal(400);
    expect(answer.json.message).to.match(/several values/i);
  });

  for (const token of [
    '%%%',
    'abc.def.ghi',
    jwt({ name: 'nobody' }),
    jwt({ sub: 5 }),
    jwt({ sub: '' }),
    jwt([]),
    jwt(null),
    '////',
    base64('\u0000x'),
  ]) {
    it(`gives 400 where the token cannot be read: ${token.slice(0, 20)}`, async () => {
      const answer = await send(`Bearer ${token}`);

      expect(answer.status).to.equal(400);
      expect(answer.json.message).to.match(/could not be parsed/i);
      expect(answer.text).not.to.contain(token);
    });
  }

  it('gives 401 to whoever says to be the engine, whatever the identity service thinks', async () => {
    for (const token of [base64('ProcessEngineInternalUser'), jwt({ sub: 'ProcessEngineInternalUser' })]) {
      expect((await send(`Bearer ${token}`)).status).to.equal(401);
    }
    const identityService = { getIdentity: async (token: string) => ({ token, userId: 'ProcessEngineInternalUser' }) };
    const other = await new HttpFixture().start({ identityService });
    try {
      expect((await other.get(`${CONSUMER}/process_models`)).status).to.equal(401);
    } finally {
      await other.stop();
    }
    expect(http.engine.calls).to.be.empty;
  });

  it('hands the identity with its own token to the engine', async () => {
    const tokens: [string, string][] = [
      ['ZHVtbXlfdG9rZW4=', 'dummy_token'],
      [base64('Jörg Müller'), 'Jörg Müller'],
      [Buffer.from('ab??').toString('base64url'), 'ab??'],
      [jwt({ sub: 'carol' }), 'carol'],
      [`e30.${Buffer.from('{\n  "sub": "dörte"\n}').toString('base64url')}.`, 'dörte'],
    ];
    for (const [token, userId] of tokens) {
      await send(`Bearer ${token}`);
      expect(http.engine.lastCall.args[0]).to.deep.equal({ token, userId });
    }
    await send(`bearer ${base64('bob')}`);
    expect((http.engine.lastCall.args[0] as IIdentity).userId).to.equal('bob');
  });

  it('is not needed, and does no harm, for the information about the application', async () => {
    const answer = await http.get(`${CONSUMER}/info`, { authorized: false, headers: { Authorization: 'nonsense,' } });

    expect(answer.status).to.equal(200);
  });
});

describe('The development identity service', () => {
  it('rejects an empty token as missing', async () => {
    const error = await new DevelopmentIdentityService().getIdentity('').catch((reason: unknown) => reason);

    expect(error).to.include({ code: 401 });
  });
});

describe('The static claims service', () => {
  const config = { worker: ['my_lane'], boss: ['can_manage_process_instances', 'my_lane'], __proto__: ['x'] };
  const ask = async (service: StaticClaimsService, userId: string, claim: string) => {
    try {
      await service.ensureHasClaim({ token: '', userId }, claim);
      return 'granted';
    } catch (error) {
      return (error as { code: number }).code;
    }
  };

  it('grants the listed claims and the ordinary ones, and no others', async () => {
    const service = new StaticClaimsService(config);

    for (const claim of ['my_lane', ...ORDINARY_CLAIMS])
      expect(await ask(service, 'worker', claim)).to.equal('granted');
    for (const claim of [
      'other_lane',
      'can_manage_process_instances',
      'can_write_process_model',
      'can_delete_process_model',
      'can_terminate_process',
    ]) {
      expect(await ask(service, 'worker', claim), claim).to.equal(403);
    }
    expect(await ask(service, 'boss', 'can_manage_process_instances')).to.equal('granted');
  });

  it('grants the ordinary claims and no lane to users it does not know', async () => {
    const service = new StaticClaimsService(config);

    for (const userId of ['stranger', 'constructor', '__proto__', 'dummy_token']) {
      expect(await ask(service, userId, 'can_read_process_model')).to.equal('granted');
      expect(await ask(service, userId, 'my_lane')).to.equal(403);
    }
  });

  it('grants only what is listed where it is strict', async () => {
    const service = new StaticClaimsService(config, { strict: true });

    expect(await ask(service, 'worker', 'my_lane')).to.equal('granted');
    expect(await ask(service, 'worker', 'can_read_process_model')).to.equal(403);
    expect(await ask(service, 'stranger', 'can_read_process_model')).to.equal(403);
  });

  it('grants everything to the dummy token where that is allowed', async () => {
    const service = new StaticClaimsService({}, { allowGodToken: true, strict: true });

    expect(await ask(service, 'dummy_token', 'can_write_process_model')).to.equal('granted');
    expect(await ask(service, 'other', 'can_write_process_model')).to.equal(403);
  });

  it('says access denied, naming user and claim and not the token', async () => {
    const error = await new StaticClaimsService({})
      .ensureHasClaim({ token: 'secret', userId: 'u' }, 'lane')
      .catch((reason: unknown) => reason);

    expect(error).to.include({ code: 403, reason: 'claim-missing' });
    expect((error as Error).message).to.match(/access denied.*'u'.*'lane'/i);
    expect(JSON.stringify(error)).not.to.contain('secret');
  });

  it('answers 400 without an identity or a claim', async () => {
    const service = new StaticClaimsService({});

    expect(await ask(service, '', 'lane')).to.equal(400);
    expect(await ask(service, 'u', '')).to.equal(400);
    const error = await service.ensureHasClaim(undefined as never, 'lane').catch((reason: unknown) => reason);
    expect(error).to.include({ code: 400 });
  });
});
