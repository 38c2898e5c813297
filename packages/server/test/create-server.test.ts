import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { ConsumerApiClient, ExternalAccessor, InternalAccessor, ManagementApiClient } from '@process-engine/client';
import { UnauthorizedError } from '@process-engine/contracts';
import { ConfigurationError, createServer, type Server, type ServerOptions } from '@process-engine/server';
import { BROKEN_MODEL, userTaskModel } from './support/models.js';
import { RecordingLogger } from './support/recording-logger.js';
import { rejection } from './support/rejection.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const ALICE = { userId: 'alice', token: Buffer.from('alice').toString('base64') };
const DEVELOPER = { userId: 'dummy_token', token: Buffer.from('dummy_token').toString('base64') };

describe('A server', () => {
  let folder: TemporaryFolder;
  let logger: RecordingLogger;
  const servers: Server[] = [];
  const accessors: ExternalAccessor[] = [];

  beforeEach(() => {
    folder = new TemporaryFolder();
    logger = new RecordingLogger();
  });

  afterEach(async () => {
    for (const accessor of accessors.splice(0)) accessor.close();
    for (const server of servers.splice(0)) await server.stop();
    folder.remove();
  });

  function created(options: ServerOptions = {}): Server {
    const server = createServer({ dataFolder: folder.path, port: 0, logger, ...options });
    servers.push(server);
    return server;
  }

  async function started(options: ServerOptions = {}): Promise<Server> {
    const server = created(options);
    await server.start();
    return server;
  }

  function clientOf(server: Server): ConsumerApiClient {
    const accessor = new ExternalAccessor({ url: server.url });
    accessors.push(accessor);
    return new ConsumerApiClient(accessor);
  }

  it('answers at its address on this machine', async () => {
    const { url } = await started();
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/health/ready`)).status).to.equal(200);
  });

  it('tells its name and version', async () => {
    const info = await clientOf(await started()).getApplicationInfo();
    expect(info.name).to.equal('@process-engine/server');
    expect(info.version).to.match(/^\d+\.\d+\.\d+/);
  });

  it('has no address before it listens', () => {
    expect(() => created().url).to.throw('the server is not listening');
  });

  it('deploys the models of a folder together', async () => {
    folder.write('models/first.bpmn', userTaskModel('first'));
    folder.write('models/second.bpmn', userTaskModel('second'));
    folder.write('models/notes.txt', 'no model');
    const server = await started({ deployFolder: `${folder.path}/models` });

    const { definitions } = await new ManagementApiClient(new InternalAccessor(server.engine)).getDefinitions(
      DEVELOPER,
    );
    expect(definitions.map(({ processModelId }) => processModelId)).to.have.members(['first', 'second']);
    expect(new Set(definitions.map(({ deploymentId }) => deploymentId)).size).to.equal(1);
  });

  it('keeps the data, and makes no new version of an unchanged model, when it starts again', async () => {
    folder.write('models/first.bpmn', userTaskModel('first'));
    const options = { deployFolder: `${folder.path}/models` };
    const first = await started(options);
    const { processInstanceId } = await clientOf(first).startProcessInstance(ALICE, 'first');
    await first.stop();
    expect(logger.messages('info')).to.include('deployed first version 1 (new)');

    const second = await started(options);
    expect(logger.messages('info')).to.include('deployed first version 1 (unchanged)');
    const { userTasks } = await clientOf(second).getUserTasksForProcessInstance(ALICE, processInstanceId);
    expect(userTasks.map(({ id }) => id)).to.deep.equal(['Task']);
    await second.stop();

    folder.write('models/first.bpmn', userTaskModel('first', 'Decide anew'));
    await started(options);
    expect(logger.messages('info')).to.include('deployed first version 2 (new)');
  });

  it('does not start with a model that cannot be deployed; the error names file and element', async () => {
    folder.write('models/broken.bpmn', BROKEN_MODEL);
    const error = await rejection(started({ deployFolder: `${folder.path}/models` }));
    expect(error.message)
      .to.match(/models' were not deployed/)
      .and.match(/error: broken\.bpmn: .*Nowhere/s);
  });

  it('does not start without the folder to deploy', async () => {
    const error = await rejection(started({ deployFolder: `${folder.path}/nowhere` }));
    expect(error.message).to.include("nowhere' is neither a model file nor a folder of models");
  });

  it('warns where the folder to deploy holds no model', async () => {
    await started({ deployFolder: folder.path });
    expect(logger.messages('warn')).to.include('there are no *.bpmn files to deploy');
  });

  describe('whose port is taken', () => {
    let holder: TcpServer;
    let port: number;

    beforeEach(async () => {
      holder = createTcpServer().listen(0, '127.0.0.1');
      await once(holder, 'listening');
      ({ port } = holder.address() as AddressInfo);
    });

    afterEach(() => holder.close());

    it('says so and how to choose another, and lets go of its database', async () => {
      const error = await rejection(started({ port }));
      expect(error.message).to.equal(
        `cannot listen on port ${port} of 127.0.0.1: it is in use already; choose another port with --port or http:http_extension.server.port`,
      );
      await started();
    });

    it('takes the port from the configuration where the caller gives none', async () => {
      const configuration = { http: { http_extension: { server: { port } } } };
      const server = createServer({ configuration, dataFolder: folder.path });
      expect((await rejection(server.start())).message).to.include(`port ${port}`);
    });
  });

  describe('in development', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.1', 'example.org', '127.0.0.1.example.org']) {
      it(`does not bind ${host}`, () => {
        const configuration = { http: { http_extension: { server: { host } } } };
        expect(() => createServer({ configuration })).to.throw(ConfigurationError, `server.host is '${host}'`);
      });
    }

    for (const host of ['localhost', '127.0.0.2', '::1']) {
      it(`may bind ${host}`, () => {
        const configuration = { http: { http_extension: { server: { host } } } };
        expect(() => createServer({ configuration, dataFolder: folder.path })).not.to.throw();
      });
    }

    it('lets the development user do everything', async () => {
      const accessor = new ExternalAccessor({ url: (await started()).url });
      accessors.push(accessor);
      const files = [{ name: 'first.bpmn', xml: userTaskModel('first') }];
      const { definitions } = await new ManagementApiClient(accessor).deploy(DEVELOPER, { files });
      expect(definitions[0]).to.include({ processModelId: 'first', new: true });
    });

    it('lets others do what their claims say', async () => {
      const configuration = {
        consumer_api_core: { consumer_api_iam_service: { claimConfig: { alice: ['can_write_process_model'] } } },
      };
      const accessor = new ExternalAccessor({ url: (await started({ configuration })).url });
      accessors.push(accessor);
      const management = new ManagementApiClient(accessor);
      const files = [{ name: 'first.bpmn', xml: userTaskModel('first') }];

      await management.deploy(ALICE, { files });
      const bob = { userId: 'bob', token: Buffer.from('bob').toString('base64') };
      expect(await rejection(management.deploy(bob, { files }))).to.include({ name: 'ForbiddenError', code: 403 });
    });

    it('lets everybody do everything where claims are not checked', async () => {
      const configuration = { iam: { iam_service: { disableClaimCheck: true } } };
      const accessor = new ExternalAccessor({ url: (await started({ configuration })).url });
      accessors.push(accessor);
      const files = [{ name: 'first.bpmn', xml: userTaskModel('first') }];
      await new ManagementApiClient(accessor).deploy(ALICE, { files });
    });

    it('treats the development user as any other where the configuration says so', async () => {
      const configuration = { iam: { iam_service: { allowGodToken: false } } };
      const accessor = new ExternalAccessor({ url: (await started({ configuration })).url });
      accessors.push(accessor);
      const files = [{ name: 'first.bpmn', xml: userTaskModel('first') }];
      const error = await rejection(new ManagementApiClient(accessor).deploy(DEVELOPER, { files }));
      expect(error).to.include({ code: 403 });
    });

    it('asks no authority, and warns where one is configured', async () => {
      const claimPath = 'http://localhost:5000/claims';
      const server = await started({
        configuration: { iam: { iam_service: { basePath: 'http://issuer', claimPath } } },
      });
      expect(logger.messages('warn')).to.deep.equal([
        'iam:iam_service.claimPath is ignored: with development authentication no authority is asked',
      ]);
      const answer = await fetch(`${server.url}/security/authority`);
      expect(await answer.json()).to.deep.equal({ authority: 'http://issuer' });
    });
  });

  describe('in an application', () => {
    it('asks the application who calls and what he may do', async () => {
      const asked: string[] = [];
      const server = await started({
        identityService: {
          getIdentity: async (token) => {
            if (token !== 'secret') throw new UnauthorizedError('unknown token');
            return { token, userId: 'carol' };
          },
        },
        iamService: { ensureHasClaim: async ({ userId }, claim) => void asked.push(`${userId} ${claim}`) },
      });
      const client = clientOf(server);

      expect(await rejection(client.getProcessModels({ userId: 'carol', token: 'wrong' }))).to.include({ code: 401 });
      await client.getProcessModels({ userId: 'carol', token: 'secret' });
      expect(asked.some((line) => line.startsWith('carol '))).to.equal(true);
      expect(asked.some((line) => !line.startsWith('carol '))).to.equal(false);
    });

    it('may bind any address where the application tells who calls', () => {
      const identityService = { getIdentity: async (token: string) => ({ token, userId: token }) };
      const configuration = { http: { http_extension: { server: { host: '0.0.0.0' } } } };
      expect(() => createServer({ configuration, identityService, dataFolder: folder.path })).not.to.throw();
    });

    it('serves routes of the application beside its own', async () => {
      const server = created();
      server.app.use(async (ctx, next) => {
        if (ctx.path !== '/hello') return next();
        ctx.body = { hello: 'world' };
      });
      await server.start();
      expect(await (await fetch(`${server.url}/hello`)).json()).to.deep.equal({ hello: 'world' });
      expect((await fetch(`${server.url}/elsewhere`)).status).to.equal(404);
    });

    it('checks the configuration it is given', () => {
      const configuration = JSON.parse('{ "http": { "http_extensions": {} } }') as object;
      expect(() => createServer({ configuration })).to.throw(ConfigurationError, 'http:http_extensions: is unknown');
    });
  });

  it('stops while it starts', async () => {
    const server = created();
    const starting = server.start();
    await server.stop();
    await starting;
    expect(() => server.url).to.throw('not listening');
  });

  it('may be stopped before it starts, and again', async () => {
    const server = created();
    await server.stop();
    await server.stop();
    expect((await rejection(server.start())).message).to.include('the server was stopped');
  });
});
