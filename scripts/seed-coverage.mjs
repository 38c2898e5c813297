/**
 * Writes docs/seed-coverage.md: which demand of the founding documents is shown by which test. The table of demands is
 * docs/seed-coverage.json; a demand is met where all its tests, all its checks of samples and all its tests of the published
 * clients (compat/) pass.
 *
 * Without arguments it runs these tests and samples, writes the document, and exits with 1 if a demand is not met.
 * With `--check` it runs nothing: every test that is named must exist, and the document must say that all is met.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readJson } from './workspaces.mjs';

const TABLE = 'docs/seed-coverage.json';
const DOCUMENT = 'docs/seed-coverage.md';

const { tests, ways, seeds } = readJson(TABLE);
const checking = process.argv.includes('--check');
const demands = seeds.flatMap((seed) => seed.demands);
const sampleChecks = [...new Set(demands.flatMap(({ samples = [] }) => samples))];
const compatTests = [...new Set(demands.flatMap(({ compat = [] }) => compat))];

const passed = new Set(
  checking
    ? [...testsThatPass(['--dry-run']), ...sampleChecks, ...compatTests.filter(isWritten)]
    : [...testsThatPass([]), ...sampleChecksThatPass(), ...compatTestsThatPass()],
);
const unmet = demands.filter((demand) => stateOf(demand) === 'NO');
const document = render();

if (!checking) writeFileSync(DOCUMENT, document);
const outdated = !existsSync(DOCUMENT) || readFileSync(DOCUMENT, 'utf8') !== document;
report();

/** Full titles of the tests that pass. */
function testsThatPass(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'seed-coverage-'));
  const output = path.join(folder, 'results.json');
  const options = ['--reporter', 'json', '--reporter-option', `output=${output}`, ...args];
  try {
    spawnSync(process.execPath, ['node_modules/mocha/bin/mocha.js', ...options, ...tests], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (!existsSync(output)) throw new Error('the tests did not run; is everything built?');
    return readJson(output).passes.map(({ fullTitle }) => fullTitle);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `sample: title` of each check that passes. */
function sampleChecksThatPass() {
  const names = [...new Set(sampleChecks.map(sampleOf))];
  return names.flatMap((name) => {
    const { stdout } = spawnSync('npm', ['run', '--silent', 'check', '-w', `samples/${name}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    return [...stdout.matchAll(/^ok (.+)$/gm)].map(([, title]) => `${name}: ${title}`);
  });
}

/** @param {string} compatTest `file: title`, the title without the suite's */
function isWritten(compatTest) {
  const [file, title] = compatTest.split(/: (.*)/);
  return existsSync(`compat/test/${file}`) && readFileSync(`compat/test/${file}`, 'utf8').includes(`'${title}'`);
}

/** Of those that run on several databases: passed on each. */
function compatTestsThatPass() {
  const output = path.resolve('.cache', 'compat-results.json');
  const npm = (args) => spawnSync('npm', args, { cwd: 'compat', stdio: ['ignore', 'ignore', 'inherit'] });
  npm(['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
  rmSync(output, { force: true });
  npm(['test', '--silent', '--', '--reporter', 'json', '--reporter-option', `output=${output}`]);
  if (!existsSync(output)) throw new Error('the tests of the published clients did not run');
  const nameOf = ({ file, title }) => `${path.basename(file)}: ${title}`;
  const { passes, failures } = readJson(output);
  const failed = new Set(failures.map(nameOf));
  return passes.map(nameOf).filter((name) => !failed.has(name));
}

/** @param {string} sampleCheck `sample: title` */
function sampleOf(sampleCheck) {
  return sampleCheck.slice(0, sampleCheck.indexOf(':'));
}

function stateOf(demand) {
  if (demand.open !== undefined) return 'open';
  return evidence(demand).every((title) => passed.has(title)) ? 'yes' : 'NO';
}

/** What must pass: a test for each way the interface is reached, where the title leaves it open; and the samples. */
function evidence({ tests: named = [], samples = [], compat = [] }) {
  const inAllWays = named.flatMap((title) =>
    title.includes('{way}') ? ways.map((way) => title.replace('{way}', way)) : [title],
  );
  return [...inAllWays, ...samples, ...compat];
}

function render() {
  return [
    '<!-- Written by scripts/seed-coverage.mjs from seed-coverage.json and the results of the tests. -->',
    '# What the founding documents demand, and where it is shown',
    '',
    'Each row is a demand in our words. *yes*: all its tests pass; *NO*: one of them does not; *open*: not built yet. The tests',
    `reach the engine through the public clients; titles with *${ways.join(' / ')}* are run both ways.`,
    ...seeds.flatMap(({ name, demands: rows }) => ['', `## ${name}`, '', ...table(rows)]),
    '',
  ].join('\n');
}

function table(rows) {
  return [
    '| demand | met | shown by |',
    '| --- | --- | --- |',
    ...rows.map((demand) => `| ${demand.demand} | ${stateOf(demand)} | ${shownBy(demand)} |`),
  ];
}

function shownBy({ tests: named = [], samples = [], compat = [], open }) {
  if (open !== undefined) return open;
  const titlesOfTests = named.map((title) => title.replace('{way}', `*${ways.join(' / ')}*`));
  const links = samples.map((check) =>
    check.replace(sampleOf(check), (name) => `sample [${name}](../samples/${name})`),
  );
  const compatLinks = compat.map((test) => `[published clients](../compat): ${test.slice(test.indexOf(':') + 2)}`);
  return [...titlesOfTests, ...links, ...compatLinks].join('<br>');
}

function report() {
  for (const demand of unmet) {
    const missing = evidence(demand).filter((title) => !passed.has(title));
    console.error(`not met: ${demand.demand}\n  ${checking ? 'no such test' : 'failed'}: ${missing.join(', ')}`);
  }
  if (checking && outdated)
    console.error(`${DOCUMENT} is not up to date: run \`npm run docs\` and see what has changed`);
  const open = demands.filter((demand) => stateOf(demand) === 'open').length;
  console.log(
    `${demands.length} demands: ${demands.length - open - unmet.length} met, ${unmet.length} not met, ${open} open`,
  );
  process.exitCode = unmet.length > 0 || outdated ? 1 : 0;
}
