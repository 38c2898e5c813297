import { expect } from 'chai';
import { afterEach, it } from 'mocha';
import { definitions, processBuilder } from '@process-engine/core/testing';
import { createServer, type Server } from '@process-engine/server';
import { until } from '../crash/until.js';
import { describeOnEach, SERVERS } from '../support/databases.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

const IDENTITY = { userId: 'dummy_token', token: Buffer.from('dummy_token').toString('base64') };

/** A timer, so that the node has looked for work when the service begins. */
const MODEL = processBuilder('holding')
  .startEvent('start')
  .node('intermediateCatchEvent', 'soon', {}, definitions.timer('timeDuration', 'PT0.05S'))
  .serviceTask('hold', 'hold')
  .endEvent('end');

describeOnEach(SERVERS, 'servers of one machine that take any free port', function (kind) {
  this.timeout(30_000);
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('do not take each other for the same node: work under way stays with the one that does it', async () => {
    const folder = new TemporaryFolder();
    ends.push(() => Promise.resolve(folder.remove()));
    const database = await kind.create();
    ends.push(() => database.drop());
    const begun: string[] = [];
    const gate = new AbortController();
    ends.push(() => Promise.resolve(gate.abort()));
    const hold = async ({ processInstanceId }: { processInstanceId: string }) => {
      begun.push(processInstanceId);
      await new Promise((resolve) => gate.signal.addEventListener('abort', resolve, { once: true }));
    };
    const configuration = { process_engine: { database: { ...database.config, logging: false } } };
    const start = async (): Promise<Server> => {
      const server = createServer({ configuration, dataFolder: folder.path, port: 0, services: { hold } });
      ends.push(() => server.stop());
      await server.start();
      return server;
    };
    const begin = async ({ engine }: Server): Promise<string> => {
      const { processInstanceId } = await engine.consumerApi.startProcessInstance(IDENTITY, 'holding');
      const isBegun = () => Promise.resolve(begun.includes(processInstanceId) ? (true as const) : undefined);
      await until('the service is begun', isBegun);
      return processInstanceId;
    };

    const first = await start();
    await first.engine.managementApi.deploy(IDENTITY, { files: [{ name: 'holding.bpmn', xml: MODEL.toXml() }] });
    const held = await begin(first);
    const second = await start();
    const other = await begin(second);
    expect(begun).to.deep.equal([held, other]);
    gate.abort();
    await Promise.all([first.engine.idle(), second.engine.idle()]);
  });
});
