/** `npm test`: build, check and test the repository. Needs no network and no database. */
import { runSteps } from './steps.mjs';
import { testSteps } from './test-steps.mjs';

await runSteps(testSteps());
