/**
 * Root hooks of mocha: writes, for each file of tests, how long its tests take and which parts of the modules under
 * MUTATION_MODULES they run, to MUTATION_COVERAGE. What runs before the first test counts for all files, as `load`.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = pathToFileURL(process.env.MUTATION_MODULES).href;
const session = new Session();
const files = {};
let current = 'load';

session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** What has run since the last call: by module, the innermost of these ranges says whether a place was run. */
async function take() {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const own = (files[current] ??= { duration: 0, ranges: {} });
  for (const { url, functions } of result) {
    if (!url.startsWith(modules)) continue;
    const ranges = functions.flatMap(({ ranges: all }) =>
      all.map(({ startOffset, endOffset, count }) => [startOffset, endOffset, count]),
    );
    (own.ranges[url.slice(modules.length + 1)] ??= []).push(ranges);
  }
}

export const mochaHooks = {
  async beforeEach() {
    const file = path.relative(process.env.MUTATION_ROOT, this.currentTest.file);
    if (file === current) return;
    await take();
    current = file;
  },
  afterEach() {
    (files[current] ??= { duration: 0, ranges: {} }).duration += this.currentTest.duration ?? 0;
  },
  async afterAll() {
    await take();
    writeFileSync(process.env.MUTATION_COVERAGE, JSON.stringify(files));
  },
};
