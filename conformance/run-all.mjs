#!/usr/bin/env node
/**
 * Runs the conformance cases of this folder against the engine: in memory, and over HTTP on SQLite with instances dropped
 * from memory after every commit; with `--all` in every combination. Reports its counts as scripts/steps.mjs asks.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const ESSENTIAL = [
  { OURS_MODE: 'inprocess', OURS_STORAGE: 'memory', OURS_CACHE: 'warm' },
  { OURS_MODE: 'http', OURS_STORAGE: 'sqlite', OURS_CACHE: 'evicting' },
];
const REST = [
  { OURS_MODE: 'inprocess', OURS_STORAGE: 'memory', OURS_CACHE: 'evicting' },
  { OURS_MODE: 'inprocess', OURS_STORAGE: 'sqlite', OURS_CACHE: 'evicting' },
  { OURS_MODE: 'http', OURS_STORAGE: 'memory', OURS_CACHE: 'warm' },
  { OURS_MODE: 'http', OURS_STORAGE: 'memory', OURS_CACHE: 'evicting' },
];

/** The cases given, each in a process of its own, and those of this repository. */
const RUNS = {
  cases: [join(here, 'run.mjs'), '--driver', join(here, 'driver.mjs'), '--timeout', '20000'],
  own: [join(here, 'run-own.mjs')],
};

const total = { passed: 0, failed: 0, skipped: 0 };
for (const variant of process.argv.includes('--all') ? [...ESSENTIAL, ...REST] : ESSENTIAL)
  for (const name of Object.keys(RUNS)) run(name, variant);

function run(name, variant) {
  const env = { ...process.env, ...variant };
  const { stdout, status } = spawnSync(process.execPath, RUNS[name], { encoding: 'utf8', env });
  const counts = /(\d+) passed, (\d+) failed\s*$/.exec(stdout ?? '');
  total.passed += Number(counts?.[1] ?? 0);
  total.failed += counts === null ? 1 : Number(counts[2]);
  const failures = (stdout ?? '')
    .split('\n')
    .filter((line, index, lines) => /^FAIL/.test(line) || /^FAIL/.test(lines[index - 1] ?? ''));
  console.log(`${name}, ${Object.values(variant).join(', ')}: ${counts?.[0].trim() ?? `ended with ${status}`}`);
  for (const line of failures) console.log(`  ${line}`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
if (process.env.STEP_COUNTS !== undefined) appendFileSync(process.env.STEP_COUNTS, `${JSON.stringify(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
