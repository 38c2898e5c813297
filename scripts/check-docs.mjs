/**
 * Runs the examples of the pages in `docs`, each with an engine in its own process and with one on a server: what stands in
 * a block after `<!-- file engine.js -->` in `docs/setup` is what they import. Checks that their routes and links exist.
 *
 * - `<!-- example, prints TEXT -->`: the block ends without an error, and what it prints contains the text.
 *
 * Arguments: pages to check instead of all.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BASE_PATHS, ROUTES } from '@process-engine/contracts/http';
import { Program } from './run-program.mjs';
import { runChecks } from './sample-checks.mjs';
import { filesUnder } from './workspaces.mjs';

const EXAMPLE = /<!-- example, prints (?<expected>.+) -->\n```js\n(?<code>[^]+?)```/g;
const ENGINE = /<!-- file engine\.js -->\n```js\n(?<code>[^]+?)```/;
const ADDRESS = 'http://127.0.0.1:8000';
/** Inside the repository, so that the packages are found. */
const SNIPPETS = '.cache/docs';

const folder = mkdtempSync(path.join(tmpdir(), 'docs-'));
const pages = process.argv.length > 2 ? process.argv.slice(2) : filesUnder('docs', '.md');
try {
  await runChecks(async (check) => {
    for (const page of pages) {
      const text = readFileSync(page, 'utf8');
      await check(`${page}: links and routes lead somewhere`, () => {
        for (const [, target] of text.matchAll(/\]\((?!http)([^)#]+)/g))
          assert.ok(existsSync(path.join(path.dirname(page), target)), `there is no ${target}`);
        for (const [, method, route] of text.matchAll(/`(GET|POST|PUT|DELETE) (\/[\w/:]+)`/g))
          assert.ok(isRoute(method, route), `there is no route ${method} ${route}`);
      });
    }
    await withServer(async (url) => {
      const engines = {
        'in process': engineOf('internal'),
        'over HTTP': engineOf('external').replaceAll(ADDRESS, url),
      };
      for (const [way, engine] of Object.entries(engines)) await runExamples(check, way, engine);
    });
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(SNIPPETS, { recursive: true, force: true });
}

/** Any base path will do: pages say once which one theirs is. */
function isRoute(method, route) {
  return ROUTES.some((row) =>
    ['', BASE_PATHS[row.api]].some((base) => row.method === method.toLowerCase() && `${base}${row.path}` === route),
  );
}

function engineOf(way) {
  const page = readFileSync(`docs/setup/${way}-engine.md`, 'utf8');
  return ENGINE.exec(page).groups.code;
}

async function withServer(use) {
  const server = new Program(['scripts/start.mjs', '--port', '0', '--data', folder]);
  try {
    const [, url] = await server.printed(/The process engine is at (\S+) /);
    await use(url);
  } finally {
    await server.stop('SIGTERM');
  }
}

async function runExamples(check, way, engine) {
  mkdirSync(SNIPPETS, { recursive: true });
  writeFileSync(path.join(SNIPPETS, 'engine.js'), engine);
  writeFileSync(path.join(SNIPPETS, 'package.json'), '{ "type": "module" }');
  for (const page of pages) {
    const text = readFileSync(page, 'utf8');
    const examples = [...text.matchAll(EXAMPLE)];
    assert.equal(examples.length, text.match(/<!-- example/g)?.length ?? 0, `${page}: all examples are found`);
    for (const [index, { groups }] of examples.entries()) {
      await check(`${page}: example ${index + 1} ${way}`, async () => {
        const file = path.join(SNIPPETS, 'example.js');
        writeFileSync(file, groups.code);
        const program = new Program([file]);
        assert.equal(await program.end(), 0, program.output);
        assert.ok(program.output.includes(groups.expected), program.output);
      });
    }
  }
}
