/** What the `check` scripts of the samples are made of: named checks, and a sample server for clients. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Program } from './run-program.mjs';

const SERVER = path.join(import.meta.dirname, '..', 'samples', 'external-server');

/**
 * Runs `use` with a function that runs one named check and prints `ok <title>`, or `not ok <title>` and why. The other
 * checks go on after a failed one. Ends the process with 1 if one failed; counts for `steps.mjs`.
 *
 * @param {(check: (title: string, run: () => unknown) => Promise<void>) => Promise<void>} use
 */
export async function runChecks(use) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  async function check(title, run) {
    try {
      await run();
      counts.passed += 1;
      console.log(`ok ${title}`);
    } catch (error) {
      counts.failed += 1;
      console.log(`not ok ${title}`);
      console.error(error);
    }
  }
  try {
    await use(check);
  } catch (error) {
    counts.failed += 1;
    console.error(error);
  }
  if (process.env.STEP_COUNTS) appendFileSync(process.env.STEP_COUNTS, `${JSON.stringify(counts)}\n`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

/**
 * Runs `use` with a sample server on a free port, with a database of its own.
 *
 * @param {(url: string, server: Program) => Promise<void>} use
 */
export async function withSampleServer(use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'sample-server-'));
  const server = new Program(['main.js'], {
    cwd: SERVER,
    env: {
      http__http_extension__server__port: '0',
      data_sources__sqlite__storage: path.join(folder, 'check.sqlite'),
    },
  });
  try {
    const [, url] = await server.printed(/"url":"(\S+?)"/);
    await use(url, server);
  } finally {
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What both client samples are held to: they do the whole script, print it, and end.
 *
 * @param {Program} client just started
 * @param {Program} server its server
 */
export async function checkSampleScript(check, client, server) {
  const code = await client.end();
  const { output } = client;
  await check('starts the sample process', () => {
    assert.match(output, /'sample_process' at start event 'StartEvent_1'/);
    assert.match(output, /The correlation is '\S+'/);
  });
  await check('the process greets on the server', () => server.printed(/Hello World!/));
  await check('finds the user task that waits', () => assert.match(output, /User task 'UserTask_1' waits/));
  await check('finishes the user task with values', () => {
    assert.match(output, /\{"formFields":\{"TaskWasSuccessful":true\}\}/);
    assert.match(output, /The user task is finished/);
  });
  await check('prints the result of the process', () => {
    assert.equal(code, 0, output);
    const { correlationResults, totalCount } = JSON.parse(output.slice(output.indexOf('The result: ') + 12));
    const [, correlationId] = /The correlation is '(.+)'/.exec(output);
    const tokenPayload = { form_fields: { TaskWasSuccessful: true } };
    assert.equal(totalCount, 1);
    assert.deepEqual(correlationResults, [{ correlationId, endEventId: 'EndEvent_Success', tokenPayload }]);
  });
  await check('ends by itself', () => assert.notEqual(code, null, output));
}
