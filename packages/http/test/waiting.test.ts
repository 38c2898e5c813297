import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { createHttpServer, DevelopmentIdentityService } from '@process-engine/http';
import { expect } from 'chai';
import { CONSUMER, EXTERNAL_TASK, HttpFixture, TOKEN } from './support/http-fixture.js';

const POLL = { workerId: 'w', topicName: 't', maxTasks: 1, longPollingTimeout: 3_600_000, lockDuration: 1 };

describe('A call that waits', () => {
  let http: HttpFixture;
  /** Resolves with the signal of the next call that is parked. */
  let parked: Promise<AbortSignal>;
  let parkedAll: AbortSignal[];

  beforeEach(() => {
    http = new HttpFixture();
    parkedAll = [];
    let tell: (signal: AbortSignal) => void;
    parked = new Promise((resolve) => (tell = resolve));
    const park = (...args: unknown[]) => {
      const { signal } = args.at(-1) as { signal: AbortSignal };
      parkedAll.push(signal);
      tell(signal);
      return new Promise(() => {});
    };
    http.engine.answers['fetchAndLockExternalTasks'] = park;
    http.engine.answers['startProcessInstance'] = park;
  });
  afterEach(() => http.stop());

  function poll() {
    const headers = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' };
    const path = `${EXTERNAL_TASK}/fetch_and_lock`;
    const outgoing = request({ port: http.port, host: '127.0.0.1', method: 'POST', path, headers, agent: false });
    outgoing.on('error', () => {});
    outgoing.end(JSON.stringify(POLL));
    return outgoing;
  }

  it('is given up when the client disconnects', async () => {
    await http.start();
    const outgoing = poll();
    const signal = await parked;
    expect(signal.aborted).to.be.false;
    const aborted = once(signal, 'abort');
    outgoing.destroy();
    await aborted;

    expect(String(signal.reason)).to.match(/client closed/);
    expect(http.logged.filter(({ level }) => level === 'error')).to.be.empty;
    expect((await http.get(`${CONSUMER}/info`)).status).to.equal(200);
  });

  it('keeps the tasks locked whose answer the client has taken', async () => {
    await http.start();
    http.engine.answers['fetchAndLockExternalTasks'] = () => [{ id: 'task-2' }];
    expect((await http.post(`${EXTERNAL_TASK}/fetch_and_lock`, POLL)).json).to.deep.equal([{ id: 'task-2' }]);
    expect(http.engine.calls.map(({ operation }) => operation)).to.deep.equal(['fetchAndLockExternalTasks']);
  });

  it('is not given up when it was answered', async () => {
    await http.start();
    let signal: AbortSignal | undefined;
    http.engine.answers['fetchAndLockExternalTasks'] = (...args) => {
      signal = (args.at(-1) as { signal: AbortSignal }).signal;
      return [];
    };
    await http.post(`${EXTERNAL_TASK}/fetch_and_lock`, POLL);
    await http.stop();

    expect(signal?.aborted).to.be.false;
  });

  it('is answered with 503 when the server closes, though the engine ignores the signal', async () => {
    await http.start();
    const answers = [
      http.post(`${EXTERNAL_TASK}/fetch_and_lock`, POLL),
      http.post(`${CONSUMER}/process_models/m/start?start_callback_type=2`),
    ];
    await parked;
    while (parkedAll.length < 2) await new Promise(setImmediate);
    await http.stop();

    for (const answer of await Promise.all(answers)) {
      expect(answer.status).to.equal(503);
      expect(answer.json.reason).to.equal('server-closing');
      expect(answer.headers['retry-after']).to.equal('1');
      expect(answer.headers.connection).to.equal('close');
    }
    expect(parkedAll.every((signal) => signal.aborted)).to.be.true;
  });

  it('is refused with 503 where too many wait', async () => {
    await http.start({ limits: { waitingCalls: 1 } });
    const outgoing = poll();
    await parked;
    const answer = await http.post(`${EXTERNAL_TASK}/fetch_and_lock`, POLL);

    expect(answer.status).to.equal(503);
    expect(answer.json.reason).to.equal('too-many-waiting-calls');
    expect((await http.get(`${CONSUMER}/process_models`)).status).to.equal(200);
    outgoing.destroy();
  });

  it('is refused where the application has aborted the signal it gave', async () => {
    const ending = new AbortController();
    await http.start({ signal: ending.signal });
    ending.abort();

    expect((await http.post(`${EXTERNAL_TASK}/fetch_and_lock`, POLL)).status).to.equal(503);
  });
});

