import { expect } from 'chai';
import { ConfigurationError, loadConfiguration } from '@process-engine/server';
import { TemporaryFolder } from './support/temporary-folder.js';

describe('The configuration', () => {
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = new TemporaryFolder();
  });

  afterEach(() => folder.remove());

  it('is empty where there is nothing to read', () => {
    expect(loadConfiguration({ variables: {} })).to.deep.equal({});
  });

  describe('in one file', () => {
    it('is read section by section', () => {
      const file = folder.write('engine.json', { http: { http_extension: { server: { port: 9000 } } } });
      expect(loadConfiguration({ file, variables: {} })).to.deep.equal({
        http: { http_extension: { server: { port: 9000 } } },
      });
    });

    it('hides the folder that CONFIG_PATH names', () => {
      const file = folder.write('engine.json', {});
      folder.write('sqlite/http/http_extension.json', { server: { port: 9000 } });
      expect(loadConfiguration({ file, variables: { CONFIG_PATH: folder.path } })).to.deep.equal({});
    });

    it('must exist', () => {
      expect(() => loadConfiguration({ file: 'nowhere.json', variables: {} })).to.throw(
        ConfigurationError,
        /'nowhere\.json' cannot be read/,
      );
    });

    it('must be JSON', () => {
      const file = folder.write('engine.json', '{ "http": ');
      expect(() => loadConfiguration({ file, variables: {} })).to.throw(ConfigurationError, `'${file}' is not JSON`);
    });

    it('must hold an object', () => {
      const file = folder.write('engine.json', '[]');
      expect(() => loadConfiguration({ file, variables: {} })).to.throw(ConfigurationError, 'must hold a JSON object');
    });
  });

  describe('in a folder', () => {
    beforeEach(() => {
      folder.write('sqlite/process_engine/database.json', { dialect: 'sqlite', storage: 'a.sqlite' });
      folder.write('sqlite/http/http_extension.json', { parseLimit: '1mb' });
      folder.write('demo/http/http_extension.json', { parseLimit: '2mb' });
    });

    it('is read from CONFIG_PATH and, without NODE_ENV, its folder sqlite', () => {
      expect(loadConfiguration({ variables: { CONFIG_PATH: folder.path } })).to.deep.equal({
        process_engine: { database: { dialect: 'sqlite', storage: 'a.sqlite' } },
        http: { http_extension: { parseLimit: '1mb' } },
      });
    });

    it('is read from the folder that NODE_ENV names', () => {
      const variables = { CONFIG_PATH: folder.path, NODE_ENV: 'demo' };
      expect(loadConfiguration({ variables })).to.deep.equal({ http: { http_extension: { parseLimit: '2mb' } } });
    });

    it('is read from the folder an application names', () => {
      const found = loadConfiguration({ folder: folder.path, environment: 'demo', variables: {} });
      expect(found.http?.http_extension?.parseLimit).to.equal('2mb');
    });

    it('must be there, else the error names the folder and both variables', () => {
      const variables = { CONFIG_PATH: folder.path, NODE_ENV: 'production' };
      expect(() => loadConfiguration({ variables })).to.throw(ConfigurationError, /production'.*CONFIG_PATH.*NODE_ENV/);
    });

    it('is at fault by file and key', () => {
      const file = folder.write('demo/http/http_extension.json', { server: { prot: 1 } });
      const variables = { CONFIG_PATH: folder.path, NODE_ENV: 'demo' };
      expect(() => loadConfiguration({ variables })).to.throw(
        ConfigurationError,
        `http:http_extension.server.prot (file ${file}): is unknown; correct or remove it (known here: host, port)`,
      );
    });
  });

  describe('in environment variables', () => {
    it('replaces single values of the files', () => {
      const file = folder.write('engine.json', {
        process_engine: { database: { dialect: 'sqlite', storage: 'a.sqlite' } },
      });
      const variables = { process_engine__database__storage: 'b.sqlite' };
      expect(loadConfiguration({ file, variables }).process_engine?.database).to.deep.equal({
        dialect: 'sqlite',
        storage: 'b.sqlite',
      });
    });

    it('reads numbers, booleans, null, lists and objects as JSON', () => {
      const variables = {
        http__http_extension__server__port: '9000',
        http__http_extension__cors: '{"enabled":false}',
        iam__iam_service__disableClaimCheck: 'true',
        process_engine__engine__retries: '[1000,2000]',
        process_engine__database__dialect: 'sqlite',
        process_engine__database__host: 'null',
      };
      expect(loadConfiguration({ variables })).to.deep.equal({
        http: { http_extension: { server: { port: 9000 }, cors: { enabled: false } } },
        iam: { iam_service: { disableClaimCheck: true } },
        process_engine: { engine: { retries: [1000, 2000] }, database: { dialect: 'sqlite', host: null } },
      });
    });

    it('leaves a text a text where the key wants one', () => {
      const variables = { process_engine__database__dialect: 'sqlite', process_engine__database__password: '12345' };
      expect(loadConfiguration({ variables }).process_engine?.database?.password).to.equal('12345');
    });

    it('is at fault by variable and key', () => {
      const variables = { http__http_extension__server__port: 'many' };
      expect(() => loadConfiguration({ variables })).to.throw(
        ConfigurationError,
        'http:http_extension.server.port (environment variable http__http_extension__server__port): expected number',
      );
    });

    it('leaves the variables of others alone', () => {
      const variables = { npm__config__port: '1', __CF_USER_TEXT_ENCODING: 'x', http: 'y', http__: 'z', PATH: '/bin' };
      expect(loadConfiguration({ variables })).to.deep.equal({});
    });
  });

  describe('has only keys that are known', () => {
    const database = { dialect: 'sqlite', storage: 'x.sqlite' };
    const known: Record<string, object> = {
      'process_engine:database': database,
      'process_engine:correlation_repository': database,
      'process_engine:flow_node_instance_repository': database,
      'process_engine:external_task_repository': database,
      'process_engine:process_model_repository': database,
      'process_engine:cronjob_history_repository': database,
      'process_engine:timers_repository': { ...database, anything: 1 },
      'process_engine:logging_repository': { output_path: 'logs' },
      'process_engine:engine': {
        nodeId: 'a',
        untypedTasks: 'pass',
        data: 'token',
        onFailure: 'incident',
        retries: [1000],
        triggersStartInstances: false,
        eventLog: ['process_started'],
        cacheSize: 10,
        modelCacheSize: 20,
        maxModelElements: 500,
        lockDuration: 60_000,
        stopTimeout: 1000,
      },
      'process_engine:logging': { level: 'debug' },
      'data_sources:postgres': { dialect: 'postgres', host: 'localhost', port: 5432, database: 'engine' },
      'http:http_extension': {
        server: { host: '127.0.0.1', port: 8000 },
        parseLimit: '50mb',
        cors: { enabled: true, options: { origin: ['http://localhost:9000'], credentials: true, maxAge: 60 } },
        csp: false,
        frameguard: { action: 'deny' },
      },
      'http:http_client': { url: 'http://localhost:8000' },
      'services:http': { url: 'http://localhost:8000' },
      'consumer_api:external_accessor': { socketUrl: 'http://localhost:8000' },
      'iam:iam_service': {
        auth: 'development',
        basePath: 'http://localhost:5000',
        claimPath: 'http://localhost:5000/claims/ensure',
        disableClaimCheck: false,
        allowGodToken: true,
        cache: { enabled: true, cacheLifetimeInSeconds: 300, cleanupIntervalInSeconds: 60 },
      },
      'consumer_api_core:consumer_api_iam_service': { claimConfig: { sampleUser: ['sample_lane'] } },
    };

    for (const [key, values] of Object.entries(known)) {
      const [section, name] = key.split(':') as [string, string];

      it(`and knows ${key}`, () => {
        const file = folder.write('engine.json', { [section]: { [name]: values } });
        expect(loadConfiguration({ file, variables: {} })).to.deep.equal({ [section]: { [name]: values } });
      });
    }

    it('and refuses an unknown section', () => {
      const file = folder.write('engine.json', { htp: {} });
      expect(() => loadConfiguration({ file, variables: {} })).to.throw(
        ConfigurationError,
        /htp \(file .*engine\.json\): is unknown; correct or remove it \(known here: process_engine, data_sources, http,/,
      );
    });

    it('and refuses an unknown name', () => {
      const variables = { process_engine__datbase__dialect: 'sqlite' };
      expect(() => loadConfiguration({ variables })).to.throw(ConfigurationError, 'process_engine:datbase');
    });

    it('and refuses an unknown key of a database', () => {
      const variables = { process_engine__database__dialect: 'sqlite', process_engine__database__storag: 'x' };
      expect(() => loadConfiguration({ variables })).to.throw(
        ConfigurationError,
        /process_engine:database\.storag .*is unknown.*known here: dialect, storage, host/,
      );
    });

    it('and names all that is wrong at once', () => {
      const variables = { process_engine__database__storage: 'x', http__http_extension__server__port: '-1' };
      expect(() => loadConfiguration({ variables }))
        .to.throw(ConfigurationError)
        .with.property('message')
        .that.includes('process_engine:database.dialect: is missing')
        .and.includes('http:http_extension.server.port (environment variable');
    });

    it('and says which authentication there is', () => {
      const variables = { iam__iam_service__auth: 'basic' };
      expect(() => loadConfiguration({ variables })).to.throw(
        ConfigurationError,
        /auth.*expected one of "development"\|"jwt"/,
      );
    });
  });
});
