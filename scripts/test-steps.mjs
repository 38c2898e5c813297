/** The steps of `npm test`, in order. `verify.mjs` adds its own. */
import { existsSync } from 'node:fs';
import { RECORD as API_COVERAGE } from './api-coverage.mjs';
import { databaseSteps } from './database-steps.mjs';
import { filesUnder, workspaces } from './workspaces.mjs';

const MOCHA = ['node_modules/mocha/bin/mocha.js', '--forbid-only', '--reporter', 'scripts/mocha-reporter.mjs'];
const CORE = 'packages/core';
/** Kills, lost connections and several nodes take their time on a busy machine. */
const MINUTES = 30;

/** @returns {import('./steps.mjs').Step[]} */
export function testSteps() {
  return [
    { name: 'build', command: ['npm', 'run', '--silent', 'build'] },
    { name: 'stale output', command: ['node', 'scripts/remove-stale-output.mjs'] },
    { name: 'lint', command: ['node', 'scripts/lint.mjs'] },
    { name: 'format', command: ['node', ...prettierCheck()] },
    { name: 'package rule', command: ['node', 'scripts/check-packages.mjs'] },
    { name: 'dependency rule', command: ['node', ...dependencyCruiser()] },
    ...workspaces('packages').flatMap(({ folder }) => packageTests(folder)),
    ...databaseSteps(),
    ...workspaces('samples').flatMap(sampleCheck),
    {
      name: 'conformance',
      command: ['node', 'conformance/run-all.mjs'],
      when: () => existsSync('conformance/run-all.mjs'),
    },
    { name: 'stability', command: ['node', 'scripts/stability.mjs', '--check'] },
    { name: 'api coverage', command: ['node', 'scripts/api-coverage.mjs', '--check'] },
    { name: 'seed coverage', command: ['node', 'scripts/seed-coverage.mjs', '--check'] },
    { name: 'bpmn coverage', command: ['node', 'scripts/bpmn-coverage.mjs', '--check'] },
    { name: 'docs', command: ['node', 'scripts/check-docs.mjs'] },
    {
      name: 'readme',
      command: ['node', 'scripts/check-readme.mjs'],
      when: () => existsSync('scripts/check-readme.mjs'),
    },
  ];
}

function prettierCheck() {
  const cache = ['--cache', '--cache-strategy', 'content', '--cache-location', '.cache/prettier'];
  return ['node_modules/prettier/bin/prettier.cjs', '--check', ...cache, '**/*.{ts,js,mjs,cjs,json,yml}'];
}

function dependencyCruiser() {
  const roots = ['packages', 'samples', 'scripts'].filter((folder) => existsSync(folder));
  return ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--output-type', 'err', ...roots];
}

/** The core runs with coverage, and once more dropping its cache after every commit. */
function packageTests(folder) {
  const when = () => filesUnder(`${folder}/test`, '.test.ts').length > 0;
  const tests = [...MOCHA, `${folder}/dist-test/**/*.test.js`];
  // The client's tests record which methods they call.
  const env = { API_COVERAGE };
  if (folder !== CORE)
    return [{ name: `test ${folder}`, command: ['node', ...tests], env, counted: true, when, minutes: MINUTES }];
  return [
    {
      name: `test ${folder}, coverage`,
      command: ['node', 'node_modules/c8/bin/c8.js', 'node', ...tests],
      counted: true,
      when,
    },
    {
      name: `test ${folder}, evicting`,
      command: ['node', ...tests],
      env: { ENGINE_CACHE: 'evicting' },
      counted: true,
      when,
    },
  ];
}

function sampleCheck({ folder, manifest }) {
  if (!manifest.scripts?.check) return [];
  return [{ name: `check ${folder}`, command: ['npm', 'run', '--silent', 'check', '-w', folder], minutes: 5 }];
}
