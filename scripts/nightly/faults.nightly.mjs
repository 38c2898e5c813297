/**
 * The long forms of the suites of faults: 100 kills under load on each database, thousands of orders on several nodes, 100
 * times a database that is away, thousands of calls while one version takes over from another. FAULT_SEED repeats a run; the seed is among the lines that are printed.
 */
import { spawnSync } from 'node:child_process';

const SUITES = ['chaos', 'nodes', 'storage-calls', 'database-away', 'upgrade', 'large-instance'].map(
  (folder) => `packages/server/dist-test/${folder}/**/*.test.js`,
);

const { status } = spawnSync(process.execPath, ['node_modules/mocha/bin/mocha.js', '--forbid-only', ...SUITES], {
  env: { ...process.env, FAULTS: 'long' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
