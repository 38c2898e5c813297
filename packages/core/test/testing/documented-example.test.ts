/** The example of docs/testing.md, run as its reader would: as a file of its own, under a test runner. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const DOCUMENT = readFileSync(path.join(REPOSITORY, 'docs/testing.md'), 'utf8');
const EXAMPLE = /```js\n([^]+?)```\n\nIt prints\n\n```\n([^]+?)```/.exec(DOCUMENT);
const NODE_TEST = "import { describe, it } from 'node:test';\n";
const MOCHA = path.join(REPOSITORY, 'node_modules/mocha/bin/mocha.js');

const run = promisify(execFile);

describe('The example of the test kit', function () {
  this.timeout(20_000);
  let folder: string;

  beforeEach(() => {
    // Inside the repository, so that the packages are found.
    const parent = path.join(REPOSITORY, '.cache/testing');
    mkdirSync(parent, { recursive: true });
    folder = mkdtempSync(path.join(parent, 'example-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function output(code: string, args: readonly string[]): Promise<string> {
    const file = path.join(folder, 'renewal.test.mjs');
    writeFileSync(file, code);
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_V8_COVERAGE: undefined };
    const { stdout } = await run(process.execPath, [...args, file], { cwd: folder, env, timeout: 15_000 });
    return stdout;
  }

  const [, code = '', printed = ''] = EXAMPLE ?? [];

  it('is found in the document', () => {
    expect(code.startsWith(NODE_TEST)).to.equal(true);
    expect(printed).to.contain('renewal');
  });

  it('runs under node:test as it stands', async () => {
    const text = await output(code, ['--test', '--test-reporter=tap']);
    expect(text)
      .to.match(/^# pass 1$/m)
      .and.match(/^# fail 0$/m);
    for (const line of printed.trim().split('\n')) expect(text).to.contain(line.trim());
  });

  it('runs under mocha without its first line', async () => {
    const text = await output(code.replace(NODE_TEST, ''), [MOCHA, '--no-config', '--reporter', 'spec']);
    expect(text).to.contain('1 passing').and.to.contain(printed.trim());
  });
});
