/**
 * Freezes what users build on: the public types of the packages (stability/api) and what goes over the wire
 * (stability/wire: the OpenAPI document, and requests, answers and notifications of a fixed story).
 *
 * Without arguments it writes the files: a deliberate change, which the review sees as a difference. With `--check` it fails
 * where the packages say something else than the files.
 */
import { mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { publicApi } from './stability/public-api.mjs';
import { wireExchanges } from './stability/wire-exchanges.mjs';

const FOLDER = 'stability';
const checking = process.argv.includes('--check');

const files = await snapshots();
const changed = [...files].filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
if (checking) changed.forEach(tell);
else changed.forEach(write);
console.log(`${files.size} files, ${changed.length} ${checking ? 'changed' : 'written'}`);
process.exitCode = checking && changed.length > 0 ? 1 : 0;

async function snapshots() {
  const { openapi, exchanges, notifications } = await wireExchanges();
  const wire = { openapi, exchanges, notifications };
  return new Map([
    ...[...publicApi()].map(([name, text]) => [path.posix.join(FOLDER, 'api', name), text]),
    ...Object.entries(wire).map(([name, value]) => [
      path.posix.join(FOLDER, 'wire', `${name}.json`),
      `${JSON.stringify(value, null, 1)}\n`,
    ]),
  ]);
}

function write([file, text]) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Names the first line that differs. */
function tell([file, text]) {
  const frozen = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const lines = text.split('\n');
  const index = lines.findIndex((line, position) => line !== frozen[position]);
  const at = index < 0 ? frozen.length : index;
  console.error(
    `${file}:${at + 1} is not what it was\n  frozen: ${frozen[at] ?? '(nothing)'}\n  now:    ${lines[at] ?? '(nothing)'}`,
  );
  console.error('If that is wanted: `npm run stability`, and say in CHANGELOG.md what changes for users.');
}
