/**
 * Writes docs/api-coverage.md: which method of the contracts is called over which accessor in which case of the API suite.
 * The suite itself fails where a method is not called over both.
 *
 * Without arguments it runs the suite and writes the document. With `--check` it takes what the client's tests have
 * recorded, or else runs the suite, and fails where the document says something else.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readJson } from './workspaces.mjs';

/** What the steps of `npm test` name to the client's tests. */
export const RECORD = '.cache/api-coverage.json';
const DOCUMENT = 'docs/api-coverage.md';
const SUITE = 'packages/client/dist-test/api-suite.test.js';
const ACCESSORS = ['in process', 'over HTTP'];
const MOST_CASES = 3;

if (import.meta.filename === process.argv[1]) run();

function run() {
  const checking = process.argv.includes('--check');
  if (!checking || !existsSync(RECORD)) record();
  const coverage = readJson(RECORD);
  const document = render(coverage);
  if (!checking) writeFileSync(DOCUMENT, document);
  const outdated = !existsSync(DOCUMENT) || readFileSync(DOCUMENT, 'utf8') !== document;
  if (outdated) console.error(`${DOCUMENT} is not up to date: run \`node scripts/api-coverage.mjs\``);
  console.log(`${Object.keys(coverage).length} methods, ${ACCESSORS.length} accessors`);
  process.exitCode = outdated ? 1 : 0;
}

function record() {
  rmSync(RECORD, { force: true });
  const { status } = spawnSync(process.execPath, ['node_modules/mocha/bin/mocha.js', '--reporter', 'dot', SUITE], {
    env: { ...process.env, API_COVERAGE: RECORD },
    stdio: 'inherit',
  });
  if (!existsSync(RECORD)) throw new Error('the suite did not run; is everything built?');
  if (status !== 0) throw new Error('the suite failed');
}

function render(coverage) {
  const rows = Object.entries(coverage).map(
    ([method, accessors]) =>
      `| ${method.replace('.', '<br>')} | ${ACCESSORS.map((name) => mark(accessors[name])).join(' | ')} | ${casesOf(accessors)} |`,
  );
  return [
    '<!-- Written by scripts/api-coverage.mjs from a run of the API suite. -->',
    '# Which test calls which method over which accessor',
    '',
    'Both accessors run the same cases with the same expectations. A method counts as covered where a case called it and was',
    `answered; the table names the first ${MOST_CASES}.`,
    '',
    `| method | ${ACCESSORS.join(' | ')} | cases |`,
    `| --- | ${ACCESSORS.map(() => '---').join(' | ')} | --- |`,
    ...rows,
    '',
  ].join('\n');
}

function mark(cases = []) {
  return cases.length > 0 ? 'yes' : 'NO';
}

function casesOf(accessors) {
  const cases = [...new Set(Object.values(accessors).flat())];
  return cases
    .slice(0, MOST_CASES)
    .map((text) => text.replaceAll('|', '\\|'))
    .join('<br>');
}
