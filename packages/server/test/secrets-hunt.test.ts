import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ExternalAccessor, ConsumerApiClient, ManagementApiClient } from '@process-engine/client';
import { processBuilder } from '@process-engine/core/testing';
import { createLogger, createServer } from '@process-engine/server';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import { rejection } from './support/rejection.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const SECRET = 'sharedsecret-marker-4711-that-is-long-enough';
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

describe('A hunt for secrets', function () {
  this.timeout(60_000);

  it('finds tokens and passwords nowhere, and payloads only in the database and in answers', async () => {
    const folder = new TemporaryFolder();
    const logged: string[] = [];
    const jwt = { issuer: 'me', audience: 'engine', sharedSecret: SECRET, claims: { claims: 'claims' } };
    const server = createServer({
      configuration: { iam: { iam_service: { auth: 'jwt', jwt } } },
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
    accessor.close();
    await server.stop();

    const database = contentOf(folder.path);
    folder.remove();
    const places = { database, logs: logged.join(''), told, refused, audit };
    for (const [place, content] of Object.entries(places)) {
      const text = typeof content === 'string' ? content : JSON.stringify(content, errorFields);
      expect(text.length, place).to.be.greaterThan(50);
      for (const secret of [token, signature, SECRET])
        expect(text.includes(secret), `${place} holds a secret`).to.equal(false);
    }
    expect(database).to.include(PAYLOAD);
    for (const place of ['logs', 'refused', 'audit'] as const)
      expect(JSON.stringify(places[place], errorFields), place).not.to.include(PAYLOAD);
  });
});

/** Errors with all that is known of them. */
function errorFields(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { text: String(value), stack: value.stack, cause: value.cause, fields: { ...value } };
}
