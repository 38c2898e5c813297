/** Runs the client against a sample server; it shares its script with the sample external-client. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Program } from '../../scripts/run-program.mjs';
import { checkSampleScript, runChecks, withSampleServer } from '../../scripts/sample-checks.mjs';
import { createContainer } from './container.js';

const cwd = import.meta.dirname;

await runChecks(async (check) => {
  await check('resolves the client, configured, from the container', async () => {
    const { container } = createContainer();
    const client = await container.resolveAsync('ConsumerApiClientService');
    assert.equal(typeof client.startProcessInstance, 'function');
    assert.equal(container.resolve('ConsumerApiExternalAccessor').config.url, 'http://127.0.0.1:8000');
  });

  await withSampleServer(async (url, server) => {
    const client = new Program(['main.js'], { cwd, env: { services__http__url: url } });
    await checkSampleScript(check, client, server);
  });

  await check('does the script of the other client', () => {
    for (const file of ['sample-script.js', 'login.js']) {
      assert.equal(readFileSync(file, 'utf8'), readFileSync(`../external-client/${file}`, 'utf8'), `${file} differs`);
    }
  });
});
