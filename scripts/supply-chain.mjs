/** Writes what a release brings along: an SBOM (CycloneDX) and the licences of the server's production tree, to `release/`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const FOLDER = path.join(ROOT, 'release');
const PERMISSIVE =
  /^\(?(MIT|MIT-0|ISC|BSD|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0)\b/;

const sbom = execFileSync(
  'npm',
  ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--workspace', 'packages/server'],
  { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
const { components } = JSON.parse(sbom);
const rows = components
  .map(({ group, name, version, licenses = [] }) => ({
    name: `${group === undefined || name.startsWith(group) ? '' : `${group}/`}${name}@${version}`,
    licence:
      licenses.map(({ license, expression }) => expression ?? license.id ?? license.name).join(' AND ') || 'unknown',
  }))
  .sort((left, right) => (left.name < right.name ? -1 : 1));
mkdirSync(FOLDER, { recursive: true });
writeFileSync(path.join(FOLDER, 'sbom.cdx.json'), sbom);
writeFileSync(path.join(FOLDER, 'licences.txt'), rows.map(({ name, licence }) => `${licence}\t${name}\n`).join(''));
const others = rows.filter(({ licence }) => !PERMISSIVE.test(licence));
console.log(`${rows.length} packages, ${others.length} without a permissive licence; written to release/`);
for (const { name, licence } of others) console.error(`${licence}: ${name}`);
process.exitCode = others.length === 0 ? 0 : 1;
