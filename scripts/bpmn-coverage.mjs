/**
 * Writes docs/bpmn-coverage.md: which elements of BPMN run, and which test has executed each. Nothing is taken from titles:
 * the conformance cases and the core's tests are run, and what their models executed is seen at the storage. What does not
 * run is shown by what the engine says to a model that has it.
 *
 * It exits with 1, and writes nothing, where an element that runs has no test that passes. With `--check` it writes nothing
 * anyway, runs only the cases and the tests the committed document names, and exits with 1 also where that is not up to date.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileModel, parseModel, SUPPORTED_ELEMENTS } from '../packages/core/dist/model/index.js';
import { conformanceEvidence } from './bpmn-coverage/conformance-evidence.mjs';
import { NAMES, POSITIONS, SECTIONS, TRIGGERS } from './bpmn-coverage/elements.mjs';
import { eventModel, OTHER_ELEMENTS } from './bpmn-coverage/sample-models.mjs';
import { readJson } from './workspaces.mjs';

const DOCUMENT = 'docs/bpmn-coverage.md';
const TESTS = [
  'packages/core/dist-test/execution/**/*.test.js',
  'packages/core/dist-test/testing/rare-elements.test.js',
];

const checking = process.argv.includes('--check');
const committed = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '';
const problems = [];
const cases = await fromConformance();
/** In how many cases each element is executed. */
const frequency = new Map();
for (const key of cases.flatMap(({ keys }) => keys)) frequency.set(key, (frequency.get(key) ?? 0) + 1);
/** Conformance cases first: the core's tests show what no case does. */
const evidence = [cases, fromCoreTests()];
const document = await render();

