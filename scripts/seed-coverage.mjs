/**
 * Writes docs/seed-coverage.md: which demand of the founding documents is shown by which test. The table of demands is
 * docs/seed-coverage.json; a demand is met where all its tests pass and the checks of all its samples do.
 *
 * Without arguments it runs these tests and samples, writes the document, and exits with 1 if a demand is not met.
 * With `--check` it runs nothing: every test that is named must exist, and the document must say that all pass.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { readJson } from './workspaces.mjs';

const TABLE = 'docs/seed-coverage.json';
const DOCUMENT = 'docs/seed-coverage.md';
const REMEDY = 'run `npm run docs` and look at what has changed';

const { tests, ways, seeds } = readJson(TABLE);
const demands = seeds.flatMap((seed) => seed.demands);
const checking = process.argv.includes('--check');

const passed = checking ? existingTests() : passedTests();
const workingSamples = checking ? existingSamples() : passedSamples();
const document = await render();
if (checking) check();
else write();

/** Full titles of the tests that pass, by running them. */
function passedTests() {
  return new Set(mocha([]).passes.map(({ fullTitle }) => fullTitle));
}

/** Full titles of the tests there are. */
function existingTests() {
  return new Set(mocha(['--dry-run']).passes.map(({ fullTitle }) => fullTitle));
}

function mocha(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'seed-coverage-'));
  const output = path.join(folder, 'results.json');
  const reporter = ['--reporter', 'json', '--reporter-option', `output=${output}`];
  try {
    spawnSync(process.execPath, ['node_modules/mocha/bin/mocha.js', ...reporter, ...args, ...tests], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (!existsSync(output)) throw new Error('the tests did not run; is everything built?');
    return readJson(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function passedSamples() {
  return new Set(existingSamples().filter((name) => spawnSync('npm', ['run', '--silent', 'check', '-w', `samples/${name}`], { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0));
}

/** The samples that are named and have a check. */
function existingSamples() {
  const names = [...new Set(demands.flatMap(({ samples = [] }) => samples))];
  return names.filter((name) => readJson(`samples/${name}/package.json`).scripts.check !== undefined);
}
