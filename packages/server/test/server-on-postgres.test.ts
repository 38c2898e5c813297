import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { afterEach, beforeEach, it } from 'mocha';
import { ConsumerApiClient, ExternalAccessor, ManagementApiClient } from '@process-engine/client';
import { createServer, loadConfiguration, type Server } from '@process-engine/server';
import { describeOnEach, POSTGRES, type TestDatabase } from './support/databases.js';
import { userTaskModel } from './support/models.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const identity = { userId: 'dummy_token', token: Buffer.from('dummy_token').toString('base64') };

describeOnEach([POSTGRES], 'The server configured by config/demo/data_sources/postgres.json', function () {
  this.timeout(30_000);
  let folder: TemporaryFolder;
  let database: TestDatabase;
  let server: Server;
  let accessor: ExternalAccessor;

  beforeEach(async () => {
    folder = new TemporaryFolder();
    database = await POSTGRES.create();
    const sources = path.join(folder.path, 'config', 'demo', 'data_sources');
    mkdirSync(sources, { recursive: true });
    writeFileSync(path.join(sources, 'postgres.json'), JSON.stringify({ ...database.config, supportBigNumbers: true }));
  });

  afterEach(async () => {
    accessor.close();
    await server.stop();
    await database.drop();
    folder.remove();
  });

  async function start(): Promise<void> {
    const configuration = loadConfiguration({ folder: path.join(folder.path, 'config'), environment: 'demo' });
    server = createServer({ configuration, dataFolder: folder.path, port: 0 });
    await server.start();
    accessor = new ExternalAccessor({ url: server.url });
  }

  it('runs a process, and goes on with it after a restart', async () => {
    await start();
    const files = [{ name: 'first.bpmn', xml: userTaskModel('first') }];
    await new ManagementApiClient(accessor).deploy(identity, { files });
    const started = await new ConsumerApiClient(accessor).startProcessInstance(identity, 'first');
    accessor.close();
    await server.stop();

    await start();
    const client = new ConsumerApiClient(accessor);
    const { processInstanceId, correlationId } = started;
    const { userTasks } = await client.getUserTasksForProcessInstance(identity, processInstanceId);
    await client.finishUserTask(identity, processInstanceId, correlationId, userTasks[0]!.flowNodeInstanceId, {});
    const { correlationResults } = await client.getProcessResultForCorrelation(identity, correlationId, 'first');
    expect(correlationResults).to.have.length(1);
  });
});
