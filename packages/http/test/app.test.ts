import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createApp, DevelopmentIdentityService, HttpExtension, httpOptionsOf } from '@process-engine/http';
import { registerInContainer } from '@process-engine/http/ioc';
import { EngineDouble } from './support/engine-double.js';
import { CONSUMER, HttpFixture } from './support/http-fixture.js';

const identityService = new DevelopmentIdentityService();

describe('The root routes', () => {
  let http: HttpFixture;
  beforeEach(() => (http = new HttpFixture()));
  afterEach(() => http.stop());

  it('describe the application to anybody, as JSON or as a page', async () => {
    const application = { description: 'a <b>test</b>', license: 'MIT', author: { name: 'me' }, bugs: 'https://b' };
    await http.start({ application });
    const expected = { name: 'engine', version: '1.2.3', ...application };
    const anonymous = { authorized: false };

    expect((await http.get('/process_engine', anonymous)).json).to.deep.equal(expected);
    const typed = await http.get('/', { ...anonymous, headers: { 'Content-Type': 'application/json' } });
    expect(typed.json).to.deep.equal(expected);
    expect((await http.get('/', { ...anonymous, headers: { Accept: 'application/json' } })).json).to.deep.equal(
      expected,
    );
    const page = await http.get('/', anonymous);
    expect(page.headers['content-type']).to.contain('text/html');
    expect(page.text).to.contain('/openapi.json').and.not.to.contain('<b>');
  });

  it('name the authority', async () => {
    await http.start({ authority: 'https://iam.example' });
    for (const path of ['/security/authority', '/process_engine/security/authority']) {
      expect((await http.get(path, { authorized: false })).json).to.deep.equal({ authority: 'https://iam.example' });
    }
  });

  it('are left to the embedding application on demand', async () => {
    await http.start({ rootRoutes: false });
    for (const path of ['/', '/info', '/security/authority']) expect((await http.get(path)).status, path).to.equal(404);
    for (const path of ['/process_engine', '/process_engine/security/authority', `${CONSUMER}/info`, '/health/live']) {
      expect((await http.get(path)).status, path).to.equal(200);
    }
  });
});

describe('The health routes', () => {
  let http: HttpFixture;
  beforeEach(() => (http = new HttpFixture()));
  afterEach(() => http.stop());

  it('say live and ready by default', async () => {
    await http.start();
    for (const path of ['/health/live', '/health/ready']) {
      expect((await http.get(path, { authorized: false })).status).to.equal(200);
    }
  });

  it('say 503 where the engine is not ready, or cannot tell', async () => {
    let ready = async (): Promise<boolean> => false;
    await http.start({ ready: () => ready() });
    const answer = await http.get('/health/ready');
    expect(answer.status).to.equal(503);
    expect(answer.headers['retry-after']).to.equal('1');
    expect(answer.json).to.deep.equal({ status: 'not ready' });
    ready = async () => {
      throw new Error('database secret');
    };
    const failed = await http.get('/health/ready');
    expect(failed.status).to.equal(503);
    expect(failed.text).not.to.contain('secret');
    ready = async () => true;
    expect((await http.get('/health/ready')).json).to.deep.equal({ status: 'ready' });
  });
});

describe('The rate limit', () => {
  it('answers 429 beyond the burst, with a time to come back', async () => {
    const http = await new HttpFixture().start({ limits: { requestsPerSecond: 0.01, burst: 2 } });
    try {
      const statuses = [];
      for (let index = 0; index < 3; index += 1) statuses.push(await http.get('/health/live'));

      expect(statuses.map(({ status }) => status)).to.deep.equal([200, 200, 429]);
      expect(Number(statuses[2]?.headers['retry-after'])).to.be.within(90, 100);
      expect(statuses[2]?.json.code).to.equal(429);
    } finally {
      await http.stop();
    }
  });
});

describe('The app', () => {
  it('sets security headers unless they are switched off', async () => {
    const on = await new HttpFixture().start();
    const off = await new HttpFixture().start({ helmet: false });
    try {
      expect((await on.get('/info')).headers['x-content-type-options']).to.equal('nosniff');
      expect((await on.get('/nowhere')).headers).to.have.property('content-security-policy');
      expect((await off.get('/info')).headers).not.to.have.property('x-content-type-options');
    } finally {
      await on.stop();
      await off.stop();
    }
  });

  it('runs on a server of the application', async () => {
    const app = createApp(new EngineDouble(), { identityService });
    const server = createServer((request, response) => void app.callback()(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${CONSUMER}/info`);

    expect(await answer.json()).to.deep.equal({ name: 'engine', version: '1.2.3' });
    await new Promise((resolve) => server.close(resolve));
  });

  for (const limits of [{ body: 'much' }, { body: -1 }, { waitingCalls: 0 }, { requestsPerSecond: 0 }]) {
    it(`refuses the limits ${JSON.stringify(limits)}`, () => {
      expect(() => createApp(new EngineDouble(), { identityService, limits })).to.throw(RangeError);
    });
  }
});

describe('The HTTP extension', () => {
  it('is registered under its name, with its configuration', () => {
    const calls: unknown[] = [];
    const registration = {
      dependencies: (...keys: string[]) => (calls.push(keys), registration),
      configure: (config: unknown) => (calls.push(config), registration),
      singleton: () => registration,
    };
    registerInContainer({ register: (key, type) => (calls.push(key, type), registration) });

    expect(calls).to.deep.equal([
      'HttpExtension',
      HttpExtension,
      ['EngineApi', 'IdentityService'],
      'http:http_extension',
    ]);
  });

  it('listens where its configuration says, and stops', async () => {
    const extension = new HttpExtension(new EngineDouble(), identityService);
    extension.config = { server: { host: '127.0.0.1', port: 0 }, parseLimit: '1kb' };
    const { port } = await extension.initialize();

    expect((await fetch(`http://127.0.0.1:${port}/info`)).status).to.equal(200);
    await extension.dispose();
    await extension.dispose();
    const outcome = await fetch(`http://127.0.0.1:${port}/info`).catch(() => 'refused');
    expect(outcome).to.equal('refused');
  });

  it('maps its configuration to options', () => {
    const options = { origin: 'https://a.example' };
    expect(
      httpOptionsOf({ parseLimit: '1mb', cors: { enabled: true, options }, csp: false, frameguard: false }),
    ).to.deep.equal({
      limits: { body: '1mb' },
      cors: options,
      helmet: { contentSecurityPolicy: false, frameguard: false },
    });
    expect(httpOptionsOf({ cors: { enabled: false } })).to.deep.equal({ cors: false, helmet: {} });
  });
});
