import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { DATABASES } from './support/databases.mjs';
import { Engine, god } from './support/engine.mjs';

const run = promisify(execFile);
const FOLDER = path.join(import.meta.dirname, '..', 'openapi');
const GENERATED = path.join(FOLDER, '.generated');
const SAMPLE = readFileSync(new URL('../../samples/processes/sample_process.bpmn', import.meta.url), 'utf8');
const COMPILER = path.join(FOLDER, '..', '..', 'node_modules', 'typescript-7', 'bin', 'tsc');

describe('A client generated from the OpenAPI document', function () {
  this.timeout(120_000);
  const engine = new Engine();
  before(async () => {
    await engine.open(await DATABASES.SQLite());
    await engine.deploy(SAMPLE);
    mkdirSync(GENERATED, { recursive: true });
  });
  after(async () => {
    await engine.close();
    rmSync(GENERATED, { recursive: true, force: true });
  });

  it('in TypeScript passes the type check and does the sample script', async () => {
    const document = path.join(GENERATED, 'openapi.json');
    writeFileSync(document, await (await fetch(`${engine.url}/openapi.json`)).text());
    const generator = path.join(FOLDER, '..', 'node_modules', 'oazapfts', 'dist', 'cli.js');
    await run(process.execPath, [generator, document, path.join(GENERATED, 'client.ts')]);
    writeFileSync(path.join(GENERATED, 'package.json'), '{"type": "module"}');
    await run(process.execPath, [COMPILER, '-p', FOLDER]);
    await doesTheScript(process.execPath, path.join(GENERATED, 'out', 'sample-script.js'));
  });

  it('in Python does the sample script', async function () {
    const python = await firstThatRuns('python3', 'python');
    if (python === undefined) {
      process.stdout.write('      skipped: there is no Python 3 on this machine\n');
      this.skip();
    }
    await doesTheScript(python, path.join(FOLDER, 'sample_script.py'));
  });

  async function doesTheScript(program, script) {
    const { stdout } = await run(program, [script, engine.url, god.token], { timeout: 30_000 });
    const [result, ...others] = JSON.parse(stdout);
    expect(others).to.deep.equal([]);
    expect(result).to.deep.include({
      endEventId: 'EndEvent_Success',
      tokenPayload: { form_fields: { TaskWasSuccessful: true } },
    });
  }
});

async function firstThatRuns(...programs) {
  for (const program of programs) {
    const version = await run(program, ['-c', 'import sys; print(sys.version_info[0])']).catch(() => undefined);
    if (version?.stdout.trim() === '3') return program;
  }
  return undefined;
}
