/** Runs the sample and looks at what it printed. */
import assert from 'node:assert/strict';
import { Program } from '../../scripts/run-program.mjs';

const program = new Program(['main.js'], { cwd: import.meta.dirname });
assert.equal(await program.end(), 0, program.output);

const [greeting, ...json] = program.output.split('\n');
assert.equal(greeting, 'Hello World!');
const { correlationResults, totalCount } = JSON.parse(json.join('\n'));
assert.equal(totalCount, 1);
assert.equal(correlationResults[0].endEventId, 'EndEvent_Success');
assert.deepEqual(correlationResults[0].tokenPayload, { form_fields: { TaskWasSuccessful: true } });
console.log('the embedded sample prints its result');
