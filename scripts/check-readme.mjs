/**
 * Does what README.md tells its reader to do: runs `npm start` on a free port and its next command, executes the blocks of
 * code that have a comment before them, and checks that scripts and links exist.
 *
 * - `<!-- run, prints TEXT -->`: the block ends without an error, and what it prints contains the text;
 * - `<!-- run beside a server, start MODEL VALUES, ends with TEXT -->`: while it runs, an instance of the model with these
 *   values ends with that result.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { ConsumerApiClient, ExternalAccessor } from '@process-engine/client';
import { Program } from './run-program.mjs';
import { runChecks } from './sample-checks.mjs';
import { readJson } from './workspaces.mjs';

const README = readFileSync('README.md', 'utf8');
const NPM_SCRIPT = /npm (?:run (?:--silent )?)?(?!ci|run|install|pack)([\w:]+)(?: -w ([\w/-]+))?/g;
const BLOCK =
  /<!-- run(?: beside a server, start (?<start>\w+ .+))?, (?:prints|ends with) (?<expected>.+) -->\n```(?<language>\w+)\n(?<code>[^]+?)```/g;
const ADDRESS = 'http://127.0.0.1:8000';
/** Inside the repository, so that the packages are found. */
const SNIPPETS = '.cache/readme';
const DEVELOPER = { userId: 'dummy_token', token: 'ZHVtbXlfdG9rZW4=' };

const folder = mkdtempSync(path.join(tmpdir(), 'readme-'));
mkdirSync(SNIPPETS, { recursive: true });
try {
  await runChecks(async (check) => {
    for (const [command, name, workspace = '.'] of README.matchAll(NPM_SCRIPT)) {
      const { scripts } = readJson(`${workspace}/package.json`);
      await check(`the script of \`${command}\` exists`, () => assert.ok(scripts[name] !== undefined));
    }
    for (const [, target] of README.matchAll(/\]\((?!http)([^)#]+)/g)) {
      await check(`the link to ${target} leads somewhere`, () => assert.ok(existsSync(target)));
    }
    await withServer(check, (url) => runBlocks(check, url));
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(SNIPPETS, { recursive: true, force: true });
}

/** `npm start`, and the next command it prints. */
async function withServer(check, use) {
  const server = new Program(['scripts/start.mjs', '--port', '0', '--data', folder]);
  try {
    const [, url] = await server.printed(/The process engine is at (\S+) /);
    const [, next] = await server.printed(/second terminal: npm run (.+)/);
    await check('npm start tells the next command', () => assert.equal(next, `sample:client -- ${url}`));
    await check('npm run sample:client does the sample script', async () => {
      const client = new Program(['samples/external-client/main.js', url]);
      assert.equal(await client.end(), 0, client.output);
      assert.match(client.output, /The result: \{[^]*"TaskWasSuccessful": true/);
    });
    await use(url);
    await check('ctrl+c stops npm start', async () => assert.equal(await server.stop('SIGTERM'), 0, server.output));
  } finally {
    await server.stop('SIGKILL');
  }
}

async function runBlocks(check, url) {
  let number = 0;
  for (const { groups } of README.matchAll(BLOCK)) {
    number += 1;
    const run = groups.language === 'sh' ? runShell : groups.start === undefined ? runScript : runBesideServer;
    await check(`block ${number} (${groups.language}) does what it says`, () => run(groups, url));
  }
  await check('all blocks were found', () => assert.equal(number, README.match(/<!-- run/g).length));
}

function runShell({ expected, code }) {
  const script = code.replace('--pack-destination .', `--pack-destination ${folder}`);
  const { stdout, stderr, status } = spawnSync('sh', ['-e', '-c', script], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
  assert.ok(stdout.includes(expected), stdout);
}

async function runScript({ expected, code }) {
  const program = programOf(code);
  assert.equal(await program.end(), 0, program.output);
  assert.ok(program.output.includes(expected), program.output);
}

async function runBesideServer({ start, expected, code }, url) {
  const program = programOf(code.replaceAll(ADDRESS, url));
  const [, processModelId, values] = /^(\w+) (.+)$/.exec(start);
  const accessor = new ExternalAccessor({ url });
  try {
    const payload = { inputValues: JSON.parse(values) };
    const ended = await new ConsumerApiClient(accessor).startProcessInstance(DEVELOPER, processModelId, payload, 2);
    assert.equal(JSON.stringify(ended.tokenPayload), expected);
  } finally {
    accessor.close();
    assert.equal(await program.stop('SIGINT'), 0, program.output);
  }
}

function programOf(code) {
  const file = path.join(SNIPPETS, 'snippet.mjs');
  writeFileSync(file, code);
  return new Program([file]);
}
