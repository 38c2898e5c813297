/**
 * Runs a table of named steps one after the other, stops at the first that fails, and ends with a table of what became
 * of each and the line `N passed, N failed, N skipped`.
 *
 * A step counts as one, unless it appends JSON lines `{"passed", "failed", "skipped"}` to the file named by the
 * environment variable STEP_COUNTS (the mocha reporter does); then these counts are its own.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const DEFAULT_MINUTES = 15;
const POSIX = process.platform !== 'win32';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command program and arguments; `node` is the running Node
 * @property {Record<string, string>} [env] added to the environment
 * @property {string} [cwd]
 * @property {boolean} [counted] must report its own counts: without them it has failed, whatever its exit code
 * @property {() => boolean} [when] asked when it is the step's turn; `false` leaves it out
 * @property {number} [minutes] time limit
 */

/** @param {readonly Step[]} steps */
export async function runSteps(steps) {
  const results = [];
  let failed = false;
  for (const step of steps) {
    const result = failed ? outcome(step, 'not run') : await runStep(step);
    failed ||= result.state === 'FAILED';
    results.push(result);
  }
  report(results);
  process.exitCode = failed ? 1 : 0;
}

async function runStep(step) {
  if (step.when && !step.when()) return outcome(step, 'absent');
  console.log(`\n=== ${step.name}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'process-engine-step-'));
  const countsFile = path.join(folder, 'counts');
  const started = performance.now();
  try {
    const succeeded = await execute(step, countsFile);
    const seconds = (performance.now() - started) / 1000;
    const reported = readCounts(countsFile);
    const counts = finalCounts(step, succeeded, reported);
    return outcome(step, counts.failed > 0 ? 'FAILED' : 'ok', counts, seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A step that exits with an error although all its tests passed (a coverage limit, a crash after the run) failed once. */
function finalCounts(step, succeeded, reported) {
  if (!reported) {
    if (succeeded && step.counted) console.error(`${step.name}: ended without reporting its counts`);
    const passed = succeeded && !step.counted;
    return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
  }
  return !succeeded && reported.failed === 0 ? { ...reported, failed: 1 } : reported;
}

function readCounts(countsFile) {
  if (!existsSync(countsFile)) return undefined;
  const lines = readFileSync(countsFile, 'utf8').trim().split('\n');
  return sum(lines.map((line) => JSON.parse(line)));
}

function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const kind of Object.keys(total)) {
    for (const count of counts) total[kind] += count[kind] ?? 0;
  }
  return total;
}

/** The child leads a process group of its own, so that a time-out or an interrupt also ends what the child started. */
function execute(step, countsFile) {
  const [program, ...args] = step.command;
  return new Promise((resolve) => {
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: step.cwd,
      env: { ...process.env, ...step.env, STEP_COUNTS: countsFile },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: POSIX,
      shell: !POSIX && program === 'npm',
    });
    const end = () => endGroup(child);
    const interrupt = () => {
      end();
      process.exit(130);
    };
    const minutes = step.minutes ?? DEFAULT_MINUTES;
    const timeLimit = setTimeout(() => {
      console.error(`${step.name}: not finished after ${minutes} minutes`);
      end();
    }, minutes * 60_000);
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const settle = (succeeded) => {
      clearTimeout(timeLimit);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve(succeeded);
    };
    child.once('error', (error) => {
      console.error(`${step.name}: ${error.message}`);
      settle(false);
    });
    child.once('exit', (code) => settle(code === 0));
  });
}

function endGroup(child) {
  try {
    if (POSIX) process.kill(-child.pid, 'SIGKILL');
    else child.kill();
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function outcome(step, state, counts = sum([]), seconds = undefined) {
  return { name: step.name, state, counts, seconds };
}

function report(results) {
  const width = Math.max(...results.map((result) => result.name.length));
  console.log('');
  for (const { name, state, counts, seconds } of results) {
    const duration = seconds === undefined ? '' : `${seconds.toFixed(1)} s`;
    const tally = seconds === undefined ? '' : `${counts.passed}/${counts.failed}/${counts.skipped}`;
    console.log(`${name.padEnd(width)}  ${state.padEnd(7)}  ${duration.padStart(8)}  ${tally}`.trimEnd());
  }
  const { passed, failed, skipped } = sum(results.map((result) => result.counts));
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}
