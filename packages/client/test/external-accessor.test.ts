import { expect } from 'chai';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import {
  BadGatewayError,
  GatewayTimeoutError,
  LockedError,
  NotFoundError,
  ServiceUnavaliableError,
  UnauthorizedError,
} from '@process-engine/contracts';
import { ROUTES } from '@process-engine/contracts/http';
import { ExternalAccessor } from '@process-engine/client';
import { HttpDouble, json } from './support/http-double.js';
import { identity } from './support/recording-engine.js';
import { rejection } from './support/rejection.js';

describe('The external accessor', () => {
  let server: HttpDouble;
  let accessor: ExternalAccessor;

  beforeEach(async () => {
    server = await HttpDouble.start();
    accessor = new ExternalAccessor({ url: server.url });
  });

  afterEach(async () => {
    accessor.close();
    await server.stop();
  });

  describe('sends', () => {
    it('path, query, body and bearer token as the route says', async () => {
      await accessor.consumerApi.startProcessInstance(identity, 'model', { correlationId: 'c' }, 3, 'start', 'end');

      expect(server.last).to.deep.include({
        method: 'POST',
        url: '/api/consumer/v1/process_models/model/start?start_callback_type=3&start_event_id=start&end_event_id=end',
        body: '{"correlationId":"c"}',
      });
      expect(server.last.headers).to.include({
        authorization: 'Bearer a-token',
        'content-type': 'application/json',
      });
    });

    it('the fields of a body, without those that are undefined', async () => {
      server.respond = (_request, response) => response.writeHead(204).end();
      await accessor.externalTaskApi.handleBpmnError(identity, 'worker', 'task', 'E1', undefined);

      expect(server.last.url).to.equal('/api/external_task/v1/task/task/handle_bpmn_error');
      expect(server.last.body).to.equal('{"workerId":"worker","errorCode":"E1"}');
    });

    it('names with any character, percent-encoded', async () => {
      server.respond = (_request, response) => response.writeHead(204).end();
      await accessor.consumerApi.triggerSignalEvent(identity, 'Grüße / an?#%alle $&', 'text');

      const name = server.last.url.slice('/api/consumer/v1/signal/'.length, -'/trigger'.length);
      expect(name).not.to.match(/[ /?#]/);
      expect(decodeURIComponent(name)).to.equal('Grüße / an?#%alle $&');
      expect(server.last.body).to.equal('"text"');
    });

    it('query objects and paging', async () => {
      await accessor.managementApi.getDefinitions(identity, { processModelId: 'a b', latest: true }, 0, 5);

      expect(server.last.url).to.equal(
        '/api/management/v1/definitions?process_model_id=a+b&latest=true&offset=0&limit=5',
      );
      expect(server.last).to.include({ method: 'GET', body: '' });
      expect(server.last.headers).not.to.have.property('content-type');
    });

    it('below the prefix of its address', async () => {
      accessor.config = { url: `${server.url}/engine/` };
      await accessor.consumerApi.getApplicationInfo();

      expect(server.last.url).to.equal('/engine/api/consumer/v1/info');
      expect(server.last.headers).not.to.have.property('authorization');
    });

    it('one request per operation, to the route that is no alias', async () => {
      for (const { api, operation, args, authenticated } of ROUTES.filter((route) => !route.alias)) {
        const operations = accessor[api] as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>;
        const values = args.map((binding) => (binding.in === 'path' ? 'id' : undefined));
        await operations[operation]!(...(authenticated ? [identity] : []), ...values);
      }
      expect(server.requests).to.have.length(ROUTES.filter((route) => !route.alias).length);
      expect(new Set(server.requests.map(({ method, url }) => `${method} ${url}`)).size).to.equal(
        server.requests.length,
      );
    });

    it('nothing where there is no token, or an id that would change the path', async () => {
      expect(await rejection(accessor.consumerApi.getProcessModels(undefined as never))).to.be.instanceOf(
        UnauthorizedError,
      );
      for (const id of ['', '.', '..', undefined as unknown as string]) {
        const error = await rejection(accessor.consumerApi.getProcessModelById(identity, id));
        expect(error).to.include({ code: 400, name: 'BadRequestError' });
        expect(error.message).to.match(/process_model_id/);
      }
      expect(server.requests).to.deep.equal([]);
    });
  });

  describe('answers', () => {
    it('with the parsed body, or undefined where there is none', async () => {
      server.respond = (_request, response) => json(response, 200, [{ id: 'task' }]);
      const tasks = await accessor.externalTaskApi.fetchAndLockExternalTasks(identity, 'w', 't', 1, 0, 1);
      expect(tasks).to.deep.equal([{ id: 'task' }]);

      server.respond = (_request, response) => response.writeHead(204).end();
      expect(await accessor.externalTaskApi.finishExternalTask(identity, 'w', 'task')).to.equal(undefined);
    });

    it('after following a redirect', async () => {
      server.respond = ({ url }, response) =>
        url.endsWith('/info')
          ? response.writeHead(307, { location: '/there' }).end()
          : json(response, 200, { name: 'n' });
      expect(await accessor.consumerApi.getApplicationInfo()).to.deep.equal({ name: 'n' });

      server.respond = (_request, response) => response.writeHead(302, { location: '/again' }).end();
      const error = await rejection(accessor.consumerApi.getApplicationInfo());
      expect(error).to.be.instanceOf(BadGatewayError);
      expect(error.message).to.match(/redirects more than 5 times/);
    });

    it('with the error class of the status, with code, reason and information', async () => {
      const body = { message: 'locked by another worker', code: 423, reason: 'external-task-locked' };
      server.respond = (_request, response) => json(response, 423, { ...body, additionalInformation: { until: 1 } });

      const error = await rejection(accessor.externalTaskApi.extendLock(identity, 'w', 'task', 1));

      expect(error).to.be.instanceOf(LockedError);
      expect(error).to.include({ ...body, name: 'LockedError', isEssentialProjectsError: true });
      expect(error.additionalInformation).to.deep.equal({ until: 1 });
    });

    it('with the error class also where the body is text, HTML, null or missing', async () => {
      for (const [body, message] of [
        ['not here', 'not here'],
        ['"not here"', 'not here'],
        ['<html>', '<html>'],
        ['null', ''],
        ['', ''],
      ]) {
        server.respond = (_request, response) => response.writeHead(404).end(body);
        const error = await rejection(accessor.consumerApi.getProcessModelById(identity, 'x'));
        expect(error).to.be.instanceOf(NotFoundError);
        expect(error.message).to.equal(message);
      }
    });

    it('with a clear error where something else than an engine answers', async () => {
      server.respond = (_request, response) => response.writeHead(200).end('<html>');
      expect(await rejection(accessor.consumerApi.getApplicationInfo())).to.include({
        code: 502,
        reason: 'not-an-engine',
      });

      server.respond = (_request, response) => response.writeHead(304).end();
      expect((await rejection(accessor.consumerApi.getApplicationInfo())).message).to.match(/status 304/);
    });
  });

  describe('where the engine is not there', () => {
    it('rejects with a ServiceUnavaliableError and its cause', async () => {
      const { url } = server;
      await server.stop();
      const error = await rejection(accessor.consumerApi.getApplicationInfo());

      expect(error).to.be.instanceOf(ServiceUnavaliableError);
      expect(error).to.include({ code: 503, reason: 'engine-unreachable' });
      expect(error.message)
        .to.contain(url)
        .and.match(/ECONNREFUSED/);
      expect(error.cause).to.include({ code: 'ECONNREFUSED' });
      server = await HttpDouble.start();
    });

    it('rejects where the connection breaks', async () => {
      server.respond = (_request, response) => response.destroy();
      expect(await rejection(accessor.consumerApi.getApplicationInfo())).to.include({ reason: 'engine-unreachable' });
    });

    it('does not wait longer than the request time-out, unless the call may wait', async () => {
      const impatient = new ExternalAccessor({ url: server.url, requestTimeout: 20 });
      const held: ServerResponse[] = [];
      server.respond = (_request, response) => held.push(response);

      const error = await rejection(impatient.consumerApi.getApplicationInfo());
      expect(error).to.be.instanceOf(GatewayTimeoutError);
      expect(error).to.include({ code: 504, reason: 'engine-timeout' });

      const abort = new AbortController();
      const options = { signal: abort.signal };
      const started = impatient.consumerApi.startProcessInstance(identity, 'm', {}, 2, undefined, undefined, options);
      // The other call's time-out, begun later, passes first.
      await Promise.race([started, rejection(impatient.consumerApi.getApplicationInfo())]);
      json(held[1]!, 200, { processInstanceId: 'p', correlationId: 'c' });
      expect(await started).to.include({ processInstanceId: 'p' });
      impatient.close();
    });

    it('does not wait longer for a connection than the connect time-out', async () => {
      const { url, close } = await silentServer();
      const patient = new ExternalAccessor({ url, connectTimeout: 30 });
      const error = await rejection(
        patient.externalTaskApi.fetchAndLockExternalTasks(identity, 'w', 't', 1, 60_000, 1),
      );

      expect(error).to.include({ reason: 'engine-unreachable' });
      expect(error.message).to.match(/no connection within 30 ms/);
      patient.close();
      close();
    });
  });

  describe('abort', () => {
    it('rejects with the reason of the signal and closes the request', async () => {
      const abort = new AbortController();
      const reason = new Error('enough');
      const closed = new Promise((resolve) => {
        server.respond = (_request, response) => {
          response.on('close', resolve);
          abort.abort(reason);
        };
      });
      const fetch = accessor.externalTaskApi.fetchAndLockExternalTasks(identity, 'w', 't', 1, 60_000, 1, {
        signal: abort.signal,
      });

      expect(await rejection(fetch)).to.equal(reason);
      await closed;
    });

    it('of a piece of work gives up each of its calls, also those that never wait', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const closed = new Promise((resolve) => {
        server.respond = (_request, response) => {
          response.on('close', resolve);
          controller.abort(reason);
        };
      });
      const { consumerApi } = accessor.withSignal(controller.signal);
      expect(await rejection(consumerApi.getProcessModels(identity))).to.equal(reason);
      await closed;
      expect(await rejection(consumerApi.getApplicationInfo())).to.equal(reason);
      expect(server.requests).to.have.length(1);
    });

    it('sends nothing where the signal is aborted already', async () => {
      const options = { signal: AbortSignal.abort(new Error('before')) };
      const fetch = accessor.externalTaskApi.fetchAndLockExternalTasks(identity, 'w', 't', 1, 0, 1, options);

      expect((await rejection(fetch)).message).to.equal('before');
      expect(server.requests).to.deep.equal([]);
    });
  });

  describe('takes its address', () => {
    it('from options, and shows it', () => {
      const options = { url: 'http://host:1', socketUrl: 'http://host:2' };
      expect(new ExternalAccessor(options).config).to.deep.equal(options);
    });

    it('also later, and names what is missing or wrong at the first call', async () => {
      const late = new ExternalAccessor();
      for (const url of [undefined, 'localhost:8000', 'ftp://host', '']) {
        late.config = { url };
        const error = await rejection(late.consumerApi.getApplicationInfo());
        expect(error).to.be.instanceOf(TypeError);
        expect(error.message).to.match(/config\.url/);
      }
      late.config = undefined;
      late.config = { url: server.url };
      expect(await late.consumerApi.getApplicationInfo()).to.deep.equal({});
      late.close();
    });
  });

  describe('over the HTTP client of an application', () => {
    it('gives it the path without the address, headers and body', async () => {
      const sent: unknown[][] = [];
      const answer = async (...args: unknown[]) => {
        sent.push(args);
        return { result: { processModels: [], totalCount: 0 }, status: 200 };
      };
      const client = { config: { url: 'http://somewhere' }, get: answer, post: answer, put: answer, delete: answer };
      const custom = new ExternalAccessor(client);

      expect(custom.config.url).to.equal('http://somewhere');
      expect(await custom.consumerApi.getProcessModels(identity, 1)).to.deep.equal({
        processModels: [],
        totalCount: 0,
      });
      await custom.consumerApi.triggerMessageEvent(identity, 'm', { a: 1 });
      const headers = { Authorization: 'Bearer a-token' };
      expect(sent).to.deep.equal([
        ['api/consumer/v1/process_models?offset=1', { headers }],
        ['api/consumer/v1/message/m/trigger', { a: 1 }, { headers }],
      ]);
    });

    it('turns its errors into ours', async () => {
      let thrown: unknown = Object.assign(new Error('gone'), { code: 410, additionalInformation: { id: 1 } });
      const fail = () => Promise.reject(thrown as Error);
      const client = { config: { url: 'http://somewhere' }, get: fail, post: fail, put: fail, delete: fail };
      const custom = new ExternalAccessor(client);

      const gone = await rejection(custom.externalTaskApi.extendLock(identity, 'w', 'task', 1));
      expect(gone).to.include({ name: 'GoneError', code: 410, message: 'gone' });
      expect(gone.additionalInformation).to.deep.equal({ id: 1 });
      thrown = new Error('no route');
      expect(await rejection(custom.consumerApi.getApplicationInfo())).to.include({ reason: 'engine-unreachable' });
    });

    it('gives a waiting call up although the client cannot', async () => {
      const never = () => new Promise<never>(() => {});
      const client = { config: { url: 'http://somewhere' }, get: never, post: never, put: never, delete: never };
      const abort = new AbortController();
      const fetch = new ExternalAccessor(client).externalTaskApi.fetchAndLockExternalTasks(
        identity,
        'w',
        't',
        1,
        1,
        1,
        {
          signal: abort.signal,
        },
      );
      abort.abort(new Error('enough'));

      expect((await rejection(fetch)).message).to.equal('enough');
    });
  });
});

/** An https address where nobody answers the TLS handshake: the secure connection is never established. */
async function silentServer(): Promise<{ url: string; close: () => void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `https://127.0.0.1:${port}`, close };
}