describe('Closing the server', () => {
  it('ends idle keep-alive connections and half-sent requests within the time-out', async () => {
    const http = await new HttpFixture().start({ closeTimeout: 50 });
    const idle = connect(http.port, '127.0.0.1');
    const half = connect(http.port, '127.0.0.1');
    for (const socket of [idle, half]) {
      socket.on('error', () => {});
      socket.resume();
      await once(socket, 'connect');
    }
    idle.write('GET /info HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(idle, 'data');
    half.write('POST /info HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc');
    const ended = Promise.all([once(idle, 'close'), once(half, 'close')]);
    await http.stop();
    await ended;

    expect(http.server.server.listening).to.be.false;
  });

  it('cuts a request that does not end', async () => {
    const http = await new HttpFixture().start({ closeTimeout: 20 });
    const called = new Promise<void>((resolve) => {
      http.engine.answers['getProcessModels'] = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    const outcome = http.get(`${CONSUMER}/process_models`).catch((error: NodeJS.ErrnoException) => error.code);
    await called;
    await http.stop();

    expect(await outcome).to.equal('ECONNRESET');
  });

  it('lets a request that is under way end', async () => {
    const http = await new HttpFixture().start();
    let finish: (value: unknown) => void = () => {};
    const called = new Promise<void>((resolve) => {
      http.engine.answers['getProcessModels'] = () => {
        resolve();
        return new Promise((end) => (finish = end));
      };
    });
    const outcome = http.get(`${CONSUMER}/process_models`);
    await called;
    const closed = http.stop();
    finish({ processModels: [], totalCount: 0 });

    expect((await outcome).status).to.equal(200);
    await closed;
  });

  it('may be asked twice, and of a server that never listened', async () => {
    const http = await new HttpFixture().start();
    await Promise.all([http.stop(), http.stop()]);
    await http.stop();
    await createHttpServer(http.engine, { identityService: new DevelopmentIdentityService() }).close();
  });

  it('lets nobody in afterwards', async () => {
    const http = await new HttpFixture().start();
    await http.stop();
    const outcome = await http.get('/info').catch((error: NodeJS.ErrnoException) => error.code);

    expect(outcome).to.equal('ECONNREFUSED');
  });
});

describe('Listening', () => {
  it('rejects where the port is taken', async () => {
    const http = await new HttpFixture().start();
    const other = new HttpFixture();
    try {
      await other.start();
      await other.stop();
      const second = createHttpServer(other.engine, { identityService: new DevelopmentIdentityService() });
      const error = await second.listen(http.port).catch((reason: unknown) => reason);

      expect(error).to.include({ code: 'EADDRINUSE' });
      await second.close();
    } finally {
      await http.stop();
    }
  });
});

describe('Requests that do not wait', () => {
  it('are turned away with a hint when too many are under way, before they reach the engine', async () => {
    const http = await new HttpFixture().start({ limits: { concurrentRequests: 2 } });
    const under: (() => void)[] = [];
    http.engine.answers['getProcessModels'] = () =>
      new Promise((resolve) => under.push(() => resolve({ processModels: [], totalCount: 0 })));
    const first = [1, 2].map(() => http.get(`${CONSUMER}/process_models`));
    while (under.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const refused = await http.get(`${CONSUMER}/process_models`);
    expect([refused.status, refused.json.reason, refused.headers['retry-after']]).to.deep.equal([
      503,
      'overloaded',
      '1',
    ]);
    for (const answer of under) answer();
    expect((await Promise.all(first)).map(({ status }) => status)).to.deep.equal([200, 200]);
    expect(under).to.have.length(2);
    await http.stop();
  });

  it('are starts, too, that are answered once the instance is there', async () => {
    const http = await new HttpFixture().start({ limits: { concurrentRequests: 1 } });
    const under: (() => void)[] = [];
    http.engine.answers['startProcessInstance'] = () =>
      new Promise((resolve) => under.push(() => resolve({ correlationId: 'c', processInstanceId: 'p' })));
    const start = (query: string) => http.post(`${CONSUMER}/process_models/P/start${query}`, {});
    const taken = [start(''), start('?start_callback_type=2'), start('?start_callback_type=2')];
    while (under.length < 3) await new Promise((resolve) => setImmediate(resolve));
    const refused = await start('?start_callback_type=1');
    expect([refused.status, refused.json.reason, refused.headers['retry-after']]).to.deep.equal([
      503,
      'overloaded',
      '1',
    ]);
    for (const answer of under) answer();
    expect((await Promise.all(taken)).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    await http.stop();
  });

  it('have to be allowed at least one at a time', async () => {
    for (const concurrentRequests of [0, -1])
      expect(() =>
        createHttpServer(new HttpFixture().engine, {
          identityService: new DevelopmentIdentityService(),
          limits: { concurrentRequests },
        }),
      ).to.throw(RangeError, /concurrentRequests/);
  });
});
