import { expect } from 'chai';
import type { IocContainer, IocRegistration } from '@process-engine/contracts';
import {
  ConsumerApiClient,
  ConsumerApiClientService,
  ExternalAccessor,
  ManagementApiClient,
} from '@process-engine/client';
import { registerInContainer } from '@process-engine/client/ioc';
import { HttpDouble, json } from './support/http-double.js';
import { identity, RecordingEngine } from './support/recording-engine.js';
import { rejection } from './support/rejection.js';

type Class = new (...args: unknown[]) => object;

/** Resolves as addict-ioc does: dependencies in order into the constructor, then the configuration into `config`. */
class Container implements IocContainer {
  readonly #types = new Map<
    string,
    { type: unknown; keys: string[]; config?: unknown; single: boolean; held?: object }
  >();
  readonly #configuration: Record<string, unknown>;

  constructor(configuration: Record<string, unknown> = {}) {
    this.#configuration = configuration;
  }

  register(key: string, type: unknown): IocRegistration {
    const entry: { type: unknown; keys: string[]; config?: unknown; single: boolean } = {
      type,
      keys: [],
      single: false,
    };
    this.#types.set(key, entry);
    const registration: IocRegistration = {
      dependencies: (...keys) => ((entry.keys = keys), registration),
      configure: (config) => ((entry.config = config), registration),
      singleton: () => ((entry.single = true), registration),
    };
    return registration;
  }

  resolve<T extends object>(key: string): T {
    const entry = this.#types.get(key);
    if (entry === undefined) throw new Error(`nothing is registered under ${key}`);
    if (entry.held !== undefined) return entry.held as T;
    const instance = new (entry.type as Class)(...entry.keys.map((dependency) => this.resolve(dependency)), undefined);
    if (entry.config !== undefined) Object.assign(instance, { config: this.#configuration[entry.config as string] });
    if (entry.single) entry.held = instance;
    return instance as T;
  }
}

describe('registerInContainer', () => {
  let server: HttpDouble;

  beforeEach(async () => {
    server = await HttpDouble.start();
    server.respond = (_request, response) => json(response, 200, { processModels: [], totalCount: 0 });
  });

  afterEach(() => server.stop());

  it('gives clients of a remote engine, configured by the container', async () => {
    const container = new Container({
      'services:http': { url: server.url },
      'consumer_api:external_accessor': { socketUrl: 'http://sockets' },
    });
    registerInContainer(container);

    const client = container.resolve<ConsumerApiClientService>('ConsumerApiClientService');
    const accessor = container.resolve<ExternalAccessor>('ConsumerApiExternalAccessor');
    expect(await client.getProcessModels(identity)).to.deep.equal({ processModels: [], totalCount: 0 });
    expect(client).to.be.instanceOf(ConsumerApiClientService);
    expect(accessor.config).to.deep.equal({ url: server.url, socketUrl: 'http://sockets' });
    expect(container.resolve('ConsumerApiExternalAccessor')).to.equal(accessor);
    for (const key of ['ConsumerApiClient', 'ExternalTaskApiClientService', 'ManagementApiClientService']) {
      expect(() => container.resolve(key)).not.to.throw();
    }
    accessor.close();
  });

  it('needs no configuration of the notifications', async () => {
    const container = new Container({ 'services:http': { url: server.url } });
    registerInContainer(container);
    expect(await container.resolve<ConsumerApiClient>('ConsumerApiClient').getProcessModels(identity)).to.have.property(
      'totalCount',
    );
    container.resolve<ExternalAccessor>('ConsumerApiExternalAccessor').close();
  });

  it('says what is missing where the address is not configured', async () => {
    const container = new Container();
    registerInContainer(container);
    const error = await rejection(container.resolve<ConsumerApiClient>('ConsumerApiClient').getProcessModels(identity));
    expect(error.message).to.match(/config\.url/);
  });

  it("uses the application's own HTTP client", async () => {
    class HttpClient {
      readonly config = { url: 'http://somewhere' };
      readonly get = async () => ({ result: { processModels: [], totalCount: 7 }, status: 200 });
      readonly post = this.get;
      readonly put = this.get;
      readonly delete = this.get;
    }
    const container = new Container();
    container.register('HttpClient', HttpClient);
    registerInContainer(container, { httpKey: 'HttpClient' });

    const client = container.resolve<ConsumerApiClient>('ConsumerApiClientService');
    expect(await client.getProcessModels(identity)).to.deep.include({ totalCount: 7 });
  });

  it('gives clients of an engine in the same process', async () => {
    const engine = new RecordingEngine();
    const container = new Container();
    container.register('MyEngine', function () {
      return engine;
    });
    registerInContainer(container, { accessor: 'internal', engineKey: 'MyEngine' });

    await container.resolve<ManagementApiClient>('ManagementApiClientService').getIncidents(identity);
    expect(engine.lastCall).to.include({ api: 'managementApi', operation: 'getIncidents' });
  });
});
