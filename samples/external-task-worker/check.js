/** Runs the worker and two orders against a sample server. */
import assert from 'node:assert/strict';
import { Program } from '../../scripts/run-program.mjs';
import { runChecks, withSampleServer } from '../../scripts/sample-checks.mjs';

const cwd = import.meta.dirname;

await runChecks((check) =>
  withSampleServer(async (url) => {
    const worker = new Program(['main.js', url], { cwd });
    await check('waits for tasks', () => worker.printed(/waits for tasks/));

    await check('does the work of a task', async () => {
      const order = new Program(['order.js', 'apple', '3', url], { cwd });
      assert.equal(await order.end(), 0, order.output);
      assert.equal(order.output, 'EndEvent_Priced: {"total":90}\n');
      await worker.printed(/3 × apple/);
    });
    await check('reports a BPMN error that the process handles', async () => {
      const order = new Program(['order.js', 'durian', '1', url], { cwd });
      assert.equal(await order.end(), 0, order.output);
      assert.match(order.output, /^EndEvent_Refused: .*no durian in stock/);
    });
    await check('runs until ctrl+c', async () => assert.equal(await worker.stop('SIGINT'), 0, worker.output));
  }),
);
