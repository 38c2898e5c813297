/** Runs the client against a sample server, and without one. */
import assert from 'node:assert/strict';
import { Program } from '../../scripts/run-program.mjs';
import { checkSampleScript, runChecks, withSampleServer } from '../../scripts/sample-checks.mjs';

const cwd = import.meta.dirname;

await runChecks(async (check) => {
  await withSampleServer(async (url, server) => {
    const client = new Program(['main.js', url], { cwd });
    await check('makes the accessor and the client by hand', () =>
      client.printed(/^The client for \S+ is created\.\n/),
    );
    await check('logs in', () => client.printed(/The correlation is/));
    await checkSampleScript(check, client, server);
  });

  await check('says how to start a server where there is none', async () => {
    const alone = new Program(['main.js', 'http://127.0.0.1:1'], { cwd });
    assert.equal(await alone.end(), 1);
    assert.match(alone.output, /There is no server at http:\/\/127\.0\.0\.1:1\. Start one .*: npm start/);
  });
});
