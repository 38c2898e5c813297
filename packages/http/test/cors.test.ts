import { expect } from 'chai';
import { CONSUMER, HttpFixture } from './support/http-fixture.js';

const ORIGIN = 'https://app.example';

describe('CORS', () => {
  let http: HttpFixture;
  beforeEach(() => (http = new HttpFixture()));
  afterEach(() => http.stop());

  const preflight = (path: string, origin = ORIGIN) =>
    http.send(path, {
      method: 'OPTIONS',
      authorized: false,
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
      },
    });

  it('reflects every origin with credentials by default, on errors too', async () => {
    await http.start();
    for (const path of [`${CONSUMER}/process_models`, '/nowhere']) {
      const answer = await http.get(path, { headers: { Origin: ORIGIN } });

      expect(answer.headers['access-control-allow-origin']).to.equal(ORIGIN);
      expect(answer.headers['access-control-allow-credentials']).to.equal('true');
      expect(answer.headers.vary).to.contain('Origin');
    }
  });

  it('answers preflight requests of routes and of the socket.io handshake without a token', async () => {
    await http.start();
    for (const path of [`${CONSUMER}/process_models/m/start`, '/socket.io/?EIO=4&transport=polling']) {
      const answer = await preflight(path);

      expect(answer.status).to.equal(204);
      expect(answer.headers['access-control-allow-origin']).to.equal(ORIGIN);
      expect(answer.headers['access-control-allow-credentials']).to.equal('true');
      expect(answer.headers['access-control-allow-headers']).to.match(/authorization/i);
      expect(answer.headers['access-control-allow-methods']).to.match(/PUT.*PATCH.*POST.*DELETE/);
    }
  });

  it('lets only the listed origins in where there is a list', async () => {
    await http.start({ cors: { origin: [ORIGIN], maxAge: 60 } });
    const listed = await preflight(`${CONSUMER}/process_models`);
    expect(listed.headers['access-control-allow-origin']).to.equal(ORIGIN);
    expect(listed.headers['access-control-max-age']).to.equal('60');
    for (const path of [`${CONSUMER}/process_models`, '/socket.io/?EIO=4&transport=polling']) {
      const other = await preflight(path, 'https://evil.example');
      expect(other.headers['access-control-allow-origin'] ?? '').not.to.equal('https://evil.example');
    }
  });

  it('is silent without an origin, and where it is off', async () => {
    await http.start({ cors: false });
    const off = await http.get(`${CONSUMER}/process_models`, { headers: { Origin: ORIGIN } });

    expect(off.headers).not.to.have.property('access-control-allow-origin');
    expect((await preflight('/socket.io/?EIO=4&transport=polling')).headers).not.to.have.property(
      'access-control-allow-origin',
    );
  });
});
