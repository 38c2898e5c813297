/** A server of this repository, used by the published clients over real HTTP and sockets. */
import { createRequire } from 'node:module';
import { after, before, describe } from 'mocha';
import { StaticClaimsService } from '../../../packages/http/dist/index.js';
import { createServer } from '../../../packages/server/dist/index.js';
import { DATABASES } from './databases.mjs';

const require = createRequire(import.meta.url);
const { HttpClient } = require('@essential-projects/http');
const consumerApi = require('@process-engine/consumer_api_client');
const externalTaskApi = require('@process-engine/external_task_api_client');

const identityOf = (userId) => ({ userId, token: Buffer.from(userId).toString('base64') });

/** Everything is allowed to it, because the server's `allowGodToken` is on. */
export const god = identityOf('dummy_token');
/** May use models, but sees one lane only. */
export const clerk = identityOf('clerk');
/** Has no claim at all. */
export const nobody = identityOf('nobody');

const CLAIMS = { clerk: ['can_read_process_model', 'can_subscribe_to_events', 'office'] };

/** Runs the suite once per database; each run has a server and a database of its own. */
export function onEachDatabase(title, suite) {
  for (const [name, create] of Object.entries(DATABASES)) {
    describe(`${title} on ${name}`, () => {
      const engine = new Engine();
      before(async function () {
        this.timeout(30_000);
        const database = await create();
        if (typeof database === 'string') {
          process.stdout.write(`      skipped: ${database}\n`);
          this.skip();
        }
        await engine.open(database);
      });
      after(async function () {
        this.timeout(30_000);
        await engine.close();
      });
      suite(engine);
    });
  }
}

export class Engine {
  #database;
  #server;
  #accessors = [];

  async open(database) {
    this.#database = database;
    await this.start();
  }

  async start() {
    this.#server = createServer({
      configuration: { process_engine: { database: this.#database.config } },
      iamService: new StaticClaimsService(CLAIMS, { allowGodToken: true, strict: true }),
      port: 0,
    });
    await this.#server.start();
  }

  async stop() {
    for (const { accessor, identity } of this.#accessors.splice(0)) accessor.disconnectSocket(identity);
    await this.#server?.stop();
    this.#server = undefined;
  }

  async close() {
    await this.stop();
    await this.#database?.remove();
  }

  get url() {
    return this.#server.url;
  }

  async deploy(...models) {
    const files = models.map((xml, index) => ({ name: `${index}.bpmn`, xml }));
    await this.#server.engine.managementApi.deploy(god, { files });
  }

  async terminate(processInstanceId) {
    await this.#server.engine.managementApi.terminateProcessInstance(god, processInstanceId);
  }

  /** The consumer client, put together as its documentation says. */
  consumer() {
    return new consumerApi.ConsumerApiClient(this.#consumerAccessor());
  }

  /** The consumer client with the identity's socket connected. */
  async listeningConsumer(identity) {
    const { accessor, socket } = this.socketOf(identity);
    await eventually(() => socket.connected, Boolean, 'the socket is connected');
    return { client: new consumerApi.ConsumerApiClient(accessor), socket };
  }

  /** The identity's socket, which connects by itself, and the accessor that made it. */
  socketOf(identity) {
    const accessor = this.#consumerAccessor();
    accessor.initializeSocket(identity);
    this.#accessors.push({ accessor, identity });
    return { accessor, socket: accessor.getSocketForIdentity(identity) };
  }

  externalTasks() {
    return new externalTaskApi.ExternalTaskApiClientService(
      new externalTaskApi.ExternalTaskApiExternalAccessor(this.#httpClient()),
    );
  }

  #consumerAccessor() {
    const accessor = new consumerApi.ExternalAccessor(this.#httpClient());
    accessor.config = { socketUrl: this.url };
    return accessor;
  }

  #httpClient() {
    const httpClient = new HttpClient();
    httpClient.config = { url: this.url };
    return httpClient;
  }
}

/** The two packages with what tests of both need. */
export const PACKAGES = {
  consumer_api_client: {
    client: (engine) => engine.consumer(),
    ExternalTaskWorker: consumerApi.ExternalTaskWorker,
    ...require('@process-engine/consumer_api_contracts').DataModels.ExternalTask,
  },
  external_task_api_client: {
    client: (engine) => engine.externalTasks(),
    ExternalTaskWorker: externalTaskApi.ExternalTaskWorker,
    ...contractsOf('@process-engine/external_task_api_client').DataModels.ExternalTask,
  },
};

/** The contracts a package was built with; its result classes are compared by `instanceof`. */
function contractsOf(name) {
  return createRequire(require.resolve(name))('@process-engine/consumer_api_contracts');
}

export const errors = require('@essential-projects/errors_ts');

/** The error a call of a published client fails with; checked to be one that such a client's user can tell apart. */
export async function rejection(call, name, pattern = /./) {
  const outcome = await call.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`expected a ${name}, got the answer ${JSON.stringify(outcome.value)}`);
  const { error } = outcome;
  if (!(error instanceof errors[name])) throw new Error(`expected a ${name}, got ${error.name}: ${error.message}`);
  if (!pattern.test(error.message)) throw new Error(`${name}: '${error.message}' does not match ${pattern}`);
  if (error.isEssentialProjectsError !== true || error.code !== errors.ErrorCodes[name]) {
    throw new Error(`${name}: isEssentialProjectsError ${error.isEssentialProjectsError}, code ${error.code}`);
  }
  return error;
}

/** The value as soon as the condition holds; fails after five seconds. */
export async function eventually(read, holds, what) {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`not within five seconds: ${what}; at last ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
