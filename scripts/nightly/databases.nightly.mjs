/** All tests of the core's execution and runtime on every database. */
import { databaseSteps } from '../database-steps.mjs';
import { runSteps } from '../steps.mjs';

await runSteps(databaseSteps({ all: true }));