if (problems.length === 0) {
  if (!checking) writeFileSync(DOCUMENT, document);
  else if (committed !== document) {
    problems.push(`${DOCUMENT} is not up to date: run \`node scripts/bpmn-coverage.mjs\` and see what has changed`);
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

async function fromConformance() {
  const { evidence: passed, failures } = await conformanceEvidence();
  for (const failure of failures) console.error(`A conformance case that fails shows nothing: ${failure}`);
  return passed;
}

function fromCoreTests() {
  const folder = mkdtempSync(path.join(tmpdir(), 'bpmn-coverage-'));
  const output = path.join(folder, 'evidence.json');
  try {
    const args = ['--require', './scripts/bpmn-coverage/mocha-evidence.mjs', '--reporter', 'dot', ...testsToRun()];
    const { status, stdout } = spawnSync(process.execPath, ['node_modules/mocha/bin/mocha.js', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      env: { ...process.env, EVIDENCE_FILE: output },
    });
    if (status !== 0) console.error(`Tests of the core that fail show nothing:\n${stdout}`);
    return existsSync(output) ? readJson(output) : [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function testsToRun() {
  if (!checking || committed === '') return TESTS;
  const named = [...committed.matchAll(/packages\/core\/test\/([^)]+)\.ts/g)].map(([, name]) => name);
  return [...new Set(named)].map((name) => `packages/core/dist-test/${name}.js`);
}

/** The test that shows the element best: of those that executed it, the one with the least, and the most common, besides. */
function shownBy(key) {
  const tests = evidence
    .map((candidates) => candidates.filter(({ keys }) => keys.includes(key)))
    .find(({ length }) => length > 0);
  if (tests === undefined) {
    problems.push(`no test executes: ${key}`);
    return '';
  }
  const besides = ({ keys }) =>
    keys.reduce((sum, other) => (other === key ? sum : sum + 1 / (1 + (frequency.get(other) ?? 0))), 0);
  const [best] = tests.sort((a, b) => besides(a) - besides(b) || compareTexts(a, b));
  return `[${best.title.replace(/[[\]|]/g, '\\$&')}](../${best.file})`;
}

function compareTexts(a, b) {
  return a.file + a.title < b.file + b.title ? -1 : 1;
}

async function render() {
  const positions = Object.entries(POSITIONS);
  const events = [];
  for (const [position, about] of positions) events.push('', `### ${about.title}`, '', ...(await eventTable(position)));
  noteUnlisted();
  return [
    '<!-- Written by scripts/bpmn-coverage.mjs from what the conformance cases and the tests of the core have executed. -->',
    '# Which elements of BPMN run',
    '',
    'Clauses are those of BPMN 2.0.2. *runs*: the tests named beside it, among others, executed the element, and pass. *refused*: a model that has',
    'it is not deployed; the finding is named. Nothing that would change what runs is deployed and then ignored.',
    ...Object.entries(SECTIONS).flatMap(([title, rows]) => [
      '',
      `## ${title}`,
      '',
      ...table(Object.entries(rows).map(elementRow)),
    ]),
    '',
    '## Events',
    '',
    ...matrix(),
    ...events,
    '',
    '## What else BPMN has',
    '',
    '| element | status | BPMN |',
    '| --- | --- | --- |',
    ...(await Promise.all(OTHER_ELEMENTS.map(otherRow))),
    '',
  ].join('\n');
}

function table(rows) {
  return ['| element | status | BPMN | shown by |', '| --- | --- | --- | --- |', ...rows];
}

function words(key) {
  return key.replace('sub-process', 'sub=process').replaceAll('-', ' ').replace('=', '-');
}

function elementRow([key, clause]) {
  const spoken = NAMES[key] ?? words(key);
  if (SUPPORTED_ELEMENTS[key] === false) return `| ${spoken} | refused: \`unsupported-element\` | ${clause} | |`;
  return `| ${spoken} | runs | ${clause} | ${shownBy(key)} |`;
}

/** Every trigger in every position. */
function matrix() {
  const sign = (position, trigger) =>
    ({ true: '✓', false: 'refused' })[SUPPORTED_ELEMENTS[`${position} ${trigger}`]] ?? '';
  const columns = Object.keys(POSITIONS);
  return [
    `| | ${columns.map((position) => words(position)).join(' | ')} |`,
    `| --- | ${columns.map(() => '---').join(' | ')} |`,
    ...TRIGGERS.map(
      (trigger) => `| ${words(trigger)} | ${columns.map((position) => sign(position, trigger)).join(' | ')} |`,
    ),
    '',
    'An empty cell: BPMN has no such event.',
  ];
}

async function eventTable(position) {
  const { clause, throws = false, optional = [] } = POSITIONS[position];
  const rows = [];
  for (const trigger of TRIGGERS) {
    if (throws && trigger === 'parallel-multiple') continue;
    const key = `${position} ${trigger}`;
    if (SUPPORTED_ELEMENTS[key] !== true) {
      rows.push(
        `| ${words(trigger)} | ${refusal(await firstError(eventModel(position, trigger)), key)} | ${clause} | |`,
      );
      continue;
    }
    for (const how of optional.includes(trigger) ? [', interrupting', ', not interrupting'] : ['']) {
      rows.push(`| ${words(trigger)}${how} | runs | ${clause} | ${shownBy(`${key}${how}`)} |`);
    }
  }
  return table(rows);
}

function refusal(code, what) {
  if (code === undefined) problems.push(`neither runs nor is refused: ${what}`);
  return `refused: \`${code}\``;
}

async function otherRow({ name, clause, otherwise, xml }) {
  const code = await firstError(xml);
  const status = code === undefined && otherwise !== undefined ? otherwise : refusal(code, name);
  return `| ${name} | ${status} | ${clause} |`;
}

async function firstError(xml) {
  const { findings } = compileModel(await parseModel(xml));
  return findings.find(({ severity }) => severity === 'error')?.code;
}

/** A new line in the engine's table needs a place in the document. */
function noteUnlisted() {
  const rows = new Set([
    ...Object.values(SECTIONS).flatMap((section) => Object.keys(section)),
    ...Object.keys(POSITIONS).flatMap((position) => TRIGGERS.map((trigger) => `${position} ${trigger}`)),
  ]);
  const unlisted = Object.keys(SUPPORTED_ELEMENTS).filter((key) => !rows.has(key));
  problems.push(...unlisted.map((key) => `no row in scripts/bpmn-coverage/elements.mjs for: ${key}`));
}
