/** Runs the sample and looks at what it printed. */
import assert from 'node:assert/strict';
import { Program } from '../../scripts/run-program.mjs';
import { runChecks } from '../../scripts/sample-checks.mjs';

await runChecks(async (check) => {
  const program = new Program(['main.js'], { cwd: import.meta.dirname });
  const code = await program.end();
  const [greeting, ...result] = program.output.split('\n');

  await check('the process greets', () => assert.equal(greeting, 'Hello World!'));
  await check('prints the result of the process', () => {
    const { correlationResults, totalCount } = JSON.parse(result.join('\n'));
    assert.equal(totalCount, 1);
    assert.equal(correlationResults[0].endEventId, 'EndEvent_Success');
    assert.deepEqual(correlationResults[0].tokenPayload, { form_fields: { TaskWasSuccessful: true } });
  });
  await check('ends by itself', () => assert.equal(code, 0, program.output));
});
