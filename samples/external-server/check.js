/** Runs the server, calls it as a client would, and stops it. */
import assert from 'node:assert/strict';
import { runChecks, withSampleServer } from '../../scripts/sample-checks.mjs';

await runChecks((check) =>
  withSampleServer(async (url, server) => {
    const login = (credentials) => fetch(`${url}/iam/login`, { method: 'POST', body: JSON.stringify(credentials) });
    const processModels = (token) =>
      fetch(`${url}/api/consumer/v1/process_models`, { headers: { Authorization: `Bearer ${token}` } });

    await check('makes its tables when it starts for the first time', async () => {
      assert.match(server.output, /"storage":"\S+check\.sqlite","msg":"the database is open"/);
      assert.equal((await fetch(`${url}/health/ready`)).status, 200);
    });
    await check('refuses a wrong password', async () => {
      assert.equal((await login({ username: 'sampleUser', password: 'wrong' })).status, 401);
    });
    await check('answers a login with a token', async () => {
      const answer = await login({ username: 'sampleUser', password: 'pass' });
      assert.equal(answer.status, 200);
      const { token, identity } = await answer.json();
      assert.deepEqual(identity, { token, userId: 'sampleUser' });
    });
    await check('refuses who has not logged in', async () => {
      assert.equal((await processModels('somebody')).status, 401);
    });
    await check('serves the consumer API', async () => {
      const { token } = await (await login({ username: 'sampleUser', password: 'pass' })).json();
      const list = await (await processModels(token)).json();
      assert.deepEqual(
        list.processModels.map(({ id }) => id),
        ['hello_process', 'price_process', 'sample_process', 'shipment_process'],
      );
    });
    await check('runs until ctrl+c', async () => assert.equal(await server.stop('SIGINT'), 0, server.output));
  }),
);
