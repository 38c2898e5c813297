import { request } from 'node:http';
import { expect } from 'chai';
import { afterEach, beforeEach, it } from 'mocha';
import { ExternalAccessor, ExternalTaskApiClient } from '@process-engine/client';
import type { Storage } from '@process-engine/contracts/storage';
import { createEngine, type ProcessEngine } from '@process-engine/core';
import { processBuilder } from '@process-engine/core/testing';
import { createHttpServer, DevelopmentIdentityService, type HttpServer } from '@process-engine/http';
import { createStorage } from '@process-engine/repository';
import { DATABASES, describeOnEach, type TestDatabase } from '../support/databases.js';
import { IDENTITY } from './drive.js';
import { until } from './until.js';

const TASKS = 10;
/** Nobody waits in this test until it has ended, ms. */
const LOCK_DURATION = 600_000;
const PATIENCE = 15_000;

const MODEL = processBuilder('packing').startEvent('start').externalTask('pack', 'pack').endEvent('end');

describeOnEach(DATABASES, 'external tasks whose client has gone before the answer', function (kind) {
  this.timeout(60_000);
  let database: TestDatabase;
  let storage: HeldStorage;
  let engine: ProcessEngine;
  let http: HttpServer;
  let port: number;
  /** Connections of requests to fetch that the server has seen end. */
  let closed: number;
  let accessor: ExternalAccessor;

  beforeEach(async () => {
    database = await kind.create();
    storage = new HeldStorage(createStorage(database.config));
    engine = createEngine({ storage: storage.storage, pollInterval: 200 });
    await engine.start();
    http = createHttpServer(engine, { identityService: new DevelopmentIdentityService() });
    closed = 0;
    http.server.on('request', (_, response) => response.once('close', () => (closed += 1)));
    ({ port } = await http.listen(0, '127.0.0.1'));
    accessor = new ExternalAccessor({ url: `http://127.0.0.1:${port}` });
    await engine.managementApi.deploy(IDENTITY, { files: [{ name: 'packing.bpmn', xml: MODEL.toXml() }] });
  });

  afterEach(async () => {
    storage.release();
    accessor.close();
    await http.close();
    await engine.stop();
    await database.drop();
  });

  it('are released, and another worker gets them at once', async () => {
    await start(TASKS);
    storage.hold();
    const clients = Array.from({ length: TASKS }, (_, at) => fetchOne(`gone-${at}`, 0));
    await until('all tasks are locked', () => reached(storage.claimed === TASKS), PATIENCE);
    for (const client of clients) client.destroy();
    await until('the server has seen that they are gone', () => reached(closed === TASKS), PATIENCE);
    storage.release();
    expect(await fetchAll('next', TASKS)).to.equal(TASKS);
  });

  it('are not locked for a client that went while it waited for them', async () => {
    const waiting = fetchOne('gone', 60_000);
    await until('the client waits', () => reached(storage.claims > 0), PATIENCE);
    waiting.destroy();
    await until('the server has seen that it is gone', () => reached(closed === 1), PATIENCE);
    await start(1);
    expect(await fetchAll('next', 1)).to.equal(1);
  });

  async function start(count: number): Promise<void> {
    const starts = Array.from({ length: count }, () => engine.consumerApi.startProcessInstance(IDENTITY, 'packing'));
    await Promise.all(starts);
  }

  /** A worker's request on a connection of its own. */
  function fetchOne(workerId: string, longPollingTimeout: number) {
    const body = { workerId, topicName: 'pack', maxTasks: 1, longPollingTimeout, lockDuration: LOCK_DURATION };
    const call = request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/api/external_task/v1/fetch_and_lock',
      headers: { authorization: `Bearer ${IDENTITY.token}`, 'content-type': 'application/json' },
      agent: false,
    });
    call.on('error', () => undefined);
    call.end(JSON.stringify(body));
    return call;
  }

  /** As another worker, until there are so many. */
  async function fetchAll(workerId: string, count: number): Promise<number> {
    const client = new ExternalTaskApiClient(accessor);
    const ids = new Set<string>();
    const fetched = async () => {
      const tasks = await client.fetchAndLockExternalTasks(IDENTITY, workerId, 'pack', count, 0, LOCK_DURATION);
      for (const { id } of tasks) ids.add(id);
      return reached(ids.size >= count);
    };
    await until('the tasks can be fetched', fetched, PATIENCE);
    return ids.size;
  }
});

/** A storage that can keep the answers to claims back, after they were committed. */
class HeldStorage {
  readonly storage: Storage;
  /** Claims that were made, and tasks that were locked by them. */
  claims = 0;
  claimed = 0;
  #held: Promise<unknown> | undefined;
  #release: (() => void) | undefined;

  constructor(inner: Storage) {
    this.storage = new Proxy(inner, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
        return name === 'claimExternalTasks' ? (claim: unknown) => this.#claim(call, claim) : call;
      },
    });
  }

  hold(): void {
    this.#held = new Promise<void>((resolve) => (this.#release = resolve));
  }

  release(): void {
    this.#release?.();
  }

  async #claim(call: (claim: unknown) => Promise<unknown>, claim: unknown): Promise<unknown> {
    const tasks = (await call(claim)) as readonly unknown[];
    this.claims += 1;
    this.claimed += tasks.length;
    await this.#held;
    return tasks;
  }
}

function reached(condition: boolean): Promise<true | undefined> {
  return Promise.resolve(condition ? true : undefined);
}
