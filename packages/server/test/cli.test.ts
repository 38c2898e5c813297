import { expect } from 'chai';
import { ConsumerApiClient, ExternalAccessor } from '@process-engine/client';
import { CommandLine } from './support/command-line.js';
import { BROKEN_MODEL, userTaskModel } from './support/models.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const DEVELOPER = { userId: 'dummy_token', token: Buffer.from('dummy_token').toString('base64') };

describe('The command process-engine', function () {
  this.timeout(30_000);
  let folder: TemporaryFolder;
  const runs: CommandLine[] = [];

  beforeEach(() => {
    folder = new TemporaryFolder();
  });

  afterEach(async () => {
    for (const run of runs.splice(0)) await run.stop('SIGKILL');
    folder.remove();
  });

  function run(args: readonly string[], environment?: Record<string, string>): CommandLine {
    const started = new CommandLine(args, environment);
    runs.push(started);
    return started;
  }

  function start(...args: string[]): CommandLine {
    return run(['start', '--data', folder.path, '--port', '0', ...args]);
  }

  async function modelIds(url: string): Promise<string[]> {
    const accessor = new ExternalAccessor({ url });
    try {
      const { processModels } = await new ConsumerApiClient(accessor).getProcessModels(DEVELOPER);
      return processModels.map(({ id }) => id);
    } finally {
      accessor.close();
    }
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`starts a server, and ends with 0 after ${signal}`, async () => {
      const server = start();
      const url = await server.ready;
      expect((await fetch(`${url}/health/live`)).status).to.equal(200);
      expect(await server.stop(signal)).to.equal(0);
      expect(server.output).to.include('the process engine has stopped');
    });
  }

  it('checks models without an engine, and ends with 1 where one would be refused', async () => {
    const good = run(['check', folder.write('good.bpmn', userTaskModel('Good'))]);
    expect(await good.ended).to.equal(0);
    expect(good.output).to.include('1 file(s) can be deployed');
    const broken = run(['check', folder.write('broken.bpmn', BROKEN_MODEL)]);
    expect(await broken.ended).to.equal(1);
    expect(broken.output).to.match(/error: broken\.bpmn: .+/);
  });

  it('logs JSON lines where nobody watches', async () => {
    const server = start();
    const url = await server.ready;
    await server.stop();
    const lines = server.output.trim().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed.find(({ msg }) => msg === 'the process engine is listening')).to.include({ level: 'info', url });
  });

  it('deploys a folder at every start and keeps what is there', async () => {
    folder.write('models/first.bpmn', userTaskModel('first'));
    const first = start('--deploy', `${folder.path}/models`);
    expect(await modelIds(await first.ready)).to.deep.equal(['first']);
    await first.stop();
    expect(first.output).to.include('deployed first version 1 (new)');

    const second = start('--deploy', `${folder.path}/models`);
    expect(await modelIds(await second.ready)).to.deep.equal(['first']);
    expect(second.output).to.include('deployed first version 1 (unchanged)');
  });

  it('deploys files to a running server', async () => {
    const file = folder.write('first.bpmn', userTaskModel('first'));
    folder.write('more/second.bpmn', userTaskModel('second'));
    const url = await start().ready;

    const deployment = run(['deploy', file, `${folder.path}/more`, '--url', url]);
    expect(await deployment.ended).to.equal(0);
    expect(deployment.output).to.equal('deployed first version 1 (new)\ndeployed second version 1 (new)\n');
    expect(await modelIds(url)).to.have.members(['first', 'second']);
  });

  it('deploys nothing where one file is wrong, prints the findings and ends with 1', async () => {
    const good = folder.write('first.bpmn', userTaskModel('first'));
    const bad = folder.write('broken.bpmn', BROKEN_MODEL);
    const url = await start().ready;

    const deployment = run(['deploy', good, bad, '--url', url]);
    expect(await deployment.ended).to.equal(1);
    expect(deployment.errors).to.match(/^error: broken\.bpmn: /);
    expect(await modelIds(url)).to.deep.equal([]);
  });

  it('deploys with the rights of a token', async () => {
    const file = folder.write('first.bpmn', userTaskModel('first'));
    const url = await start().ready;
    const token = Buffer.from('alice').toString('base64');

    const refused = run(['deploy', file, '--url', url, '--token', token]);
    expect(await refused.ended).to.equal(1);
    expect(refused.errors).to.include("user 'alice' does not have the claim 'can_write_process_model'");
    const refusedToo = run(['deploy', file, '--url', url], { PROCESS_ENGINE_TOKEN: token });
    expect(await refusedToo.ended).to.equal(1);
  });

  it('says where it found no server to deploy to', async () => {
    const file = folder.write('first.bpmn', userTaskModel('first'));
    const deployment = run(['deploy', file, '--url', 'http://127.0.0.1:1']);
    expect(await deployment.ended).to.equal(1);
    expect(deployment.errors).to.include('http://127.0.0.1:1 cannot be reached');
  });

  it('names --port where the port is taken', async () => {
    const { port } = new URL(await start().ready);
    const second = run(['start', '--data', `${folder.path}/other`, '--port', port]);
    expect(await second.ended).to.equal(1);
    expect(second.errors).to.include(`port ${port}`).and.include('--port');
  });

  it('refuses a second server on the same data', async () => {
    await start().ready;
    const second = start();
    expect(await second.ended).to.equal(1);
    expect(second.errors).to.include('in use by another process');
  });

  it('takes its configuration from a file', async () => {
    const config = folder.write('engine.json', {
      process_engine: { database: { dialect: 'sqlite', storage: 'configured.sqlite' }, logging: { level: 'warn' } },
    });
    const server = start('--config', config);
    await server.ready;
    await server.stop();
    expect(server.output).to.equal('');
  });

  it('takes its configuration from CONFIG_PATH, NODE_ENV and single variables', async () => {
    folder.write('config/demo/process_engine/database.json', { dialect: 'sqlite', storage: 'configured.sqlite' });
    const server = run(['start', '--data', folder.path], {
      CONFIG_PATH: `${folder.path}/config`,
      NODE_ENV: 'demo',
      http__http_extension__server__port: '0',
    });
    await server.ready;
    await server.stop();
    expect(server.output).to.include(`${folder.path}/configured.sqlite`);
  });

  it('names a wrong key and ends with 1', async () => {
    const server = run(['start'], { http__http_extension__servr: '{}' });
    expect(await server.ended).to.equal(1);
    expect(server.errors).to.include('http:http_extension.servr (environment variable http__http_extension__servr)');
  });

  it('refuses a port that is none', async () => {
    const server = run(['start', '--port', '99999']);
    expect(await server.ended).to.equal(1);
    expect(server.errors).to.include('a port is a number from 0 to 65535');
  });

  it('explains itself', async () => {
    const help = run(['--help']);
    expect(await help.ended).to.equal(0);
    expect(help.output).to.include('start').and.include('deploy');
  });
});
