import { expect } from 'chai';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConsumerApiClient, ExternalAccessor, InternalAccessor } from '@process-engine/client';
import {
  BadRequestError,
  ForbiddenError,
  NotImplementedError,
  ServiceUnavaliableError,
} from '@process-engine/contracts';
import { identity, RecordingEngine } from './support/recording-engine.js';
import { rejection } from './support/rejection.js';

/** Answers each connection with the next text, then breaks it. */
async function serve(...answers: (string | number)[]) {
  const requests: IncomingMessage[] = [];
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push(request);
    const answer = answers.shift() ?? 503;
    if (typeof answer === 'number') {
      response.writeHead(answer, { 'Content-Type': 'application/json' });
      return response.end(JSON.stringify({ message: 'refused', code: answer, reason: 'because' }));
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(answer);
    setTimeout(() => response.destroy(), 5);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { requests, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

const event = (seq: number) => `id: ${seq}\r\nevent: process_ended\r\ndata: {"seq":${seq},\ndata: "ü": 1}\r\n\r\n`;

describe('Following events over the external accessor', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  afterEach(() => server?.close());

  const follow = (options = {}) =>
    new ConsumerApiClient(new ExternalAccessor({ url: server.url })).followEvents(identity, options);

  it('goes on by itself behind the last event after a break', async () => {
    server = await serve(`id: 5\n\n${event(6)}`, 503, `: comment\n\n${event(7)}id: 9\n\n`, event(10));
    const abort = new AbortController();
    const events = await follow({ signal: abort.signal, filter: { processModelId: 'a b' }, families: ['bpmn_event'] });
    expect(events.cursor).to.equal(5);
    const seen: object[] = [];
    for await (const it of events) {
      seen.push(it);
      if (it.seq === 10) abort.abort();
    }

    expect(seen).to.deep.equal([6, 7, 10].map((seq) => ({ seq, ü: 1 })));
    const ids = server.requests.map(({ headers }) => headers['last-event-id']);
    expect(ids).to.deep.equal([undefined, '6', '6', '9']);
    expect(server.requests[0]!.headers.authorization).to.equal('Bearer a-token');
    const url = '/api/consumer/v1/notifications?names=bpmn_event&process_model_id=a+b';
    expect(new Set(server.requests.map((it) => it.url))).to.deep.equal(new Set([url]));
  }).timeout(15_000);

  it('begins behind the given cursor', async () => {
    server = await serve('id: 7\n\n');
    await follow({ after: 7 });

    expect(server.requests[0]!.headers['last-event-id']).to.equal('7');
    expect(await rejection(follow({ after: -1 }))).to.be.instanceOf(BadRequestError);
  });

  it('rejects with the error of the server, at the beginning or later', async () => {
    server = await serve(403, event(1), 403);
    expect(await rejection(follow()))
      .to.be.instanceOf(ForbiddenError)
      .with.property('reason', 'because');
    const events = await follow();
    const reading = (async () => {
      for await (const it of events) expect(it.seq).to.equal(1);
    })();
    expect(await rejection(reading)).to.be.instanceOf(ForbiddenError);
  });

  it('rejects where nobody is there', async () => {
    server = await serve();
    const accessor = new ExternalAccessor({ url: 'http://127.0.0.1:1' });
    const error = await rejection(accessor.notificationApi.followEvents!(identity));
    expect(error).to.be.instanceOf(ServiceUnavaliableError);
  });

  it('ends when the signal aborts while nothing comes', async () => {
    server = await serve('id: 1\n\n');
    const abort = new AbortController();
    const events = await follow({ signal: abort.signal });
    setTimeout(() => abort.abort(), 10);
    for await (const it of events) expect.fail(`nothing should come, not ${JSON.stringify(it)}`);
  });
});

describe('Following events over the internal accessor', () => {
  it('is refused where the engine has no log', async () => {
    const client = new ConsumerApiClient(new InternalAccessor(new RecordingEngine()));
    expect(await rejection(client.followEvents(identity))).to.be.instanceOf(NotImplementedError);
  });
});
