/**
 * What both client samples are held to: against a sample server they do the whole script, print it, and end.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Program } from './run-program.mjs';

const SERVER = path.join(import.meta.dirname, '..', 'samples', 'external-server');

/**
 * Runs `use` with the address of a sample server on a free port with a database of its own.
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
    assert.equal(await server.stop('SIGINT'), 0, server.output);
  } finally {
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} output of a client sample */
export function assertScriptWasDone(output) {
  assert.match(output, /'sample_process' at start event 'StartEvent_1'/);
  assert.match(output, /User task 'UserTask_1' waits/);
  assert.match(output, /\{"formFields":\{"TaskWasSuccessful":true\}\}/);
  const { correlationResults, totalCount } = JSON.parse(output.slice(output.indexOf('The result: ') + 12));
  const [, correlationId] = /The correlation is '(.+)'/.exec(output);
  assert.equal(totalCount, 1);
  assert.deepEqual(correlationResults, [
    { correlationId, endEventId: 'EndEvent_Success', tokenPayload: { form_fields: { TaskWasSuccessful: true } } },
  ]);
}
