import { ConsumerApiClient, ExternalAccessor, ManagementApiClient } from '@process-engine/client';
import { type Configuration, ConfigurationError, createServer, type Server } from '@process-engine/server';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import { userTaskModel } from './support/models.js';
import { rejection } from './support/rejection.js';
import { TemporaryFolder } from './support/temporary-folder.js';

type IamService = NonNullable<NonNullable<Configuration['iam']>['iam_service']>;

const sharedSecret = 'a secret that nobody else may know';
const jwt = { issuer: 'https://login.example', audience: 'engine', sharedSecret };
const claims = { tenantId: 'tenant', groups: 'groups', claims: 'roles' };

const configured = (iam_service: IamService, host = '127.0.0.1'): Configuration => ({
  iam: { iam_service },
  http: { http_extension: { server: { host } } },
});

async function caller(sub: string, more: Record<string, unknown> = {}) {
  const token = await new SignJWT({ sub, tenant: 't', iss: jwt.issuer, aud: jwt.audience, ...more })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(sharedSecret));
  return { userId: sub, token };
}

describe('A server with signed tokens', () => {
  const folder = new TemporaryFolder();
  let server: Server;
  let accessor: ExternalAccessor;

  before(async () => {
    const groupClaims = { operators: ['can_manage_process_instances'] };
    const configuration = configured({ auth: 'jwt', jwt: { ...jwt, claims }, groupClaims });
    server = createServer({ configuration, dataFolder: folder.path, port: 0 });
    await server.start();
    accessor = new ExternalAccessor({ url: server.url });
  });
  after(async () => {
    accessor.close();
    await server.stop();
    folder.remove();
  });

  it('lets in who has one, with the rights of groups and token, within the tenant', async () => {
    const management = new ManagementApiClient(accessor);
    const consumer = new ConsumerApiClient(accessor);
    const operator = await caller('olga', { groups: ['operators'] });
    await management.deploy(operator, { files: [{ name: 'first.bpmn', xml: userTaskModel('first') }] });

    const reader = await caller('rita', { roles: 'can_read_process_model' });
    expect((await consumer.getProcessModels(reader)).totalCount).to.equal(1);
    expect(await rejection(management.deleteProcessModel(reader, 'first'))).to.include({ code: 403 });
    expect(await rejection(consumer.getProcessModels(await caller('nina')))).to.include({ code: 403 });

    const elsewhere = await caller('rita', { roles: 'can_read_process_model', tenant: 'other' });
    expect((await consumer.getProcessModels(elsewhere)).totalCount).to.equal(0);
    const nowhere = await caller('olga', { groups: ['operators'], tenant: undefined });
    expect(await rejection(consumer.getProcessModels(nowhere))).to.include({ code: 401 });
  });

  it('knows neither the development tokens nor the dummy token', async () => {
    for (const text of ['dummy_token', 'alice', 'ProcessEngineInternalUser']) {
      const token = Buffer.from(text).toString('base64');
      const call = new ConsumerApiClient(accessor).getProcessModels({ userId: text, token });
      expect(await rejection(call)).to.include({ code: 400 });
    }
  });

  it('may bind every address, unless the dummy token counts', () => {
    const create = (iam: IamService, host: string) =>
      createServer({ configuration: configured(iam, host), dataFolder: folder.path });
    const service: IamService = { auth: 'jwt', jwt, groupClaims: { a: ['b'] } };
    expect(() => create(service, '0.0.0.0')).not.to.throw();
    expect(() => create({ ...service, allowGodToken: true }, '0.0.0.0')).to.throw(ConfigurationError, /allowGodToken/);
    expect(() => create({ ...service, allowGodToken: true }, '127.0.0.1')).not.to.throw();
  });

  it('does not start where the configuration cannot work, and names the key but never the secret', () => {
    const cases: [IamService, RegExp][] = [
      [{ auth: 'jwt' }, /iam:iam_service\.jwt is missing/],
      [{ auth: 'jwt', jwt }, /nobody has any claim: set iam:iam_service\.claimPath/],
      [
        { auth: 'jwt', jwt: { ...jwt, sharedSecret: 'short' } },
        /iam:iam_service\.jwt\.sharedSecret must have 32 bytes/,
      ],
      [{ auth: 'jwt', jwt: { ...jwt, algorithms: ['none'] } }, /iam:iam_service\.jwt\.algorithms/],
      [{ auth: 'jwt', jwt: { issuer: 'http://far.example', audience: 'x' } }, /iam:iam_service\.jwt\.issuer/],
      [
        { auth: 'jwt', jwt, basePath: 'http://far.example', claimPath: '/claims' },
        /iam:iam_service\.claimPath must be an https/,
      ],
      [
        { auth: 'jwt', jwt: { ...jwt, audience: 5 as never } },
        /iam:iam_service\.jwt\.audience: expected a text or a list/,
      ],
      [{ auth: 'jwt', jwt: { ...jwt, secret: sharedSecret } as never }, /iam:iam_service\.jwt\.secret: is unknown/],
    ];
    for (const [service, message] of cases) {
      const create = () => createServer({ configuration: configured(service), dataFolder: folder.path });
      expect(create).to.throw(ConfigurationError, message).with.property('message').that.not.includes(sharedSecret);
    }
  });
});
