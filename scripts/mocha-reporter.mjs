/**
 * Mocha's dot reporter that also appends `{"passed", "failed", "skipped"}` as one JSON line to the file named by the
 * environment variable STEP_COUNTS, where `steps.mjs` adds them up. Without the variable it is the dot reporter.
 */
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const countsFile = process.env.STEP_COUNTS;
      if (!countsFile) return;
      const { passes, failures, pending } = runner.stats;
      appendFileSync(countsFile, `${JSON.stringify({ passed: passes, failed: failures, skipped: pending })}\n`);
    });
  }
}
