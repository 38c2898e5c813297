/**
 * Runs the tests of random block-structured models with many seeds and prints how often each kind of element, boundary event,
 * loop and multi-instance activity occurred. Fails where a test fails or something occurred fewer than 50 times.
 *
 *     node scripts/nightly/random-models.nightly.mjs [--seeds 2000] [--first 100001]
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const LEAST = 50;
/** Seeds of one process. */
const PART = 250;
const TESTS = ['random-models', 'replay'].map((name) => `packages/core/dist-test/random/${name}.test.js`);

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '2000' }, first: { type: 'string', default: '100001' } },
});

const folder = mkdtempSync(path.join(tmpdir(), 'random-models-'));
const report = path.join(folder, 'occurrences.jsonl');
const total = { passed: 0, failed: 0, skipped: 0 };
try {
  for (let done = 0; done < Number(values.seeds); done += PART)
    run(Number(values.first) + done, Math.min(PART, values.seeds - done));
  const rare = printTable();
  if (rare.length > 0) total.failed += 1;
  console.log(`${values.seeds} seeds: ${total.passed} passed, ${total.failed} failed`);
  if (process.env.STEP_COUNTS !== undefined) appendFileSync(process.env.STEP_COUNTS, `${JSON.stringify(total)}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(first, seeds) {
  const env = { ...process.env, RANDOM_FIRST: String(first), RANDOM_SEEDS: String(seeds), RANDOM_REPORT: report };
  const args = ['node_modules/mocha/bin/mocha.js', '--reporter', 'dot', ...TESTS];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', env, maxBuffer: 2 ** 28 });
  const passed = Number(/(\d+) passing/.exec(stdout)?.[1] ?? 0);
  const failed = Number(/(\d+) failing/.exec(stdout)?.[1] ?? (status === 0 ? 0 : 1));
  total.passed += passed;
  total.failed += failed;
  console.log(`seeds ${first} to ${first + seeds - 1}: ${passed} passed, ${failed} failed`);
  if (failed > 0) console.log(stdout.slice(stdout.indexOf('failing') - 10));
}

/** Answers what occurred too rarely. */
function printTable() {
  const counts = {};
  for (const line of readFileSync(report, 'utf8').trim().split('\n')) {
    for (const [label, count] of Object.entries(JSON.parse(line))) counts[label] = (counts[label] ?? 0) + count;
  }
  const width = Math.max(...Object.keys(counts).map(({ length }) => length));
  console.log('\nOccurred:');
  for (const [label, count] of Object.entries(counts))
    console.log(`${label.padEnd(width)}  ${String(count).padStart(7)}`);
  const rare = Object.keys(counts).filter((label) => counts[label] < LEAST);
  if (rare.length > 0) console.log(`\nFewer than ${LEAST} times: ${rare.join('; ')}`);
  return rare;
}
