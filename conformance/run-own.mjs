#!/usr/bin/env node
/**
 * Runs the cases of `own/`, which this repository adds to those of `cases/` in the same form. All run in this process, a few
 * side by side, each on an engine of its own.
 *
 *   node conformance/run-own.mjs [part of an id or category]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Driver from './driver.mjs';
import { execCase } from './lib/exec.mjs';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'own');
const AT_ONCE = 4;
const TIMEOUT = 60_000;

const [wanted = ''] = process.argv.slice(2);
const files = readdirSync(FOLDER, { recursive: true })
  .filter((file) => file.endsWith('.json') && file.includes(wanted))
  .sort();

/** Undefined where the case passes, else why not. */
async function problemOf(file) {
  const scenario = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
  const models = scenario.models ?? [file.replace('.json', '.bpmn').split('/').pop()];
  const xmls = models.map((name) => readFileSync(join(FOLDER, dirname(file), name), 'utf8'));
  const driver = new Driver();
  try {
    await driver.init();
    await withinTime(execCase(scenario, xmls, driver));
    return undefined;
  } catch (error) {
    return `FAIL ${scenario.id}  ${scenario.title}\n     ${error.message}`;
  } finally {
    await driver.dispose();
  }
}

function withinTime(run) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result within ${TIMEOUT} ms`)), TIMEOUT);
  });
  return Promise.race([run, late]).finally(() => clearTimeout(timer));
}

const problems = [];
const queue = [...files];
async function work() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const problem = await problemOf(file);
    if (problem !== undefined) problems.push(problem);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
for (const problem of problems) console.log(problem);
console.log(`${files.length - problems.length} passed, ${problems.length} failed`);
process.exit(problems.length === 0 ? 0 : 1);
