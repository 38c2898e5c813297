/**
 * Makes small faults in the built execution core, one at a time, and sees whether the core's tests notice. Works in copies
 * outside the repository, on a sample that a seed chooses. Fails where the tests notice less than 90 % of the faults.
 *
 *     node scripts/nightly/mutation.nightly.mjs [--sample 150] [--seed 1] [--part 1/2] [--quick] [--coverage FILE]
 *         [--only joins.js] [--ignore GLOB]
 *
 * `--part` runs a part of the sample; `--quick` tries no more than the quickest files of tests, and so finds less;
 * `--coverage` keeps what the first run notes in a file and reads it from there; `--ignore` leaves out files of tests, as mocha's option does (paths from
 * packages/core).
 *
 * A first run notes which tests run which code (test-coverage-hooks.mjs): a fault is tried on the tests that run its place,
 * the quickest files first, up to the first that fails. It is killed when a test fails or the tests do not end in time;
 * one that survives is tried again with the engine's cache evicting. Faults that change nothing anybody could see are
 * listed in equivalent-mutants.json with the reason, and are not taken into the sample.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { filesUnder } from '../workspaces.mjs';
import { CoveringTests } from './covering-tests.mjs';
import { mutantsOf, mutate } from './mutants.mjs';

const CORE = 'packages/core';
const MUTATED = `${CORE}/dist/execution`;
const TESTS = ['dist-test/{execution,runtime,services}/**/*.test.js', 'dist-test/testing/rare-elements.test.js'];
const ENOUGH = 0.9;
const SECOND = 1_000;
const FIRST_FILES = 5;
const QUICK_FILES = 20;

const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    part: { type: 'string', default: '1/1' },
    quick: { type: 'boolean', default: false },
    coverage: { type: 'string' },
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
  const copy = copyOfCore(CORE, path.join(folder, '0'));
  const tests = await coveringTests(copy);
  if (tests === undefined) return 1;
  const equivalent = JSON.parse(readFileSync(new URL('equivalent-mutants.json', import.meta.url), 'utf8'));
  const known = new Set(equivalent.map(({ mutant }) => mutant));
  const all = mutantsIn(copy).filter((mutant) => !known.has(nameOf(copy, mutant)));
  const sample = chosen(copy, all, Number(values.sample), Number(values.seed));
  const [part, parts] = values.part.split('/').map(Number);
  const own = sample.filter((_, index) => index % parts === part - 1);
  console.log(`${own.length} of ${all.length} mutants, seed ${values.seed}, part ${values.part}`);
  const survivors = [];
  for (const mutant of own) {
    const started = performance.now();
    const survived = await survives(copy, mutant, tests);
    if (survived) survivors.push(mutant);
    const seconds = ((performance.now() - started) / SECOND).toFixed(1);
    console.log(`${survived ? 'SURVIVED' : 'killed  '} ${seconds.padStart(6)} s  ${described(copy, mutant)}`);
  }
  const texts = survivors.map((mutant) => `${described(copy, mutant)}\n  ${nameOf(copy, mutant)}`);
  return report(own.length, texts);
}

/** Files of tests are noted relative to the copy they were run in. */
function testsOf(coverage, copy) {
  const noted = Object.entries(JSON.parse(readFileSync(coverage, 'utf8')));
  return new CoveringTests(
    Object.fromEntries(noted.map(([file, found]) => [file === 'load' ? file : path.resolve(copy, file), found])),
  );
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

/** Undefined where the tests fail before anything was changed. */
async function coveringTests(copy) {
  const coverage = path.resolve(values.coverage ?? path.join(folder, 'coverage.json'));
  if (existsSync(coverage)) return testsOf(coverage, copy);
  const hooks = path.resolve('scripts/nightly/test-coverage-hooks.mjs');
  const { passed, output } = await test(copy, TESTS, {
    limit: 1_800 * SECOND,
    options: ['--require', hooks],
    // Calls of optimized functions are not counted.
    node: ['--no-opt'],
    env: {
      MUTATION_COVERAGE: coverage,
      MUTATION_MODULES: path.resolve(copy, MUTATED),
      MUTATION_ROOT: path.resolve(copy),
    },
  });
  if (passed) return testsOf(coverage, copy);
  console.error(`The tests fail before anything was changed:\n${output}`);
  return undefined;
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

/** The quickest files first, in a process of their own: most faults are found by them. */
async function survives(copy, mutant, tests) {
  const target = path.join(copy, mutant.file);
  writeFileSync(target, mutate(mutant.source, mutant));
  try {
    const files = tests.of(path.relative(MUTATED, mutant.file), mutant.start);
    const rest = files.slice(FIRST_FILES, values.quick ? QUICK_FILES : undefined);
    const groups = [files.slice(0, FIRST_FILES), rest].filter(({ length }) => length > 0);
    for (const cache of ['warm', 'evicting']) {
      for (const group of groups) {
        const limit = 30 * SECOND + 10 * tests.durationOf(group);
        if (!(await test(copy, group, { limit, env: { ENGINE_CACHE: cache } })).passed) return false;
      }
    }
    return true;
  } finally {
    writeFileSync(target, mutant.source);
  }
}

/** Runs the tests up to the first that fails; passes only where all do, in time. */
function test(copy, files, { limit, env, options = [], node = [] }) {
  const fixed = ['--no-config', '--bail', '--exit', '--timeout', '120000', '--reporter', 'dot'];
  const ignored = values.ignore.flatMap((glob) => ['--ignore', glob]);
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [...node, path.resolve('node_modules/mocha/bin/mocha.js'), ...fixed, ...options, ...ignored, ...files],
      {
        cwd: path.join(copy, CORE),
        env: { ...process.env, ...env },
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

/** Stays the same while the line does: file, rule, line, which of its equal places, and the change. */
function nameOf(copy, mutant) {
  const { file, source, rule, start, end, text } = mutant;
  const begin = source.lastIndexOf('\n', start) + 1;
  const line = source.slice(begin, source.indexOf('\n', start));
  return `${path.basename(file)} | ${rule} | ${line.trim()} | at ${start - begin - /^ */.exec(line)[0].length}: ${source.slice(start, end)} => ${text}`;
}

function short(text) {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** A sample that depends on the seed and the mutants' names: it stays as it is where the rest of the code changes. */
function chosen(copy, all, count, seed) {
  const rank = (mutant) =>
    createHash('sha256')
      .update(`${seed} ${nameOf(copy, mutant)}`)
      .digest('hex');
  const ranked = all.map((mutant) => ({ mutant, rank: rank(mutant) })).sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked.slice(0, count).map(({ mutant }) => mutant);
}
