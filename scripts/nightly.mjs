/** `npm run nightly`: everything of `npm run verify`, then each `scripts/nightly/*.nightly.mjs` as a step of its own. */
import path from 'node:path';
import { runSteps } from './steps.mjs';
import { verifySteps } from './verify-steps.mjs';
import { filesUnder } from './workspaces.mjs';

const HOUR = 60;
const nightlySteps = filesUnder('scripts/nightly', '.nightly.mjs').map((file) => ({
  name: path.basename(file, '.nightly.mjs'),
  command: ['node', file],
  minutes: HOUR,
}));

await runSteps([...verifySteps(), ...nightlySteps]);
