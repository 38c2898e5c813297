import { expect } from 'chai';
import type { EngineApi } from '@process-engine/contracts';
import { createEngine, type ProcessEngine } from '@process-engine/core';
import { processBuilder } from '@process-engine/core/testing';
import { createHttpServer, DevelopmentIdentityService, type HttpServer } from '@process-engine/http';
import {
  ConsumerApiClient,
  ExternalAccessor,
  ExternalTaskApiClient,
  ExternalTaskBpmnError,
  ExternalTaskSuccessResult,
  ExternalTaskWorker,
  InternalAccessor,
  ManagementApiClient,
} from '@process-engine/client';

const identity = { userId: 'dummy_token', token: 'ZHVtbXlfdG9rZW4=' };

const model = processBuilder('order')
  .startEvent('Start')
  .externalTask('Price', 'price')
  .endEvent('Priced')
  .boundaryEvent('Unknown', 'Price', '<bpmn:errorEventDefinition/>')
  .endEvent('Refused');

describe('A worker and an engine', () => {
  let engine: ProcessEngine;
  let server: HttpServer;
  let remote: ExternalAccessor;

  beforeEach(async () => {
    engine = createEngine();
    await engine.start();
    server = createHttpServer(engine, { identityService: new DevelopmentIdentityService() });
    const { port } = await server.listen(0);
    remote = new ExternalAccessor({ url: `http://127.0.0.1:${port}` });
    const files = [{ name: 'order.bpmn', xml: model.toXml() }];
    await new ManagementApiClient(remote).deploy(identity, { files });
  });

  afterEach(async () => {
    remote.close();
    await server.close();
    await engine.stop();
  });

  const accessors: Record<string, () => EngineApi> = {
    'in one process': () => new InternalAccessor(engine),
    'over HTTP': () => remote,
  };
  for (const [where, accessor] of Object.entries(accessors)) {
    it(`work together ${where}`, async () => {
      const api = accessor();
      const worker = new ExternalTaskWorker<{ article?: string }>(new ExternalTaskApiClient(api), {
        identity,
        topic: 'price',
        handler: ({ id, payload }) =>
          payload?.article === 'apple' ? { total: 30 } : new ExternalTaskBpmnError(id, 'unknown', 'no such article'),
      });
      worker.start();
      const order = async (article: string) => {
        const inputValues = { article };
        const answer = await new ConsumerApiClient(api).startProcessInstance(identity, 'order', { inputValues }, 2);
        return [answer.endEventId, answer.tokenPayload];
      };
      const answers = await Promise.all([order('apple'), order('durian')]);
      await worker.stop();

      expect(answers).to.deep.equal([
        ['Priced', { total: 30 }],
        ['Refused', { name: 'BpmnError', code: 'unknown', message: 'no such article' }],
      ]);
    });

    it(`leave each other in peace ${where}`, async () => {
      const api = accessor();
      const handler = () => undefined;
      const worker = new ExternalTaskWorker(new ExternalTaskApiClient(api), { identity, topic: 'price', handler });
      worker.start();
      await new ConsumerApiClient(api).startProcessInstance(identity, 'order', {}, 2);
      await worker.stop();
      // The engine learns from the connection that the worker is gone; a call later it knows.
      await api.consumerApi.getApplicationInfo();
      const { processInstanceId } = await new ConsumerApiClient(api).startProcessInstance(identity, 'order');

      const tasks = await api.externalTaskApi.fetchAndLockExternalTasks(identity, 'other', 'price', 1, 60_000, 1_000);
      expect(tasks.map((task) => task.processInstanceId)).to.deep.equal([processInstanceId]);
    });
  }

  it('work together where the worker is made in the form of the published ones', async () => {
    const url = remote.config.url!;
    const worker = new ExternalTaskWorker(url, identity, 'price', 0, 10_000, async ({ id }) =>
      Promise.resolve(new ExternalTaskSuccessResult(id, { total: 1 })),
    );
    expect(worker.workerId).to.match(/^[0-9a-f-]{36}$/);
    worker.start();
    expect(worker.pollingIsActive).to.equal(true);
    const answer = await new ConsumerApiClient(remote).startProcessInstance(identity, 'order', {}, 2);
    await worker.stop();
    expect([answer.endEventId, answer.tokenPayload]).to.deep.equal(['Priced', { total: 1 }]);
  });

  it('tell the end of a started instance over the notifications', async () => {
    const simple = processBuilder('simple').startEvent('Start').endEvent('End').toXml();
    await new ManagementApiClient(remote).deploy(identity, { files: [{ name: 'simple.bpmn', xml: simple }] });
    let ended: (processInstanceId: string) => void = () => {};
    const end = new Promise<string>((resolve) => (ended = resolve));
    const started = await new ConsumerApiClient(remote).startProcessInstance(
      identity,
      'simple',
      {},
      1,
      undefined,
      undefined,
      { onProcessEnded: (payload) => ended(payload.processInstanceId) },
    );
    expect(await end).to.equal(started.processInstanceId);
  });
});
