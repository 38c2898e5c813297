import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { CONSUMER, EXTERNAL_TASK, HttpFixture, TOKEN } from './support/http-fixture.js';

const POLL = { workerId: 'w', topicName: 't', maxTasks: 1, longPollingTimeout: 3_600_000, lockDuration: 1 };
const BOB = { Authorization: `Bearer ${Buffer.from('bob').toString('base64')}` };
const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('The edges of a server', () => {
  let http: HttpFixture;
  beforeEach(() => (http = new HttpFixture()));
  afterEach(() => http.stop());

  const signal = `${CONSUMER}/signal/s/trigger`;
  const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '"]}"' + '}]'.repeat(depth / 2);
  const raw = (request: string): Promise<string> => {
    const socket = connect(http.port, '127.0.0.1');
    socket.write(request);
    return text(socket);
  };

  it('refuse JSON that is nested too deep, and take what lies within', async () => {
    await http.start();
    expect((await http.post(signal, nested(100), { headers: JSON_TYPE })).status).to.equal(204);
    const answer = await http.post(signal, nested(102), { headers: JSON_TYPE });
    expect(answer.json).to.include({ code: 400, reason: 'nested-too-deep' });
    const bomb = await http.post(signal, '['.repeat(5_000_000), { headers: JSON_TYPE });
    expect(bomb.json).to.include({ code: 400, reason: 'nested-too-deep' });
    const brackets = JSON.stringify({ a: '[[[\\"[['.repeat(100) });
    expect((await http.post(signal, brackets, { headers: JSON_TYPE })).status).to.equal(204);
  });

  it('do not quote a body that cannot be read', async () => {
    await http.start();
    const answer = await http.post(signal, '{"password": secret-marker}', { headers: JSON_TYPE });
    expect(answer.status).to.equal(400);
    expect(answer.text + JSON.stringify(http.logged)).not.to.contain('secret-marker');
  });

  it('refuse bodies in other encodings', async () => {
    await http.start();
    for (const headers of [
      { 'Content-Type': 'application/json; charset=utf-16' },
      { ...JSON_TYPE, 'Content-Encoding': 'zip' },
    ]) {
      expect((await http.post(signal, '{}', { headers })).status).to.equal(415);
    }
    const broken = await http.post(signal, Buffer.from([0x22, 0xff, 0x22]), { headers: JSON_TYPE });
    expect(broken.status).to.equal(400);
    const cut = await http.post(signal, 'no gzip', { headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' } });
    expect(cut.status).to.equal(400);
  });

  it('refuse headers that are too large with 431, and what is no HTTP with 400, in JSON', async () => {
    await http.start({ limits: { headers: '2kb' } });
    const large = await raw(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(3_000)}\r\n\r\n`);
    expect(large).to.match(/^HTTP\/1\.1 431 /);
    expect(JSON.parse(large.slice(large.indexOf('{')))).to.include({ code: 431 });
    const nonsense = await raw('nonsense\r\n\r\n');
    expect(nonsense).to.match(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(nonsense.slice(nonsense.indexOf('{')))).to.include({ code: 400 });
  });

  it('hold the rate of each identity with 429, and say when to come again', async () => {
    await http.start({ limits: { requestsPerSecondPerIdentity: 0.01, burstPerIdentity: 2 } });
    const list = (headers = {}) => http.get(`${CONSUMER}/process_models`, { headers });
    expect([(await list()).status, (await list()).status]).to.deep.equal([200, 200]);
    const answer = await list();
    expect(answer.json).to.include({ code: 429, reason: 'too-many-requests' });
    expect(Number(answer.headers['retry-after'])).to.be.within(1, 100);
    expect((await list(BOB)).status).to.equal(200);
    expect((await http.get('/health/live', { authorized: false })).status).to.equal(200);
  });

  it('park so many calls of each identity, and give the room back', async () => {
    const answers: (() => void)[] = [];
    http.engine.answers['fetchAndLockExternalTasks'] = () => new Promise((resolve) => answers.push(() => resolve([])));
    await http.start({ limits: { waitingCallsPerIdentity: 2 } });
    const poll = (headers = {}) => http.post(`${EXTERNAL_TASK}/fetch_and_lock`, POLL, { headers });
    const parked = [poll(), poll()];
    while (answers.length < 2) await new Promise(setImmediate);
    const refused = await poll();
    expect(refused.json).to.include({ code: 429, reason: 'too-many-waiting-calls' });
    expect(refused.headers['retry-after']).to.equal('1');
    const others = poll(BOB);
    while (answers.length < 3) await new Promise(setImmediate);
    for (const answer of answers.splice(0)) answer();
    for (const { status } of await Promise.all([...parked, others])) expect(status).to.equal(200);
    const again = poll();
    while (answers.length < 1) await new Promise(setImmediate);
    answers[0]!();
    expect((await again).status).to.equal(200);
  });

  it('shorten long polls to the time a call may wait, and end starts that wait longer with 504', async () => {
    http.engine.answers['startProcessInstance'] = () => new Promise(() => {});
    await http.start({ limits: { waitingTime: 50 } });
    await http.post(`${EXTERNAL_TASK}/fetch_and_lock`, POLL);
    expect(http.engine.lastCall.args[4]).to.equal(50);
    const start = await http.post(`${CONSUMER}/process_models/m/start?start_callback_type=2`);
    expect(start.json).to.include({ code: 504, reason: 'waited-too-long' });
  });

  it('drop a client that does not take its answer', async () => {
    http.engine.answers['getProcessModels'] = () => ({ processModels: ['x'.repeat(50_000_000)], totalCount: 1 });
    await http.start({ limits: { sendTime: 100 } });
    const dropped = new Promise<void>((resolve) =>
      http.server.server.once('connection', (connection: Socket) => connection.once('close', () => resolve())),
    );
    const socket = connect(http.port, '127.0.0.1').pause();
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(`GET ${CONSUMER}/process_models HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
    await dropped;
    socket.destroy();
    expect(http.logged.map(({ message }) => message)).to.include('a client that does not take its answer is dropped');
  });

  it('drop a client that does not send its request', async () => {
    await http.start({ limits: { requestTime: 100 } });
    const answer = await raw(
      `POST ${signal} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 10\r\n\r\n{`,
    );
    expect(answer).to.match(/^HTTP\/1\.1 408 /);
  });

  it('send security headers with every answer', async () => {
    await http.start();
    for (const path of ['/health/live', '/nowhere', `${CONSUMER}/process_models`]) {
      const { headers } = await http.get(path);
      expect(headers, path).to.include({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' });
      expect(headers['content-security-policy'], path).to.contain("default-src 'self'");
      expect(headers['strict-transport-security'], path).to.contain('max-age=');
    }
  });
});
