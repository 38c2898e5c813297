/** Root hooks for mocha: notes what each test that passes has executed, and writes it to the file EVIDENCE_FILE. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ExecutionRecorder } from './execution-recorder.mjs';

let running;
const passed = new Map();
const recorder = new ExecutionRecorder(() => running);

export const mochaHooks = {
  beforeEach() {
    running = this.currentTest.fullTitle();
  },
  afterEach() {
    const { file, state } = this.currentTest;
    if (state === 'passed') passed.set(running, sourceOf(file));
    running = undefined;
  },
  async afterAll() {
    const evidence = [];
    for (const [title, file] of passed) evidence.push({ title, file, keys: await recorder.keysOf(title) });
    writeFileSync(process.env.EVIDENCE_FILE, JSON.stringify(evidence));
  },
};

/** The compiled file's source, from the root of the repository. */
function sourceOf(file) {
  const relative = path.relative(process.cwd(), file).split(path.sep).join('/');
  return relative.replace('/dist-test/', '/test/').replace(/\.js$/, '.ts');
}
