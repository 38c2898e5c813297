import path from 'node:path';
import { expect } from 'chai';
import { ConfigurationError, createServer, type Configuration, type Server } from '@process-engine/server';
import { RecordingLogger } from './support/recording-logger.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const REPOSITORIES = [
  'correlation_repository',
  'flow_node_instance_repository',
  'external_task_repository',
  'process_model_repository',
  'cronjob_history_repository',
] as const;

describe("The engine's one database", () => {
  let folder: TemporaryFolder;
  let logger: RecordingLogger;
  let server: Server | undefined;

  beforeEach(() => {
    folder = new TemporaryFolder();
    logger = new RecordingLogger();
  });

  afterEach(async () => {
    await server?.stop();
    server = undefined;
    folder.remove();
  });

  /** The file that is opened. */
  async function opened(configuration: Configuration): Promise<unknown> {
    server = createServer({ configuration, dataFolder: folder.path, port: 0, logger });
    await server.start();
    return logger.fieldsOf('the database is open')?.['storage'];
  }

  const inFolder = (name: string): string => path.join(folder.path, name);

  it('is a SQLite file in the data folder where nothing is configured', async () => {
    expect(await opened({})).to.equal(inFolder('process_engine.sqlite'));
  });

  it('is process_engine:database; other keys are ignored with a warning', async () => {
    const file = await opened({
      process_engine: {
        database: { dialect: 'sqlite', storage: 'one.sqlite' },
        correlation_repository: { dialect: 'sqlite', storage: 'other.sqlite' },
      },
    });
    expect(file).to.equal(inFolder('one.sqlite'));
    expect(logger.messages('warn')).to.deep.equal([
      'process_engine:correlation_repository is ignored: process_engine:database is set',
    ]);
  });

  for (const name of REPOSITORIES) {
    it(`is process_engine:${name} where that is the only key`, async () => {
      const configuration = { process_engine: { [name]: { dialect: 'sqlite', storage: `${name}.sqlite` } } };
      expect(await opened(configuration)).to.equal(inFolder(`${name}.sqlite`));
    });
  }

  it('may stand under all repository keys, also written differently', async () => {
    const configuration = {
      process_engine: Object.fromEntries(
        REPOSITORIES.map((name, index) => [
          name,
          { dialect: 'sqlite', storage: index % 2 === 0 ? 'all.sqlite' : inFolder('all.sqlite') },
        ]),
      ),
    };
    expect(await opened(configuration)).to.equal(inFolder('all.sqlite'));
  });

  it('may be a data source', async () => {
    const configuration = { data_sources: { sqlite: { dialect: 'sqlite', storage: 'source.sqlite' } } };
    expect(await opened(configuration)).to.equal(inFolder('source.sqlite'));
  });

  it('takes the options of the published example as they are', async () => {
    const example = {
      username: null,
      password: null,
      database: null,
      host: null,
      port: null,
      dialect: 'sqlite',
      storage: 'some_repository_path/external_task.sqlite',
      supportBigNumbers: true,
      resetPasswordRequestTimeToLive: 12,
      logging: false,
    };
    const file = await opened({ process_engine: { external_task_repository: example } });
    expect(file).to.equal(inFolder('some_repository_path/external_task.sqlite'));
  });

  it('keeps an absolute path', async () => {
    const storage = inFolder('elsewhere/absolute.sqlite');
    expect(await opened({ process_engine: { database: { dialect: 'sqlite', storage } } })).to.equal(storage);
  });

  it('may be in memory', async () => {
    expect(await opened({ process_engine: { database: { dialect: 'sqlite', storage: ':memory:' } } })).to.equal(
      ':memory:',
    );
  });

  it('cannot be several: the error names the keys and the remedy', () => {
    const configuration = {
      process_engine: {
        correlation_repository: { dialect: 'sqlite', storage: 'correlation.sqlite' },
        external_task_repository: { dialect: 'sqlite', storage: 'external_task.sqlite' },
      },
    };
    expect(() => createServer({ configuration, dataFolder: folder.path }))
      .to.throw(ConfigurationError)
      .with.property('message')
      .that.includes('process_engine:correlation_repository: sqlite correlation.sqlite')
      .and.includes('process_engine:external_task_repository: sqlite external_task.sqlite')
      .and.includes('Set process_engine:database, or give these keys the same database.');
  });

  it('needs a dialect that is known: the error names the key', () => {
    const configuration = { process_engine: { database: { dialect: 'oracle' } } };
    expect(() => createServer({ configuration })).to.throw(ConfigurationError, /process_engine:database: .*oracle/);
  });

  it('does without the databases of timers and log files that earlier versions had', async () => {
    await opened({ process_engine: { timers_repository: {}, logging_repository: { output_path: 'logs' } } });
    expect(logger.messages('warn')).to.deep.equal([
      'process_engine:timers_repository is ignored: the engine keeps everything in its one database',
      'process_engine:logging_repository is ignored: the engine keeps everything in its one database',
    ]);
  });
});
