/** Runs the worker and two orders against a sample server. */
import assert from 'node:assert/strict';
import { withSampleServer } from '../../scripts/check-client-sample.mjs';
import { Program } from '../../scripts/run-program.mjs';

const cwd = import.meta.dirname;
await withSampleServer(async (url) => {
  const worker = new Program(['main.js', url], { cwd });
  await worker.printed(/waits for tasks/);

  const known = new Program(['order.js', 'apple', '3', url], { cwd });
  assert.equal(await known.end(), 0, known.output);
  assert.equal(known.output, 'EndEvent_Priced: {"total":90}\n');
  await worker.printed(/3 × apple/);

  const unknown = new Program(['order.js', 'durian', '1', url], { cwd });
  assert.equal(await unknown.end(), 0, unknown.output);
  assert.match(unknown.output, /^EndEvent_Refused: .*no durian in stock/);

  assert.equal(await worker.stop('SIGINT'), 0, worker.output);
});
console.log('the worker does the tasks of its topic and ends on ctrl+c');
