/**
 * The server that is attacked, in a process of its own: started by `FuzzedServer`, on a database file in the folder of its first
 * argument. It ends with its parent.
 */
import path from 'node:path';
import { silentLogger } from '@process-engine/contracts';
import { createEngine } from '@process-engine/core';
import { createHttpServer, DevelopmentIdentityService } from '@process-engine/http';
import { createStorage } from '@process-engine/repository';
import { IDENTITY, MODEL } from './fuzzed-model.js';
import type { FromServer, ServerMemory, ToServer } from './fuzzed-server.js';

process.on('disconnect', () => process.exit());

const logger = {
  ...silentLogger,
  error: (fields: object, message: string) => send({ finding: `logged: ${message}: ${reasonOf(fields)}` }),
};
const file = path.join(process.argv[2]!, 'fuzz.sqlite');
const storage = createStorage({ dialect: 'sqlite', storage: file, synchronous: 'normal' });
const engine = createEngine({ storage, logger, eventLog: 'all' });
await engine.start();
await engine.managementApi.deploy(IDENTITY, { files: [{ name: 'fuzzed.bpmn', xml: MODEL }] });
const server = createHttpServer(engine, { identityService: new DevelopmentIdentityService(), logger });
const { port } = await server.listen(0);

process.on('message', (message: ToServer) => {
  if (message === 'memory') send({ memory: memory() });
  else void stop();
});
send({ port });

async function stop(): Promise<void> {
  await server.close();
  await engine.stop();
  if ('polluted' in {}) send({ finding: 'the prototype of objects was changed' });
  process.disconnect();
}

/**
 * Without garbage: that of many connections outlives the collections of young objects, and waits in tens of megabytes for the
 * next of all objects.
 */
function memory(): ServerMemory {
  globalThis.gc!();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

function send(message: FromServer): void {
  process.send!(message);
}

function reasonOf(fields: object): string {
  const { err, error = err } = fields as { err?: unknown; error?: unknown };
  return error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(fields);
}
