import { expect } from 'chai';
import { once } from 'node:events';
import { Server as SocketServer, type Socket } from 'socket.io';
import { ForbiddenError, ServiceUnavaliableError, UnauthorizedError } from '@process-engine/contracts';
import { SOCKET_NAMESPACE } from '@process-engine/contracts/http';
import { ExternalAccessor } from '@process-engine/client';
import { HttpDouble } from './support/http-double.js';
import { identity } from './support/recording-engine.js';
import { rejection } from './support/rejection.js';

const payload = { correlationId: 'c', processModelId: 'm', processInstanceId: 'p' };

describe('The notifications of the external accessor', () => {
  let http: HttpDouble;
  let sockets: SocketServer;
  let accessor: ExternalAccessor;
  let connected: Socket[];
  let errors: object[];

  beforeEach(async () => {
    http = await HttpDouble.start();
    http.server.removeAllListeners('request');
    sockets = new SocketServer(http.server);
    connected = [];
    errors = [];
    sockets.of(SOCKET_NAMESPACE).on('connection', (socket) => connected.push(socket));
    const note = (fields: object) => errors.push(fields);
    accessor = new ExternalAccessor({
      url: http.url,
      logger: { debug: () => {}, info: () => {}, warn: note, error: note },
    });
  });

  afterEach(async () => {
    accessor.close();
    await sockets.close();
  });

  /** Sends the events in order; resolves when the last one, which everybody receives, has arrived. */
  async function send(...eventNames: string[]): Promise<void> {
    let arrived: () => void = () => {};
    const barrier = new Promise<void>((resolve) => (arrived = resolve));
    await accessor.notificationApi.subscribe(identity, 'barrier', () => arrived(), true);
    for (const name of [...eventNames, 'barrier']) sockets.of(SOCKET_NAMESPACE).emit(name, payload);
    await barrier;
  }

  it('come over one socket per user, opened with the raw token', async () => {
    const other = { token: 'another', userId: 'bob' };
    const { notificationApi } = accessor;
    await Promise.all([
      notificationApi.subscribe(identity, 'process_ended', () => {}),
      notificationApi.subscribe(identity, 'process_started', () => {}),
      notificationApi.subscribe(other, 'process_ended', () => {}),
    ]);

    const tokens = connected.map((socket) => socket.handshake.headers.authorization);
    expect(tokens).to.have.members(['a-token', 'another']);
  });

  it('reach the callbacks of their name', async () => {
    const received: unknown[] = [];
    const subscription = await accessor.notificationApi.subscribe(identity, 'process_ended', (it) => {
      received.push(it);
    });
    await send('process_ended', 'process_started', 'process_ended');

    expect(subscription).to.include({ eventName: 'process_ended', onlyReceiveOnce: false });
    expect(subscription.id).to.match(/^[0-9a-f-]{36}$/);
    expect(received).to.deep.equal([payload, payload]);
  });

  it('reach only callbacks whose filter lets them pass, or that want everything', async () => {
    const received: string[] = [];
    const { notificationApi } = accessor;
    const subscribe = (eventName: string, filter?: object) =>
      notificationApi.subscribe(identity, eventName, (_payload, name) => void received.push(name), false, filter);
    await subscribe('bpmn_event', { processModelId: 'm', correlationId: 'c' });
    await subscribe('bpmn_event', { processModelId: 'another' });
    await subscribe('*', { processInstanceId: 'p' });
    await send('bpmn_event', 'process_ended');

    expect(received).to.deep.equal(['bpmn_event', 'bpmn_event', 'process_ended', 'barrier']);
  });

  it('reach a once-subscription once', async () => {
    let received = 0;
    await accessor.notificationApi.subscribe(identity, 'process_ended', () => void (received += 1), true);
    await send('process_ended', 'process_ended');

    expect(received).to.equal(1);
  });

  it('end with the subscription, and removing twice or something unknown does nothing', async () => {
    let received = 0;
    const { notificationApi } = accessor;
    const subscription = await notificationApi.subscribe(identity, 'process_ended', () => void (received += 1));
    await notificationApi.removeSubscription(identity, subscription);
    await notificationApi.removeSubscription(identity, subscription);
    await notificationApi.removeSubscription({ token: '', userId: 'nobody' }, subscription);
    await send('process_ended');

    expect(received).to.equal(0);
  });

  it('go on to others where a callback fails', async () => {
    let received = 0;
    const { notificationApi } = accessor;
    await notificationApi.subscribe(identity, 'process_ended', () => {
      throw new Error('sync');
    });
    await notificationApi.subscribe(identity, 'process_ended', () => Promise.reject(new Error('async')));
    await notificationApi.subscribe(identity, 'process_ended', () => void (received += 1));
    await send('process_ended');

    expect(received).to.equal(1);
    expect(errors).to.have.length(2);
    expect(errors[0]).to.include({ eventName: 'process_ended' });
  });

  it('end for a user whose socket is disconnected, and can be had again', async () => {
    let received = 0;
    await accessor.initializeSocket(identity);
    await accessor.notificationApi.subscribe(identity, 'process_ended', () => void (received += 1));
    expect(connected).to.have.length(1);
    const gone = once(connected[0]!, 'disconnect');
    accessor.disconnectSocket(identity);
    await gone;
    await send('process_ended');

    expect(received).to.equal(0);
    expect(connected).to.have.length(2);
  });

  it('come again after the connection was lost', async () => {
    let received = 0;
    await accessor.notificationApi.subscribe(identity, 'process_ended', () => void (received += 1));
    const again = once(sockets.of(SOCKET_NAMESPACE), 'connection');
    connected[0]!.conn.close();
    await again;
    await send('process_ended');

    expect(received).to.equal(1);
    expect(errors).to.have.length(1);
  });

  it('are refused with the error of the server', async () => {
    let refusal: Error & { data?: unknown } = new Error('No auth token provided.');
    sockets.of(SOCKET_NAMESPACE).use((_socket, next) => next(refusal));
    const subscribe = () => accessor.notificationApi.subscribe(identity, 'process_ended', () => {});

    const unauthorized = await rejection(subscribe());
    expect(unauthorized).to.be.instanceOf(UnauthorizedError);
    expect(unauthorized.message).to.equal('No auth token provided.');

    refusal = Object.assign(new Error('x'), { data: { message: 'not allowed', code: 403, reason: 'claim-missing' } });
    const forbidden = await rejection(subscribe());
    expect(forbidden).to.be.instanceOf(ForbiddenError);
    expect(forbidden).to.include({ message: 'not allowed', reason: 'claim-missing' });
  });

  it('need a token before anything is opened', async () => {
    const error = await rejection(accessor.notificationApi.subscribe({} as never, 'process_ended', () => {}));
    expect(error).to.be.instanceOf(UnauthorizedError);
    expect(connected).to.deep.equal([]);
  });

  it('tell where nobody is there, and leave nothing behind', async () => {
    const elsewhere = new ExternalAccessor({ url: http.url, socketUrl: 'http://127.0.0.1:1' });
    const error = await rejection(elsewhere.notificationApi.subscribe(identity, 'process_ended', () => {}));

    expect(error).to.be.instanceOf(ServiceUnavaliableError);
    expect(error).to.include({ reason: 'engine-unreachable' });
    expect(error.message).to.contain('http://127.0.0.1:1');
  });

  it('come from below the prefix of the address', async () => {
    await sockets.close();
    http = await HttpDouble.start();
    sockets = new SocketServer(http.server, { path: '/engine/socket.io/' });
    sockets.of(SOCKET_NAMESPACE).on('connection', (socket) => connected.push(socket));
    accessor.config = { url: 'http://unused', socketUrl: `${http.url}/engine/` };
    await accessor.initializeSocket(identity);

    expect(connected).to.have.length(1);
  });
});
