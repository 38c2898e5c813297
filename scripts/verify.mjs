/** `npm run verify`: `npm test`, the packages as their users get them, and the published clients. May use the npm registry. */
import { runSteps } from './steps.mjs';
import { verifySteps } from './verify-steps.mjs';

await runSteps(verifySteps());
