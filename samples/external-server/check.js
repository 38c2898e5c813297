/** Runs the server, logs in as a client would, and stops it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Program } from '../../scripts/run-program.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'external-server-'));
const server = new Program(['main.js'], {
  cwd: import.meta.dirname,
  env: {
    http__http_extension__server__port: '0',
    data_sources__sqlite__storage: path.join(folder, 'check.sqlite'),
  },
});
try {
  const [, url] = await server.printed(/"url":"(\S+?)"/);

  const refused = await login(url, { username: 'sampleUser', password: 'wrong' });
  assert.equal(refused.status, 401);
  const answer = await login(url, { username: 'sampleUser', password: 'pass' });
  assert.equal(answer.status, 200);
  const { token, identity } = await answer.json();
  assert.deepEqual(identity, { token, userId: 'sampleUser' });

  const models = `${url}/api/consumer/v1/process_models`;
  const stranger = await fetch(models, { headers: { Authorization: 'Bearer somebody' } });
  assert.equal(stranger.status, 401);
  const list = await fetch(models, { headers: { Authorization: `Bearer ${token}` } });
  const { processModels } = await list.json();
  assert.deepEqual(
    processModels.map(({ id }) => id),
    ['hello_process', 'price_process', 'sample_process'],
  );
} finally {
  assert.equal(await server.stop('SIGINT'), 0, server.output);
  rmSync(folder, { recursive: true, force: true });
}
console.log('the server lets clients log in and ends on ctrl+c');

function login(url, credentials) {
  return fetch(`${url}/iam/login`, { method: 'POST', body: JSON.stringify(credentials) });
}
