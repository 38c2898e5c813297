/**
 * The scripts of the sandbox's tests, started over HTTP on a server of its own process, while `/health/live` is asked every
 * 10 ms. Prints the longest time between two answers; ends with 1 where it is over 250 ms.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scriptTask, straightModel } from './lib/models.mjs';

const REPOSITORY = path.resolve(import.meta.dirname, '..');
const CORPUS = path.join(REPOSITORY, 'packages/core/test/scripts');
const LIMIT = 250;
const TOKEN = { authorization: 'Bearer ZHVtbXlfdG9rZW4=', 'content-type': 'application/json' };

/** The scripts among the string literals of the corpus: those that say something. */
function attacks() {
  const files = readdirSync(CORPUS).filter((name) => /^script-.*\.test\.ts$/.test(name));
  const lines = files.flatMap((name) => readFileSync(path.join(CORPUS, name), 'utf8').split('\n'));
  return lines
    .map((line) => /^ {2}(['`])(.*)\1,$/.exec(line)?.[2])
    .filter((source) => source !== undefined && /[;({]/.test(source))
    .map((source) => source.replaceAll("\\'", "'"));
}

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
let longest = 0;
let asking = true;
const watching = (async () => {
  let last = performance.now();
  while (asking) {
    await (await fetch(`${url}/health/live`)).text();
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
})();
const sources = attacks();
const statuses = {};
let worst = { gap: 0, source: '' };
for (const [index, source] of sources.entries()) {
  const before = longest;
  const xml = straightModel(`attack-${index}`, [scriptTask('attack', source)]);
  const body = JSON.stringify({ files: [{ name: 'a.bpmn', xml }] });
  await fetch(`${url}/api/management/v1/deployments`, { method: 'POST', headers: TOKEN, body });
  const start = `${url}/api/consumer/v1/process_models/attack-${index}/start?start_callback_type=2`;
  const { status } = await fetch(start, { method: 'POST', headers: TOKEN, body: '{}' });
  statuses[status] = (statuses[status] ?? 0) + 1;
  if (longest > before) worst = { gap: longest, source };
}
asking = false;
await watching;
const lives = server.exitCode === null;
server.kill('SIGTERM');
rmSync(folder, { recursive: true, force: true });
console.log(
  `${sources.length} attacks; answers by status ${JSON.stringify(statuses)}; the process ${lives ? 'lives' : 'died'}`,
);
console.log(
  `longest gap between two answers of /health/live: ${Math.round(longest)} ms (limit ${LIMIT}); at: ${worst.source.slice(0, 100)}`,
);
process.exitCode = lives && longest <= LIMIT ? 0 : 1;
