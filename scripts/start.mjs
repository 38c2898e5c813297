/**
 * `npm start`: builds what has changed and starts a server on SQLite in `.data`, at port 8000, with the sample processes.
 * Arguments are those of `process-engine start` and come on top: `npm start -- --port 9000`.
 */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';

process.chdir(path.join(import.meta.dirname, '..'));

const TYPESCRIPT = 'node_modules/typescript-7/bin/tsc';
const PROJECTS = ['packages/server'];
const SERVER = 'packages/server/dist/cli.js';
const DEFAULTS = ['--data', '.data', '--deploy', 'samples/processes'];
const INTERRUPTED = 130;

build();
serve(process.argv.slice(2));

function build() {
  console.log('Building what has changed …');
  const { status } = spawnSync(process.execPath, [TYPESCRIPT, '-b', ...PROJECTS], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? INTERRUPTED);
}

/** The server is a process of its own, started as its users start it; it says on a channel when it can be called. */
function serve(args) {
  const server = spawn(process.execPath, [SERVER, 'start', ...DEFAULTS, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  server.on('message', ({ ready: url }) => {
    console.log(`\nThe process engine is at ${url} (ctrl+c stops it).`);
    console.log(`Next, in a second terminal: npm run sample:client${argumentsFor(url)}\n`);
    server.disconnect();
  });
  // Ctrl+c reaches both processes; this one ends when the server has ended.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => server.kill('SIGTERM'));
  if (process.env.npm_lifecycle_event !== undefined) whenOrphaned(() => server.kill('SIGTERM'));
  server.on('exit', (code) => (process.exitCode = code ?? INTERRUPTED));
}

/** npm that is killed takes nobody with it: without this the server would go on unseen. */
function whenOrphaned(stop) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 1000);
  timer.unref();
}

function argumentsFor(url) {
  return url === 'http://127.0.0.1:8000' ? '' : ` -- ${url}`;
}
