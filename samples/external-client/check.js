/** Runs the client against a sample server, and without one. */
import assert from 'node:assert/strict';
import { assertScriptWasDone, withSampleServer } from '../../scripts/check-client-sample.mjs';
import { Program } from '../../scripts/run-program.mjs';

const cwd = import.meta.dirname;
await withSampleServer(async (url, server) => {
  const client = new Program(['main.js', url], { cwd });
  assert.equal(await client.end(), 0, client.output);
  assert.match(client.output, /^The client for \S+ is created\.\n/);
  assertScriptWasDone(client.output);
  await server.printed(/Hello World!/);
});

const alone = new Program(['main.js', 'http://127.0.0.1:1'], { cwd });
assert.equal(await alone.end(), 1);
assert.match(alone.output, /There is no server at http:\/\/127\.0\.0\.1:1\./);
console.log('the client does the sample script and ends');
