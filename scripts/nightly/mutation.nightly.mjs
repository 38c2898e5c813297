/**
 * Makes small faults in the built execution core, one at a time, and sees whether the core's tests notice. Works in copies
 * outside the repository, on a sample that a seed chooses. Fails where the tests notice less than 90 % of the faults.
 *
 *     node scripts/nightly/mutation.nightly.mjs [--sample 150] [--seed 1] [--jobs 1] [--only joins.js] [--ignore GLOB]
 *
 * `--ignore` leaves out files of tests, as mocha's option does (paths from packages/core).
 *
 * A mutant is killed when a test fails or the tests do not end in time; one that survives is tried again with the engine's
 * cache evicting. Not every survivor is a gap: some faults change nothing that can be seen.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { filesUnder } from '../workspaces.mjs';
import { mutantsOf, mutate } from './mutants.mjs';

const CORE = 'packages/core';
const MUTATED = `${CORE}/dist/execution`;
const TESTS = ['dist-test/{execution,runtime,services}/**/*.test.js', 'dist-test/testing/rare-elements.test.js'];
const ENOUGH = 0.9;
const SECOND = 1_000;

const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    ignore: { type: 'string', multiple: true, default: [] },
  },
});

const folder = mkdtempSync(path.join(tmpdir(), 'mutation-'));
try {
  process.exitCode = await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run() {
  const first = copyOfCore(CORE, path.join(folder, '0'));
  const all = mutantsIn(first);
  const sample = chosen(all, Number(values.sample), Number(values.seed));
  const limits = await timeLimits(first);
  if (limits === undefined) return 1;
  console.log(`${sample.length} of ${all.length} mutants, seed ${values.seed}`);
  const queue = [...sample];
  const survivors = [];
  const work = async (copy) => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const survived = await survives(copy, mutant, limits);
      if (survived) survivors.push(mutant);
      console.log(`${survived ? 'SURVIVED' : 'killed  '}  ${described(first, mutant)}`);
    }
  };
  const more = Array.from({ length: Number(values.jobs) - 1 }, (_, index) => path.join(folder, `${index + 1}`));
  await Promise.all([first, ...more.map((copy) => copyOfCore(path.join(first, CORE), copy))].map(work));
  const texts = survivors.map((mutant) => described(first, mutant));
  return report(sample.length, texts);
}

function mutantsIn(copy) {
  const files = filesUnder(path.join(copy, MUTATED), '.js').map((file) => path.relative(copy, file));
  return files.filter(isCurrent).flatMap((file) => {
    const source = readFileSync(path.join(copy, file), 'utf8');
    return mutantsOf(source).map((mutant) => ({ file, source, ...mutant }));
  });
}

/** What an earlier build left behind is run by nobody. */
function isCurrent(file) {
  return file.endsWith(values.only) && existsSync(file.replace('/dist/', '/src/').replace(/js$/, 'ts'));
}

/** By how the tests are run, how long that may take; undefined where they fail before anything was changed. */
async function timeLimits(copy) {
  const limits = {};
  for (const cache of ['warm', 'evicting']) {
    const started = performance.now();
    const { passed, output } = await test(copy, cache, 600 * SECOND);
    if (!passed) {
      console.error(`The tests fail before anything was changed (${cache}):\n${output}`);
      return undefined;
    }
    limits[cache] = Math.max(20 * SECOND, Math.ceil(4 * (performance.now() - started)));
  }
  return limits;
}

function report(total, survivors) {
  const killed = total - survivors.length;
  const score = total === 0 ? 1 : killed / total;
  if (survivors.length > 0) console.log('\nSurvivors:');
  for (const survivor of survivors) console.log(`- ${survivor}`);
  console.log(`\n${killed} of ${total} killed: ${(score * 100).toFixed(1)} % (at least ${ENOUGH * 100} %)`);
  return score >= ENOUGH ? 0 : 1;
}

/** A built core of its own: it finds its dependencies, and its tests find it, as in the repository. */
function copyOfCore(from, copy) {
  const core = path.join(copy, CORE);
  mkdirSync(core, { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'));
  symlinkSync(path.resolve(CORE, 'node_modules'), path.join(core, 'node_modules'));
  cpSync(`${from}/package.json`, path.join(core, 'package.json'));
  for (const part of ['dist', 'dist-test']) {
    const filter = (file) => !file.endsWith('.d.ts') && !file.endsWith('.tsbuildinfo');
    cpSync(`${from}/${part}`, path.join(core, part), { recursive: true, filter });
  }
  return copy;
}

async function survives(copy, mutant, limits) {
  const target = path.join(copy, mutant.file);
  writeFileSync(target, mutate(mutant.source, mutant));
  try {
    for (const [cache, limit] of Object.entries(limits)) {
      if (!(await test(copy, cache, limit)).passed) return false;
    }
    return true;
  } finally {
    writeFileSync(target, mutant.source);
  }
}

/** Runs the tests up to the first that fails; passes only where all do, in time. */
function test(copy, cache, limit) {
  const core = path.join(copy, CORE);
  const options = ['--no-config', '--bail', '--exit', '--timeout', '5000', '--reporter', 'dot'];
  const ignored = values.ignore.flatMap((glob) => ['--ignore', glob]);
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [path.resolve('node_modules/mocha/bin/mocha.js'), ...options, ...ignored, ...TESTS],
      {
        cwd: core,
        env: { ...process.env, ENGINE_CACHE: cache },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: limit,
        killSignal: 'SIGKILL',
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.once('error', (error) => resolve({ passed: false, output: error.message }));
    child.once('close', (code) => resolve({ passed: code === 0, output }));
  });
}

/** `packages/core/src/execution/joins.ts:12  rule  the built line  [what stood there => what stands there instead]`. */
function described(copy, { file, source, rule, start, end, text }) {
  const before = source.slice(0, start).split('\n');
  const map = new SourceMap(JSON.parse(readFileSync(path.join(copy, `${file}.map`), 'utf8')));
  const { originalSource, originalLine } = map.findEntry(before.length - 1, before.at(-1).length);
  const original = path.join(path.dirname(file), originalSource);
  const line = source.split('\n')[before.length - 1].trim();
  return `${original}:${originalLine + 1}  ${rule}  ${short(line)}  [${short(source.slice(start, end))} => ${short(text)}]`;
}

function short(text) {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** A sample without repetition that depends on the seed alone (xorshift). */
function chosen(all, count, seed) {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const rest = [...all];
  const sample = [];
  while (sample.length < count && rest.length > 0) {
    sample.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return sample;
}
