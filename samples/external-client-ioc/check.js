/** Runs the client against a sample server; it shares its script with the sample external-client. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assertScriptWasDone, withSampleServer } from '../../scripts/check-client-sample.mjs';
import { Program } from '../../scripts/run-program.mjs';

const cwd = import.meta.dirname;
await withSampleServer(async (url, server) => {
  const client = new Program(['main.js'], { cwd, env: { services__http__url: url } });
  assert.equal(await client.end(), 0, client.output);
  assertScriptWasDone(client.output);
  await server.printed(/Hello World!/);
});

for (const file of ['sample-script.js', 'login.js']) {
  assert.equal(readFileSync(file, 'utf8'), readFileSync(`../external-client/${file}`, 'utf8'), `${file} differs`);
}
console.log('the client in a container does the sample script and ends');
