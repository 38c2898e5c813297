/**
 * The core's tests on real databases, nothing kept in memory between two commands. `npm test` runs a selection that
 * touches every table and every kind of wait; the nightly script runs all. Without a database server a run is skipped
 * and says so; with CI=true it fails.
 */
const MOCHA = ['node_modules/mocha/bin/mocha.js', '--forbid-only', '--reporter', 'scripts/mocha-reporter.mjs'];
const CORE = 'packages/core/dist-test';

const SELECTED = {
  execution: [
    'asynchronous-continuation',
    'call-activity',
    'data-rule',
    'double-complete',
    'external-task',
    'message-events',
    'multi-instance',
    'parallel-gateway',
    'signal-events',
    'timer-events',
    'user-task',
  ],
  'execution/advanced': ['compensation', 'event-based-gateway', 'event-sub-process', 'message-correlation'],
  runtime: ['buffered-messages', 'idempotency', 'restart', 'waiting-starts'],
};

const DATABASES = { sqlite: 'SQLite', postgres: 'PostgreSQL', mysql: 'MariaDB' };

/** Thousands of rows, step by step and each step checked: these are for memory. */
const TOO_LARGE = ['--grep', 'thousand', '--invert'];

/** @returns {import('./steps.mjs').Step[]} */
export function databaseSteps({ all = false } = {}) {
  const files = all
    ? [`${CORE}/{execution,runtime}/**/*.test.js`]
    : Object.entries(SELECTED).flatMap(([folder, names]) => names.map((name) => `${CORE}/${folder}/${name}.test.js`));
  return Object.entries(DATABASES).map(([storage, title]) => ({
    name: `test packages/core on ${title}, ${all ? 'all' : 'selected'}`,
    command: ['node', ...MOCHA, '--timeout', '60000', ...TOO_LARGE, ...files],
    env: { ENGINE_STORAGE: storage, ENGINE_CACHE: 'evicting' },
    counted: true,
  }));
}
