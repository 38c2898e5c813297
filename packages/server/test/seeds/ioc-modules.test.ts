import { expect } from 'chai';
import type { ConsumerApiClientService, ManagementApiClient } from '@process-engine/client';
import { registerInContainer as registerClient } from '@process-engine/client/ioc';
import type { ProcessEngine } from '@process-engine/core';
import { registerInContainer as registerCore } from '@process-engine/core/ioc';
import { DevelopmentIdentityService, type HttpExtension } from '@process-engine/http';
import { registerInContainer as registerHttp } from '@process-engine/http/ioc';
import { registerInContainer as registerRepository } from '@process-engine/repository/ioc';
import { approval } from '../support/seed-models.js';
import { SimpleContainer } from '../support/simple-container.js';

const ALICE = { userId: 'alice', token: Buffer.from('alice').toString('base64') };

describe('The IoC modules', () => {
  it('make a server and its client', async () => {
    const serverSide = new SimpleContainer({
      'process_engine:database': { dialect: 'sqlite', storage: ':memory:' },
      'http:http_extension': { server: { port: 0 } },
    });
    serverSide.register('IdentityService', DevelopmentIdentityService);
    registerRepository(serverSide);
    registerCore(serverSide);
    registerHttp(serverSide);
    const engine = serverSide.resolve<ProcessEngine>('EngineApi');
    const http = serverSide.resolve<HttpExtension>('HttpExtension');
    await engine.start();
    const { port } = await http.initialize();

    const clientSide = new SimpleContainer({ 'services:http': { url: `http://127.0.0.1:${port}` } });
    registerClient(clientSide);
    try {
      const files = [{ name: 'approval.bpmn', xml: approval('approval') }];
      await clientSide.resolve<ManagementApiClient>('ManagementApiClientService').deploy(ALICE, { files });
      const client = clientSide.resolve<ConsumerApiClientService>('ConsumerApiClientService');
      const { processInstanceId } = await client.startProcessInstance(ALICE, 'approval');
      const { userTasks } = await client.getUserTasksForProcessInstance(ALICE, processInstanceId);
      expect(userTasks.map(({ id }) => id)).to.deep.equal(['Approve']);
    } finally {
      await http.dispose();
      await engine.stop();
    }
  });
});
