/**
 * The scripts of the sandbox's tests, over HTTP on a server of its own process, while `/health/live` is asked every 10 ms.
 * Prints the longest time between two answers for each kind of attack, for a harmless script run before each of them, and for
 * the deployment of large models; ends with 1 where it is over 250 ms for an attack. On a busy machine, where a harmless
 * script is answered late as well, the CPU time the server used between two answers tells what the gap would be without the
 * others.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { node, scriptTask, straightModel } from './lib/models.mjs';
import { number, table } from './lib/report.mjs';

const REPOSITORY = path.resolve(import.meta.dirname, '..');
const CORPUS = path.join(REPOSITORY, 'packages/core/test/scripts');
const LIMIT = 250;
const HARMLESS = 'harmless, for comparison';
const MODEL = 'large model, no attack';
const TOKEN = { authorization: 'Bearer ZHVtbXlfdG9rZW4=', 'content-type': 'application/json' };

/** The scripts among the string literals of the corpus, by the file they are in: those that say something. */
function attacks() {
  const files = readdirSync(CORPUS).filter((name) => /^script-.*\.test\.ts$/.test(name));
  return files.flatMap((file) =>
    readFileSync(path.join(CORPUS, file), 'utf8')
      .split('\n')
      .map((line) => /^ {2}(['`])(.*)\1,$/.exec(line)?.[2])
      .filter((source) => source !== undefined && /[;({]/.test(source))
      .map((source) => ({ kind: file.replace(/^script-|\.test\.ts$/g, ''), source: unescaped(source) })),
  );
}

const unescaped = (source) =>
  source
    .replaceAll('${LOOP}', '{ for (;;) {} }')
    .replaceAll("\\'", "'")
    .replaceAll('\\n', '\n')
    .replaceAll('\\\\', '\\');

async function serve(folder) {
  const program = path.join(REPOSITORY, 'packages/server/dist/cli.js');
  const server = spawn(process.execPath, [program, 'start', '--port', '0', '--data', folder], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await new Promise((resolve, reject) => {
    server.once('message', ({ ready }) => resolve(ready));
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { server, url };
}

const folder = mkdtempSync(path.join(tmpdir(), 'attack-lag-'));
const { server, url } = await serve(folder);
let longest = { gap: 0, cpu: 0 };
let asking = true;
const watching = (async () => {
  let last = performance.now();
  let used = cpuOf(server.pid);
  while (asking) {
    await (await fetch(`${url}/health/live`)).text();
    const now = performance.now();
    const usedNow = cpuOf(server.pid);
    longest = { gap: Math.max(longest.gap, now - last), cpu: Math.max(longest.cpu, usedNow - used) };
    [last, used] = [now, usedNow];
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
})();
const statuses = {};

/** Milliseconds of CPU time a process has used, where the system tells. */
function cpuOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** Deploys and runs a script. @returns the longest time, and most CPU time of the server, between two answers */
async function gapOf(id, source) {
  longest = { gap: 0, cpu: 0 };
  await deploy(straightModel(id, [scriptTask('attack', source)]));
  const start = `${url}/api/consumer/v1/process_models/${id}/start?start_callback_type=2`;
  const { status } = await fetch(start, { method: 'POST', headers: TOKEN, body: '{}' });
  statuses[status] = (statuses[status] ?? 0) + 1;
  await new Promise((resolve) => setTimeout(resolve, 30));
  return longest;
}

async function deploy(xml) {
  const body = JSON.stringify({ files: [{ name: 'a.bpmn', xml }] });
  await (await fetch(`${url}/api/management/v1/deployments`, { method: 'POST', headers: TOKEN, body })).text();
}

/** Models as large as they may be, and far larger. */
const tasks = (count) =>
  straightModel(
    'large',
    Array.from({ length: count }, (_, at) => node('userTask', `task_${at}`)),
  );
const MODELS = { '5,000 activities': tasks(5_000), 'a model of 10 MB': tasks(60_000) };

async function gapOfModel(xml) {
  longest = { gap: 0, cpu: 0 };
  await deploy(xml);
  await new Promise((resolve) => setTimeout(resolve, 30));
  return longest;
}

const worst = new Map();
const note = (kind, { gap, cpu }, source) => {
  const before = worst.get(kind) ?? { count: 0, gap: 0, cpu: 0, source: '' };
  const isWorse = cpu > before.cpu || (Number.isNaN(cpu) && gap > before.gap);
  worst.set(kind, {
    count: before.count + 1,
    gap: Math.max(gap, before.gap),
    cpu: Math.max(cpu, before.cpu),
    source: isWorse ? source : before.source,
  });
};
const sources = attacks();
for (const [index, { kind, source }] of sources.entries()) {
  note(HARMLESS, await gapOf(`harmless-${index}`, 'return 1'), 'return 1');
  note(kind, await gapOf(`attack-${index}`, source), source);
}
for (const [name, xml] of Object.entries(MODELS)) {
  note(MODEL, await gapOfModel(xml), `${name}, ${number(xml.length / 1e6)} MB`);
}
asking = false;
await watching;
const lives = server.exitCode === null;
server.kill('SIGTERM');
rmSync(folder, { recursive: true, force: true });
const rows = [...worst].sort(([, a], [, b]) => b.cpu - a.cpu);
console.log(
  table([
    ['kind of attack', 'scripts', 'longest gap, ms', 'CPU ms in a gap', 'at'],
    ...rows.map(([kind, { count, gap, cpu, source }]) => [
      kind,
      number(count),
      number(Math.round(gap)),
      number(Math.round(cpu)),
      source.slice(0, 60).padEnd(60),
    ]),
  ]),
);
const gap = Math.max(...rows.filter(([kind]) => kind !== MODEL).map(([, row]) => row.gap));
console.log(
  `\n${sources.length} attacks; answers by status ${JSON.stringify(statuses)}; the process ${lives ? 'lives' : 'died'}`,
);
console.log(
  `longest gap between two answers of /health/live: ${Math.round(gap)} ms (limit ${LIMIT}), without attack ${Math.round(worst.get(HARMLESS).gap)} ms`,
);
console.log(`while a large model is deployed: ${Math.round(worst.get(MODEL).gap)} ms (no limit)`);
process.exitCode = lives && gap <= LIMIT ? 0 : 1;
