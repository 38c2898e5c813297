/**
 * The previous release beside this one: its client against this server, and this client against its server. Each pair does
 * the sample script, the work of an external task, and hears of an instance's end.
 *
 * The previous release is the newest tag `v…` before this commit, installed from npm; before there is one the check is
 * skipped. `--packages <folder>` takes the packages from the folder's node_modules instead.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const identity = { userId: 'dummy_token', token: Buffer.from('dummy_token').toString('base64') };
const WITHIN = 10_000;

const { values } = parseArgs({ options: { packages: { type: 'string' } } });
const version = values.packages === undefined ? previousVersion() : 'in the given folder';
const counts = { passed: 0, failed: 0, skipped: 0 };
if (version === undefined) {
  console.log('skipped: there is no earlier release');
  counts.skipped = 2;
} else {
  await comparePair(values.packages ?? install(version));
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (process.env.STEP_COUNTS) appendFileSync(process.env.STEP_COUNTS, `${JSON.stringify(counts)}\n`);
process.exit(counts.failed === 0 ? 0 : 1);

function previousVersion() {
  try {
    const args = ['describe', '--tags', '--match', 'v*', '--abbrev=0', 'HEAD^'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .slice(1);
  } catch {
    return undefined;
  }
}

function install(release) {
  const folder = mkdtempSync(path.join(tmpdir(), 'process-engine-previous-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const names = ['client', 'server'].map((name) => `@process-engine/${name}@${release}`);
  const options = ['--no-audit', '--no-fund', '--no-save', '--loglevel=warn', '--prefix', folder];
  execFileSync('npm', ['install', ...options, ...names], { stdio: 'inherit', shell: process.platform === 'win32' });
  return folder;
}

async function comparePair(folder) {
  const [current, earlier] = await Promise.all([packagesOf('.'), packagesOf(folder)]);
  await check(`the client ${version} with this server`, earlier.client, current.server);
  await check(`this client with the server ${version}`, current.client, earlier.server);
}

async function packagesOf(folder) {
  const load = (name) =>
    import(pathToFileURL(path.resolve(folder, 'node_modules/@process-engine', name, 'dist/index.js')));
  return { client: await load('client'), server: await load('server') };
}

async function check(title, client, server) {
  try {
    await useTogether(client, server);
    counts.passed += 1;
    console.log(`ok ${title}`);
  } catch (error) {
    counts.failed += 1;
    console.error(`FAILED ${title}: ${error.stack}`);
  }
}

async function useTogether(clientPackage, serverPackage) {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'process-engine-pair-'));
  const server = serverPackage.createServer({ dataFolder, deployFolder: 'samples/processes', port: 0 });
  await server.start();
  const accessor = new clientPackage.ExternalAccessor({ url: server.url });
  try {
    const client = new clientPackage.ConsumerApiClient(accessor);
    await finishATask(client);
    await workOn(clientPackage, accessor, client);
  } finally {
    accessor.close();
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

async function finishATask(client) {
  const model = 'sample_process';
  const { correlationId } = await client.startProcessInstance(identity, model, { inputValues: {} });
  const { userTasks } = await client.getUserTasksForProcessModelInCorrelation(identity, model, correlationId);
  const { processInstanceId, flowNodeInstanceId } = userTasks[0];
  const values = { formFields: { TaskWasSuccessful: true } };
  await client.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId, values);
  const { correlationResults } = await client.getProcessResultForCorrelation(identity, correlationId, model);
  if (correlationResults[0]?.endEventId !== 'EndEvent_Success') throw new Error('the process has not ended well');
}

async function workOn({ ExternalTaskApiClient, ExternalTaskWorker }, accessor, client) {
  const { promise: ended, resolve } = deferred();
  await client.onProcessEnded(identity, resolve, true);
  const worker = new ExternalTaskWorker(new ExternalTaskApiClient(accessor), {
    identity,
    topic: 'calculate_price',
    handler: () => ({ price: 1 }),
  });
  worker.start();
  try {
    const answer = await within(client.startProcessInstance(identity, 'price_process', { inputValues: {} }, 2));
    const { processInstanceId } = await within(ended);
    if (processInstanceId !== answer.processInstanceId) throw new Error('the end of another instance was told');
  } finally {
    await worker.stop();
  }
}

function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

function within(work) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`nothing within ${WITHIN} ms`)), WITHIN).unref();
  });
  return Promise.race([work, late]);
}
