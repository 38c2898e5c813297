import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { CONSUMER, HttpFixture, TOKEN } from './support/http-fixture.js';

const PATH = `${CONSUMER}/notifications`;

/** The stream, and the end of its text. */
class Client {
  text = '';

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      this.text += text;
      if (this.text.length > 100_000) this.text = this.text.slice(-1_000);
    });
  }

  async until(expected: string): Promise<string> {
    while (!this.text.includes(expected)) await once(this.response, 'data');
    return this.text;
  }

  async ended(): Promise<string> {
    if (!this.response.closed) await once(this.response, 'close');
    return this.text;
  }
}

describe('Notifications as server-sent events', () => {
  let http: HttpFixture;
  const clients: Client[] = [];
  beforeEach(() => (http = new HttpFixture()));
  afterEach(async () => {
    clients.splice(0).forEach(({ response }) => response.destroy());
    await http.stop();
  });

  const log = () => http.engine.notificationApi.log;

  async function open(query = '', headers: Record<string, string> = {}): Promise<Client> {
    const outgoing = request({
      ...{ port: http.port, host: '127.0.0.1', path: `${PATH}${query}`, agent: false },
      headers: { Authorization: `Bearer ${TOKEN}`, ...headers },
    });
    outgoing.end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    clients.push(new Client(response));
    response.on('error', () => {});
    return clients.at(-1)!;
  }

  async function noReaders(): Promise<void> {
    while (log().readers > 0) await nextTurn();
  }

  it('come with their cursor, after the cursor of the place where the stream begins', async () => {
    await http.start();
    log().position = 6;
    const client = await open();
    await client.until('id: 6\n\n');
    log().add({ flowNodeId: 'Ü' });
    const text = await client.until('"}\n\n');

    expect(client.response.headers['content-type']).to.equal('text/event-stream; charset=utf-8');
    expect(client.response.headers['cache-control']).to.contain('no-cache');
    const [beginning, event] = text.split('\n\n');
    expect(beginning).to.equal('id: 6');
    const [id, name, data] = event!.split('\n');
    expect([id, name]).to.deep.equal(['id: 7', 'event: process_ended']);
    expect(JSON.parse(data!.slice('data: '.length))).to.deep.equal(log().events[0]);
  });

  it('go on behind the header Last-Event-ID, which wins over the query', async () => {
    await http.start();
    for (let count = 0; count < 3; count += 1) log().add();
    const client = await open('?after=0', { 'Last-Event-ID': '2' });
    const text = await client.until('id: 3\n');

    expect(text).to.match(/^id: 2\n\nid: 3\n/);
  });

  it('are limited to what the query asks for', async () => {
    await http.start();
    const query = 'names=bpmn_event,process_ended&process_model_id=my%20model&flow_node_id=Task&event_name=';
    await open(`?${query}&offset=0`);

    const { signal, ...asked } = http.engine.notificationApi.followed[0]!;
    expect(signal).to.be.instanceOf(AbortSignal);
    expect(asked).to.deep.equal({
      families: ['bpmn_event'],
      kinds: ['process_ended'],
      filter: {
        ...{ processModelId: 'my model', flowNodeId: 'Task' },
        ...{ correlationId: undefined, processInstanceId: undefined, eventName: undefined },
      },
    });
  });

  for (const [what, query, headers, status] of [
    ['a cursor that is none', '?after=x', {}, 400],
    ['a Last-Event-ID that is none', '', { 'Last-Event-ID': '1;2' }, 400],
    ['an unknown name', '?names=process_ended,nothing', {}, 400],
    ['a parameter that is given twice', '?names=a&names=b', {}, 400],
    ['no token', '', { Authorization: '' }, 401],
  ] as const) {
    it(`are refused where there is ${what}`, async () => {
      await http.start();
      const { response } = await open(query, headers);

      expect(response.statusCode).to.equal(status);
      expect(response.headers['content-type']).to.contain('application/json');
    });
  }

  it('are refused to whoever may not subscribe', async () => {
    await http.start();
    http.engine.notificationApi.refused = 'alice';

    expect((await open()).response.statusCode).to.equal(403);
  });

  it('give a sign of life that tells the cursor', async () => {
    await http.start({ heartbeat: 20 });
    const client = await open();
    expect(await client.until('id: 0\n\nid: 0\n\nid: 0')).to.match(/^(id: 0\n\n)+/);
  });

  it('are not read any more when the client is gone', async () => {
    await http.start();
    const client = await open();
    await client.until('id: 0');
    expect(log().readers).to.equal(1);
    client.response.destroy();
    await noReaders();
  });

  it('end with the server, saying so', async () => {
    await http.start();
    const client = await open();
    await client.until('id: 0');
    await http.stop();

    expect(await client.ended()).to.match(/: the server is shutting down\n\n$/);
    await noReaders();
  });

  it('end with the token', async () => {
    const identityService = {
      getIdentity: (token: string) => Promise.resolve({ token, userId: 'alice', expiresAt: Date.now() + 30 }),
    };
    await http.start({ heartbeat: 20, identityService });
    expect(await (await open()).ended()).to.match(/: the token has ended\n\n$/);
  });

  it('are limited in number', async () => {
    await http.start({ limits: { eventStreams: 1 } });
    await (await open()).until('id: 0');

    expect((await open()).response.statusCode).to.equal(503);
  });

  it('of a client that takes nothing are not read further, and the client is dropped; others hear everything', async () => {
    await http.start({ heartbeat: 50, limits: { sendTime: 3_000 } });
    const stuck = connect(http.port, '127.0.0.1');
    stuck.on('error', () => {});
    stuck.write(`GET ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
    await once(stuck, 'data');
    stuck.pause();
    const closed = once(stuck, 'close');
    const other = await open();
    await other.until('id: 0');
    const currentToken = 'x'.repeat(1_000_000);
    for (let count = 0; count < 20; count += 1) log().add({ currentToken });
    await other.until('id: 20\n');
    while (!http.logged.some(({ message }) => message.includes('takes no notifications'))) await pause(5);
    stuck.destroy();
    await closed;

    while (log().readers > 1) await nextTurn();
    expect(other.response.closed).to.equal(false);
  }).timeout(20_000);
});
