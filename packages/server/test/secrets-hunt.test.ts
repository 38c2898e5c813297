import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ExternalAccessor, ConsumerApiClient, ManagementApiClient } from '@process-engine/client';
import { processBuilder } from '@process-engine/core/testing';
import { createLogger, createServer, type Configuration } from '@process-engine/server';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import { describeOnEach, POSTGRES, SQLITE, type TestDatabase } from './support/databases.js';
import { rejection } from './support/rejection.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const SECRET = 'sharedsecret-marker-4711-that-is-long-enough';
const PASSWORD = 'databasepassword-marker-4711';
const PAYLOAD = 'payloadmarker4711';

const MODEL = processBuilder('Hunt')
  .startEvent('S')
  .scriptTask('Script', 'return { token: identity.token, user: identity.userId, all: token.current };')
  .userTask('U')
  .externalTask('X', 'work')
  .scriptTask('F', 'throw new Error("broken " + identity.token)')
  .endEvent('E');

/** Everything in the folder, as text. */
function contentOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => readFileSync(path.join(file.parentPath, file.name), 'latin1')).join('\n');
}

/** All rows of all tables, as text. */
async function rowsOf({ config: { schema } }: TestDatabase): Promise<string> {
  const tables = (await POSTGRES.administer(
    `select table_name as name from information_schema.tables where table_schema = '${schema}'`,
  )) as { name: string }[];
  const texts = [];
  for (const { name } of tables) {
    texts.push(JSON.stringify(await POSTGRES.administer(`select t::text as row from "${schema}"."${name}" t`)));
  }
  return texts.join('\n');
}

/** What a stream of server-sent events tells until the server ends it. */
async function streamed(url: string, token: string): Promise<() => Promise<string>> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).to.equal(200);
  const text = response.text().catch((error: unknown) => String(error));
  return () => text;
}

describeOnEach([SQLITE, POSTGRES], 'A hunt for secrets', function (kind) {
  this.timeout(60_000);
  let database: TestDatabase;
  beforeEach(async () => {
    database = await kind.create();
  });
  afterEach(() => database.drop());

  /** The database's password is asked for by PostgreSQL only where it wants one; it is known to the server in any case. */
  function configurationOf(address: object): Configuration {
    const jwt = { issuer: 'me', audience: 'engine', sharedSecret: SECRET, claims: { claims: 'claims' } };
    return {
      iam: { iam_service: { auth: 'jwt', jwt } },
      process_engine: {
        database: { ...database.config, ...(kind === POSTGRES ? { password: PASSWORD } : {}), ...address },
      },
    } as Configuration;
  }

  const onServer = (title: string, test: () => Promise<void>): void => void (kind === POSTGRES && it(title, test));
  onServer('finds the password of a database nowhere when it is away', async () => {
    const logged: string[] = [];
    const folder = new TemporaryFolder();
    const server = createServer({
      configuration: configurationOf({ port: 1 }),
      dataFolder: folder.path,
      port: 0,
      logger: createLogger({ level: 'debug', stream: { write: (line) => logged.push(line) } }),
    });
    const error = await rejection(server.start());
    await server.stop();
    folder.remove();
    for (const text of [JSON.stringify(error, errorFields), logged.join('')]) {
      expect(text.includes(PASSWORD) || text.includes(SECRET)).to.equal(false);
    }
  });

  it('finds tokens and passwords nowhere, and payloads only in the database and in answers', async () => {
    const folder = new TemporaryFolder();
    const logged: string[] = [];
    const server = createServer({
      configuration: configurationOf({}),
      dataFolder: folder.path,
      port: 0,
      logger: createLogger({ level: 'debug', stream: { write: (line) => logged.push(line) } }),
    });
    await server.start();
    const token = await new SignJWT({ iss: 'me', aud: 'engine', sub: 'olga', claims: ['can_manage_process_instances'] })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(SECRET));
    const signature = token.split('.')[2]!;
    const identity = { userId: 'olga', token };
    const accessor = new ExternalAccessor({ url: server.url });
    const consumer = new ConsumerApiClient(accessor);
    const management = new ManagementApiClient(accessor);
    const told: unknown[] = [];
    const refused: unknown[] = [];

    await management.deploy(identity, { files: [{ name: 'hunt.bpmn', xml: MODEL.toXml() }] });
    const stream = await streamed(`${server.url}/api/consumer/v1/notifications`, token);
    await consumer.onProcessError(identity, (event) => void told.push(event));
    const { processInstanceId, correlationId } = await consumer.startProcessInstance(identity, 'Hunt', {
      inputValues: { marker: PAYLOAD },
    });
    const { userTasks } = await consumer.getUserTasksForProcessInstance(identity, processInstanceId);
    told.push(userTasks);
    const task = userTasks[0]!.flowNodeInstanceId;
    await consumer.finishUserTask(identity, processInstanceId, correlationId, task, { formFields: { a: PAYLOAD } });
    const [work] = await consumer.fetchAndLockExternalTasks(identity, 'w', 'work', 1, 1_000, 10_000);
    await consumer.finishExternalTask(identity, 'w', work!.id, { marker: PAYLOAD });
    refused.push(await rejection(consumer.finishExternalTask(identity, 'w', work!.id)));
    refused.push(await rejection(consumer.getProcessModelById({ userId: 'x', token: `${token}x` }, 'Hunt')));
    for (const body of [`{"a": ${PAYLOAD}`, '{']) {
      const response = await fetch(`${server.url}/api/consumer/v1/signal/s/trigger`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
      });
      refused.push(await response.text());
    }
    told.push(await management.getFlowNodeInstances(identity, processInstanceId));
    const audit = await management.getAuditLog(identity);
    const health = [];
    for (const page of ['/health/live', '/health/ready', '/info', '/openapi.json', '/']) {
      health.push(await (await fetch(server.url + page)).text());
    }
    accessor.close();
    await server.stop();

    const stored = kind === POSTGRES ? await rowsOf(database) : contentOf(path.dirname(database.config.storage!));
    const places = { stored, logs: logged.join(''), told, streamed: await stream(), refused, audit, health };
    folder.remove();
    for (const [place, content] of Object.entries(places)) {
      const text = typeof content === 'string' ? content : JSON.stringify(content, errorFields);
      expect(text.length, place).to.be.greaterThan(50);
      for (const secret of [token, signature, SECRET, PASSWORD])
        expect(text.includes(secret), `${place} holds a secret`).to.equal(false);
    }
    expect(stored).to.include(PAYLOAD);
    for (const place of ['logs', 'refused', 'audit', 'health'] as const)
      expect(JSON.stringify(places[place], errorFields), place).not.to.include(PAYLOAD);
  });
});

/** Errors with all that is known of them. */
function errorFields(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { text: String(value), stack: value.stack, cause: value.cause, fields: { ...value } };
}
