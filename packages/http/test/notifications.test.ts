import { once, type EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  addressesOf,
  type Notification,
  NOTIFICATIONS,
  type NotificationKind,
  payloadFor,
} from '@process-engine/contracts';
import { expect } from 'chai';
import { io, Manager, type Socket } from 'socket.io-client';
import { HttpFixture, TOKEN } from './support/http-fixture.js';

const ALL_KINDS = Object.keys(NOTIFICATIONS) as NotificationKind[];

function notification(kind: NotificationKind, ownerId = 'alice'): Notification {
  const payload = { correlationId: 'c', processModelId: 'my model', processInstanceId: 'pi', currentToken: { ü: 1 } };
  return { kind, ownerId, tenantId: '', lanes: '[]', payload };
}

interface OpenOptions {
  readonly namespace?: string;
  readonly [option: string]: unknown;
}

describe('Notifications over socket.io', () => {
  let http: HttpFixture;
  const sockets: Socket[] = [];
  beforeEach(() => (http = new HttpFixture()));
  afterEach(async () => {
    sockets.splice(0).forEach((socket) => socket.disconnect());
    await http.stop();
  });

  function open(authorization?: string, { namespace = 'consumer_api', ...options }: OpenOptions = {}): Socket {
    const socket = io(`${http.url}/${namespace}`, {
      forceNew: true,
      reconnection: false,
      ...(authorization === undefined ? {} : { extraHeaders: { Authorization: authorization } }),
      ...options,
    });
    sockets.push(socket);
    return socket;
  }

  const connected = (socket: Socket) =>
    new Promise<Error | undefined>((resolve) => {
      socket.on('connect', () => resolve(undefined));
      socket.on('connect_error', resolve);
    });

  /** What the socket receives until the last of the names has arrived. */
  function receive(socket: Socket, last: string): Promise<[string, unknown][]> {
    const received: [string, unknown][] = [];
    return new Promise((resolve) => {
      socket.onAny((eventName: string, payload: unknown) => {
        received.push([eventName, payload]);
        if (eventName === last) resolve(received);
      });
    });
  }

  it('reach a socket under all their names, with the payload of each', async () => {
    await http.start();
    const socket = open(TOKEN);
    expect(await connected(socket)).to.be.undefined;
    const received = receive(socket, 'cronjob_stopped');
    const sent = ALL_KINDS.map((kind) => notification(kind));
    sent.forEach((it) => http.engine.notificationApi.publish(it));

    const expected = sent.flatMap((it) =>
      addressesOf(it).map((address) => [address.eventName, payloadFor(it, address)]),
    );
    expect(await received).to.deep.equal(expected);
  });

  it('reach the namespace of the management API, too, one event also under its misspelt name', async () => {
    await http.start();
    const socket = open(TOKEN, { namespace: 'management_api' });
    expect(await connected(socket)).to.be.undefined;
    const received = receive(socket, 'cronjob_stopped');
    ALL_KINDS.forEach((kind) => http.engine.notificationApi.publish(notification(kind)));

    const names = (await received).map(([eventName]) => eventName);
    const addressed = ALL_KINDS.flatMap((kind) => addressesOf(notification(kind)).map(({ eventName }) => eventName));
    expect(names).to.have.members([...addressed, 'intermediate_catch_event_reacbed']);
  });

  it('of tasks reach only the owner under the name with a user id', async () => {
    await http.start();
    const bob = open(`Bearer ${Buffer.from('bob').toString('base64')}`);
    expect(await connected(bob)).to.be.undefined;
    const received: string[] = [];
    const last = new Promise<void>((resolve) => {
      bob.onAny((eventName: string) => {
        received.push(eventName);
        if (eventName === 'system_event') resolve();
      });
    });
    for (const ownerId of ['alice', 'bob']) {
      http.engine.notificationApi.publish(notification('user_task_waiting', ownerId));
    }
    http.engine.notificationApi.publish(notification('process_ended'));
    await last;

    expect(received).to.deep.equal([
      'user_task_waiting',
      'activity_changed',
      'user_task_waiting',
      'user_task_waiting/bob/user_id',
      'activity_changed',
      'process_ended',
      'system_event',
    ]);
  });

  it('are subscribed before the socket is connected and unsubscribed when it is gone', async () => {
    await http.start();
    const socket = open(TOKEN);
    await connected(socket);
    expect(http.engine.notificationApi.entries.size).to.equal(1);
    const empty = http.engine.notificationApi.empty();
    socket.disconnect();
    await empty;
  });

  it('are unsubscribed when the connection dies while the socket is being admitted', async () => {
    let admit: () => void = () => {};
    const gate = new Promise<void>((resolve) => (admit = resolve));
    const asked = new Promise<void>((resolve) => {
      const identityService = {
        getIdentity: async (token: string) => {
          resolve();
          await gate;
          return { token, userId: 'alice' };
        },
      };
      void http.start({ identityService }).then(() => open(TOKEN, { transports: ['websocket'] }));
    });
    await asked;
    const { connections } = http;
    const closed = Promise.all([...connections].map((connection) => once(connection, 'close')));
    sockets[0]!.disconnect();
    await closed;
    await nextTurn();
    admit();
    while (http.engine.notificationApi.subscribed === 0) await nextTurn();
    await http.engine.notificationApi.empty();

    expect(http.engine.notificationApi.subscribed).to.equal(1);
  });

  it('are open to browsers, which cannot set headers on a WebSocket', async () => {
    await http.start();

    expect(await connected(open(undefined, { auth: { token: TOKEN }, transports: ['websocket'] }))).to.be.undefined;
  });

  for (const [what, authorization, code] of [
    ['no token', undefined, 401],
    ['a token that cannot be read', '%%%', 400],
    ['several tokens', `${TOKEN}, ${TOKEN}`, 400],
    ["the engine's own user", Buffer.from('ProcessEngineInternalUser').toString('base64'), 401],
  ] as const) {
    it(`are refused to ${what}`, async () => {
      await http.start();
      const error = (await connected(open(authorization))) as (Error & { data?: any }) | undefined;

      expect(error?.data).to.include({ code });
      expect(error?.message).to.equal(error?.data.message);
      expect(http.engine.notificationApi.entries.size).to.equal(0);
    });
  }

  it('are refused to whoever may not subscribe, leaving nothing behind', async () => {
    await http.start();
    http.engine.notificationApi.refused = 'alice';
    const error = (await connected(open(TOKEN))) as (Error & { data?: any }) | undefined;

    expect(error?.data).to.include({ code: 403, message: 'access denied' });
    expect(http.engine.notificationApi.entries.size).to.equal(0);
  });

  it('do not tell a refused socket about unexpected errors', async () => {
    const identityService = { getIdentity: () => Promise.reject(new Error('secret')) };
    await http.start({ identityService });
    const error = await connected(open(TOKEN));

    expect(error?.message).to.equal('an unexpected error occurred');
    expect(http.logged.some(({ level, fields }) => level === 'error' && fields.err.message === 'secret')).to.be.true;
  });

  it('are for those who show a token in time: other connections are closed', async () => {
    await http.start({ admittedWithin: 100 });
    const known = open(TOKEN);
    await connected(known);
    const unknown = new Manager(http.url, { reconnection: false });
    await once(unknown as unknown as EventEmitter, 'close', { signal: AbortSignal.timeout(5_000) });

    expect(known.connected).to.be.true;
    expect(known.io.engine.readyState).to.equal('open');
  });

  it('that a socket does not take are limited; then it is dropped', async () => {
    await http.start({ maxPendingPackets: 50 });
    const socket = open(TOKEN);
    await connected(socket);
    const disconnected = new Promise((resolve) => socket.on('disconnect', resolve));
    const empty = http.engine.notificationApi.empty();
    for (let index = 0; index < 200; index += 1) http.engine.notificationApi.publish(notification('process_ended'));
    await Promise.all([empty, disconnected]);

    expect(http.logged.some(({ level }) => level === 'warn')).to.be.true;
  });

  it('that a socket does not take are limited in bytes, too', async () => {
    await http.start({ maxPendingBytes: 100_000 });
    const socket = open(TOKEN);
    await connected(socket);
    const empty = http.engine.notificationApi.empty();
    const currentToken = 'x'.repeat(10_000);
    const large = notification('process_ended');
    for (let index = 0; index < 20; index += 1) {
      http.engine.notificationApi.publish({ ...large, payload: { ...large.payload, currentToken } });
    }
    await empty;

    expect(http.logged.find(({ level }) => level === 'warn')!.fields.bytes).to.be.greaterThan(100_000);
  });

  it('end with the server, sockets or not', async () => {
    await http.start();
    const socket = open(TOKEN);
    await connected(socket);
    const disconnected = new Promise((resolve) => socket.on('disconnect', resolve));
    await http.stop();
    await disconnected;

    expect(http.engine.notificationApi.entries.size).to.equal(0);
  });

  it('can be switched off', async () => {
    await http.start({ notifications: false });

    expect((await http.get('/socket.io/?EIO=4&transport=polling')).status).to.equal(404);
  });

  it('serve clients of Engine.IO protocol 3, whose only header is on the polling handshake', async () => {
    await http.start();
    const packetsOf = (text: string) => [...text.matchAll(/(\d+):([^]*?)(?=\d+:|$)/g)].map((match) => match[2]!);
    const handshake = await http.get('/socket.io/?EIO=3&transport=polling', { headers: { Authorization: TOKEN } });
    const { sid } = JSON.parse(/\{.*?\}/.exec(handshake.text)![0]) as { sid: string };
    const path = `/socket.io/?EIO=3&transport=polling&sid=${sid}`;
    const join = '40/consumer_api,';
    await http.post(path, `${join.length}:${join}`, {
      authorized: false,
      headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
    });
    let received = '';
    while (!received.includes('40/consumer_api')) received += (await http.get(path, { authorized: false })).text;
    const next = http.get(path, { authorized: false });
    http.engine.notificationApi.publish(notification('user_task_waiting'));

    const events = packetsOf((await next).text);
    expect(events.join()).to.contain('42/consumer_api,["user_task_waiting",');
  });
});
